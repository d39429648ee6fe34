/** Writes everything that is generated, and removes the snapshots of what is no more. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { generatedFiles, root, snapshotsThere } from "./docs/files.ts";
import { snapshotFolder } from "./docs/snapshots.ts";

const files = await generatedFiles();
mkdirSync(`${root}${snapshotFolder}`, { recursive: true });
for (const file of snapshotsThere()) if (files[file] === undefined) rmSync(`${root}${file}`);
for (const [file, text] of Object.entries(files)) {
  mkdirSync(dirname(`${root}${file}`), { recursive: true });
  writeFileSync(`${root}${file}`, text);
}
