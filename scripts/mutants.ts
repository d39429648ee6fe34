/**
 * Takes each check of the guard away, one at a time and in a copy of the repository, and runs the tests that must notice.
 * Says which mutants survived, and ends with a failure if any did.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Mutant, mutants } from "./mutants/list.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const copied = [
  "src",
  "tools",
  "test",
  "scripts",
  "docs",
  "dist",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];
const lanes = 2;

async function copyRepository(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "quay-mcp-mutants-"));
  for (const name of copied) await cp(join(root, name), join(copy, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

async function testsPass(copy: string, tests: readonly string[]): Promise<boolean> {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", "--bail", "1", ...tests], {
    cwd: copy,
    stdio: "ignore",
  });
  const [status] = await once(child, "close");
  return status === 0;
}

/** @returns whether the tests noticed it */
async function isKilled(copy: string, { file, text, becomes, tests }: Mutant): Promise<boolean> {
  const path = join(copy, file);
  const whole = await readFile(path, "utf8");
  if (whole.split(text).length !== 2) throw new Error(`${file} does not hold once: ${text}`);
  await writeFile(
    path,
    whole.replace(text, () => becomes),
  );
  try {
    return !(await testsPass(copy, tests));
  } finally {
    await writeFile(path, whole);
  }
}

const begun = performance.now();
const waiting = [...mutants];
const survivors: Mutant[] = [];
await Promise.all(
  Array.from({ length: lanes }, async () => {
    const copy = await copyRepository();
    try {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        if (!(await isKilled(copy, mutant))) survivors.push(mutant);
      }
    } finally {
      await rm(copy, { recursive: true });
    }
  }),
);
for (const { file, text, becomes } of survivors)
  process.stdout.write(`survived: ${file}: ${text} -> ${becomes || "nothing"}\n`);
const seconds = Math.round((performance.now() - begun) / 1000);
process.stdout.write(
  `${mutants.length - survivors.length} of ${mutants.length} mutants killed in ${seconds} s\n`,
);
if (survivors.length > 0) process.exitCode = 1;
