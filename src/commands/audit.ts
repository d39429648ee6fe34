import { type Chain, type Verification, verifyAudit } from "../audit/verify.ts";
import { codeOf, UsageError } from "../errors.ts";

/**
 * Checks an audit log and says what it found on standard output.
 *
 * @returns 0 where every chain is whole and has its end, 1 where lines were changed, removed, added or moved, 3 where
 *   nothing of that kind is wrong, but an end is missing: the process still runs, was killed, or its last lines were cut off
 */
export async function verify(file: string, lastHashes: readonly string[]): Promise<number> {
  const verification = await verifyAudit(file, lastHashes).catch((error: unknown) => {
    throw new UsageError(`The audit log ${file} cannot be read (${codeOf(error)}).`);
  });
  process.stdout.write(`${report(file, verification).join("\n")}\n`);
  return statusOf(verification);
}

function statusOf({ chains, problems, cut, lost }: Verification): number {
  if (problems.length > 0) return 1;
  return chains.length > 0 && cut.length === 0 && lost === 0 && chains.every(({ ended }) => ended) ? 0 : 3;
}

function report(file: string, { chains, problems, cut, lost }: Verification): string[] {
  const lines = chains.reduce((sum, chain) => sum + chain.lines, 0);
  return [
    `${file}: ${count(lines, "line")} of ${count(chains.length, "process", "processes")}.`,
    ...problems,
    ...cut.map(
      (number) => `Line ${number} was cut while it was written, as when a process is killed or a disk full.`,
    ),
    ...(lost === 0 ? [] : [`${count(lost, "line")} could not be written, as the lines after them say.`]),
    ...chains.map(chainInWords),
    ...chains.flatMap(({ open }) =>
      open.map(
        ({ time, tool, target }) =>
          `${time} ${tool}${target === undefined ? "" : ` ${JSON.stringify(target)}`} was announced and its outcome not recorded: it may have happened.`,
      ),
    ),
    problems.length > 0
      ? "The log was tampered with or damaged."
      : "No line was changed, removed, added or moved.",
  ];
}

function chainInWords({ chain, lines, from, to, ended, last }: Chain): string {
  const end = ended
    ? `ends with ${last}`
    : "has no end: the process still runs or was killed, or the last lines were cut off";
  return `${chain}: ${count(lines, "line")}, ${from} to ${to}, ${end}.`;
}

function count(number: number, one: string, more = `${one}s`): string {
  return `${number} ${number === 1 ? one : more}`;
}
