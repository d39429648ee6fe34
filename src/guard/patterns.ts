/**
 * Compiles a pattern in which `*` is any run of characters, slashes among them. It matches names in lower case as a
 * whole, in time that grows with the lengths and not with powers of them: callers write patterns, too. What stands between two `*` is
 * sought where it comes first, and nowhere else after that.
 */
export function compilePattern(pattern: string): RegExp {
  const [first = "", ...rest] = pattern
    .toLowerCase()
    .split(/\*+/)
    .map((part) => part.replaceAll(".", "\\."));
  const last = rest.pop();
  if (last === undefined) return new RegExp(`^${first}$`);
  // A lookahead is not gone back into once it was found: with its group repeated, it is an atomic group.
  const between = rest.map((part, index) => `(?=(.*?${part}))\\${index + 1}`);
  return new RegExp(`^${first}${between.join("")}.*${last}$`);
}
