/**
 * Compiles a pattern in which `*` is any run of characters, slashes among them. It matches names in lower case as a
 * whole.
 */
export function compilePattern(pattern: string): RegExp {
  const parts = pattern.toLowerCase().split(/\*+/);
  return new RegExp(`^${parts.map((part) => part.replaceAll(".", "\\.")).join(".*")}$`);
}
