/** How a benchmark says what it measured. */

let missed = 0;

/** Prints a figure with its bar, if it has one. */
export function report(figure: string, value: number, unit: string, bar = "", holds = true): void {
  if (!holds) missed += 1;
  const shown = value >= 100 ? Math.round(value).toString() : value.toFixed(2);
  process.stdout.write(
    `${holds ? "ok  " : "MISS"}  ${figure.padEnd(66)} ${shown.padStart(9)} ${unit.padEnd(14)} ${bar}\n`,
  );
}

/** Prints what was measured of two sizes, and how many times the second is the first. */
export function reportRatio(figure: string, [one, other]: readonly number[], names: readonly string[]): void {
  report(`  ${figure}, ${names[0]}`, one!, "ms");
  report(`  ${figure}, ${names[1]}`, other!, "ms");
  const ratio = other! / one!;
  report(`${figure}, ${names[1]}`, ratio, `x ${names[0]}`, "<= 2", ratio <= 2);
}

/** Says that a part could not be measured. */
export function failed(part: string, error: unknown): void {
  missed += 1;
  process.stdout.write(`MISS  ${part}: ${error instanceof Error ? error.stack : error}\n`);
}

/** Says whether every bar holds; the exit status is 1 where one is missed. */
export function conclude(): void {
  process.stdout.write(missed === 0 ? "\nEvery bar holds.\n" : `\n${missed} missed.\n`);
  process.exitCode = missed === 0 ? 0 : 1;
}

/** The middle of measured values. */
export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1]!;
