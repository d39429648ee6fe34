/** Every file, or part of one, that is made from the catalogue, the settings and what a client sees. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { guardDocument } from "./guard.ts";
import { withSettings } from "./settings.ts";
import { snapshotFolder, snapshotsOf } from "./snapshots.ts";
import { toolsDocument } from "./tools.ts";
import { clientView } from "./view.ts";

/** The root of the project, with a slash at its end. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The files as they must be, by their path from the root. Takes the built program. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const view = await clientView();
  return {
    "README.md": withSettings(readFileSync(`${root}README.md`, "utf8")),
    "docs/guard.md": guardDocument(),
    "docs/tools.md": toolsDocument(view),
    ...snapshotsOf(view),
  };
}

/** The snapshots that are there, by their path from the root. */
export function snapshotsThere(): string[] {
  return readdirSync(`${root}${snapshotFolder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length));
}
