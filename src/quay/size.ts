/**
 * The bytes of a size as quotas take it: `20 GiB`, `20 Gi`, `20 GB`, `20G`, or a bare number. Units without an i are
 * powers of 1000.
 *
 * @returns undefined for units that the library behind Quay does not know: `B` by itself, `ZiB` and `YiB`
 */
export function bytesOfSize(text: string): number | undefined {
  const [, number = "", letter = "", binary = "", byte = ""] =
    /^(\d+)\s?([KMGTPEZY]?)(i?)(B?)$/.exec(text.trim()) ?? [];
  const power = "KMGTPEZY".indexOf(letter) + 1;
  if (number === "" || (letter === "" && byte !== "")) return undefined;
  if (binary !== "" && power > "KMGTPE".length) return undefined;
  return Number(number) * (binary === "" ? 1000 : 1024) ** (letter === "" ? 0 : power);
}
