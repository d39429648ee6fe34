import type { Setting } from "../config.ts";
import { type Advice, asFlags } from "./advice.ts";
import { type ClientConfiguration, layOut } from "./clients.ts";
import type { Examination } from "./examine.ts";
import type { Finding } from "./findings.ts";

/** Everything that is printed. */
export interface DoctorReport extends Examination {
  readonly findings: readonly Finding[];
  readonly advice: Advice;
  readonly clients: readonly ClientConfiguration[];
}

const levels: Readonly<Record<Finding["level"], string>> = {
  ok: "ok",
  note: "note",
  warning: "WARNING",
  problem: "PROBLEM",
};

const longestLine = 110;

const marks = { held: "+", missing: "-", unknown: "?" } as const;

/** These decide what may run: they are explained where they are set. */
const ofGuard: ReadonlySet<string> = new Set([
  "allow",
  "scopes",
  "toolsets",
  "tools",
  "excludeTools",
  "namespaces",
  "protect",
  "confirm",
  "hosts",
  "brake",
  "dryRun",
  "auditLog",
  "secretsDir",
  "revealSecrets",
]);

/** The report for people: aligned, without colours. */
export function reportText(
  report: DoctorReport,
  settings: readonly Setting[],
  given: ReadonlyMap<string, string>,
): string {
  const lines = [
    report.registry.url,
    "",
    ...report.findings.flatMap(({ check, level, message }) =>
      wrapped(message, `  ${check.padEnd(9)} ${levels[level].padEnd(8)} `),
    ),
    ...scopeLines(report),
    ...guardLines(report, settings, given),
    ...adviceLines(report),
  ];
  return `${lines.map(plain).join("\n")}\n`;
}

function scopeLines({ token }: DoctorReport): readonly string[] {
  if (token.state !== "valid") return [];
  return [
    "",
    "Scopes (+ the token has it, - it lacks it, ? not known)",
    ...token.scopes.map(
      ({ scope, verdict, because }) => `  ${marks[verdict]} ${scope.padEnd(12)} ${because}`,
    ),
  ];
}

function guardLines(
  { allowed }: DoctorReport,
  settings: readonly Setting[],
  given: ReadonlyMap<string, string>,
): readonly string[] {
  const { total, tasks, listed, byAccess, lackScope, notOffered } = allowed;
  const counts = Object.entries(byAccess).flatMap(([access, count]) =>
    count === 0 ? [] : `${count} ${access}`,
  );
  const set = settings
    .filter(({ name }) => ofGuard.has(name) && (given.has(name) || name === "allow"))
    .map((setting) => ({
      flags: asFlags(setting, given.get(setting.name) ?? "read").join(" "),
      help: setting.help,
    }));
  const width = Math.max(...set.map(({ flags }) => flags.length));
  return [
    "",
    `Guard: ${listed} of ${total} tools are listed to a client${listed === 0 ? "" : ` (${counts.join(", ")})`}`,
    `  ${total - tasks} operations of Quay's, and ${tasks} tasks that are made of several`,
    ...(lackScope.length === 0 ? [] : [`  ${lackScope.length} of them need a scope that the token lacks`]),
    ...(notOffered.length === 0 ? [] : [`  ${notOffered.length} of them are not offered by the registry`]),
    ...set.map(({ flags, help }) => `  ${flags.padEnd(width)}  ${help}`),
  ];
}

function adviceLines({ advice, clients, findings }: DoctorReport): readonly string[] {
  if (findings.some(({ level }) => level === "problem")) return [];
  return [
    "",
    "Settings to use",
    `  ${advice.flags.map(quoted).join(" ")}`,
    ...(advice.note === null ? [] : wrapped(advice.note, "  ")),
    ...clients.flatMap(({ client, file, note, content }) => [
      "",
      `${client}: ${file}`,
      ...(note === "" ? [] : [`  ${note}`]),
      ...layOut(content)
        .split("\n")
        .map((line) => `  ${line}`),
    ]),
  ];
}

/** A sentence in lines of a bearable length, each below where the first one begins. */
function wrapped(sentence: string, first: string): readonly string[] {
  const lines: string[] = [];
  for (const word of sentence.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < longestLine - first.length)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.map((line, index) => (index === 0 ? first : " ".repeat(first.length)) + line);
}

/** A word of a command line, as a shell takes it. */
const quoted = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Names come from the registry and its certificate: they move no cursor and turn no text around. */
const plain = (line: string) =>
  line.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");
