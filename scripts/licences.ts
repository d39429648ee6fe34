/** The licences of the packages that are bundled, which must go wherever the bundle goes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

/** One text for all packages of which something is in the bundles. */
export function licencesOf(root: string, bundles: readonly Metafile[]): string {
  const folders = bundles.flatMap(({ inputs }) => Object.keys(inputs).flatMap(packageFolder));
  const notices = [...new Set(folders)].sort().map((folder) => noticeOf(join(root, folder)));
  return `quay-mcp contains these packages.\n\n${notices.join(`\n${"-".repeat(80)}\n\n`)}`;
}

function packageFolder(input: string): string[] {
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
  return folder === undefined ? [] : [folder];
}

function noticeOf(folder: string): string {
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as About;
  const { name, version, license, repository, homepage } = about;
  const source = typeof repository === "string" ? repository : (repository?.url ?? homepage ?? "");
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return `${[`${name} ${version} (${license})`, source, ...texts].join("\n\n")}\n`;
}

interface About {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly homepage?: string;
  readonly repository?: string | { readonly url: string };
}
