/** The first of the names, and how many more there are: a long list is told within reason. */
export function firstNames(names: readonly string[], most: number): string[] {
  return names.length <= most ? [...names] : [...names.slice(0, most), `… and ${names.length - most} more`];
}
