/** How a benchmark says what it measured. */

let missed = 0;

/** Prints a figure with its bar. */
export function report(figure: string, value: number, unit: string, bar: string, holds: boolean): void {
  if (!holds) missed += 1;
  const shown = value >= 100 ? Math.round(value).toString() : value.toFixed(2);
  process.stdout.write(
    `${holds ? "ok  " : "MISS"}  ${figure.padEnd(58)} ${shown.padStart(9)} ${unit.padEnd(14)} ${bar}\n`,
  );
}

/** Says whether every bar holds; the exit status is 1 where one is missed. */
export function conclude(): void {
  process.stdout.write(missed === 0 ? "Every bar holds.\n" : `${missed} missed.\n`);
  process.exitCode = missed === 0 ? 0 : 1;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1]!;
