/**
 * Compiles a pattern in which `*` is any run of characters, slashes among them. It matches names in lower case as a
 * whole, in time that grows with the lengths and not with powers of them: callers write patterns, too.
 */
export function compilePattern(pattern: string): RegExp {
  return compileCaseSensitivePattern(pattern.toLowerCase());
}

/**
 * Compiles a pattern as `compilePattern` does, for names in which capitals mean something else. What stands between two
 * `*` is sought where it comes first, and nowhere else after that.
 *
 * @param pattern of letters, digits, `.`, `_`, `-`, `/` and `*` alone
 */
export function compileCaseSensitivePattern(pattern: string): RegExp {
  const [first = "", ...rest] = pattern.split(/\*+/).map((part) => part.replaceAll(".", "\\."));
  const last = rest.pop();
  if (last === undefined) return new RegExp(`^${first}$`);
  // A lookahead is not gone back into once it was found: with its group repeated, it is an atomic group.
  const between = rest.map((part, index) => `(?=(.*?${part}))\\${index + 1}`);
  return new RegExp(`^${first}${between.join("")}.*${last}$`);
}
