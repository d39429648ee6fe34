/** The table of settings in the README. */
import { settings } from "../../src/config.ts";
import { tableOf } from "./markdown.ts";

const begin = "<!-- settings: written by npm run docs -->\n";
const end = "<!-- /settings -->";

/** The README with the table as it must be. */
export function withSettings(readme: string): string {
  const [before = "", rest = ""] = readme.split(begin);
  const after = rest.slice(rest.indexOf(end));
  const table = tableOf(
    ["flag", "variable", "meaning"],
    settings.map(({ flag, value, environment, secret, help }) => [
      secret ? "" : `\`${flag}${value === undefined ? "" : ` ${value}`}\``,
      `\`${environment}\``,
      help,
    ]),
  );
  return `${before}${begin}\n${table}\n\n${after}`;
}
