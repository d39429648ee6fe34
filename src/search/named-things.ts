/** How the names of things look in Quay, and what kind of thing bears such a name. The first that fits counts. */
const shapes: readonly { readonly name: RegExp; readonly is: string }[] = [
  { name: /\S+@\w\S*\.\w+/g, is: "e-mail" },
  { name: /\bsha256:\w+/g, is: "manifest" },
  { name: /\b[\w-]+\+[\w-]+/g, is: "robot" },
  { name: /\b[\w.-]+(?:\/[\w.-]+)+:[\w.-]+/g, is: "repository tag manifest" },
  { name: /\b[\w.-]+(?:\/[\w.-]+)+/g, is: "repository" },
];

/** Takes names such as `acme/app` and `acme+ci` out of a query, and says what they are names of. */
export function namedThings(query: string): { words: string; things: string } {
  let words = query;
  const things: string[] = [];
  for (const { name, is } of shapes) {
    words = words.replace(name, () => {
      things.push(is);
      return " ";
    });
  }
  return { words, things: things.join(" ") };
}
