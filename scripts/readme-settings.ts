/** Writes the table of settings into the README; the README's test sees that nobody forgot to. */
import { readFileSync, writeFileSync } from "node:fs";
import { settings } from "../src/config.ts";

const file = new URL("../README.md", import.meta.url);
const begin = "<!-- settings: written by scripts/readme-settings.ts -->\n";
const end = "<!-- /settings -->";

/** The README with the table as it must be. */
export function withSettings(readme: string): string {
  const [before = "", rest = ""] = readme.split(begin);
  const after = rest.slice(rest.indexOf(end));
  const rows = settings.map(({ flag, value, environment, secret, help }) => {
    const flagCell = secret ? "" : `\`${flag}${value === undefined ? "" : ` ${value}`}\``;
    return `| ${flagCell} | \`${environment}\` | ${help.replaceAll("|", "\\|")} |`;
  });
  return `${before}${begin}\n| flag | variable | |\n|---|---|---|\n${rows.join("\n")}\n\n${after}`;
}

if (import.meta.filename === process.argv[1]) writeFileSync(file, withSettings(readFileSync(file, "utf8")));
