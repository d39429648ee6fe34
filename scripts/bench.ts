/**
 * `npm run bench`: what the server costs and what it spares. Prints each figure with its bar; the exit status is 1 where one
 * is missed, or could not be measured. `npm run bench -- load search` measures these parts alone.
 */
import { answers } from "./bench/answers.ts";
import { browsing } from "./bench/browsing.ts";
import { load } from "./bench/load.ts";
import { embeddedRegistry } from "./bench/registry.ts";
import { conclude, failed } from "./bench/report.ts";
import { search } from "./bench/search.ts";
import { surfaces } from "./bench/surfaces.ts";

const parts = { surfaces, answers, search, load, browsing, registry: embeddedRegistry };

const chosen = process.argv.slice(2);
for (const [name, measure] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  process.stdout.write(`\n${name}\n`);
  try {
    await measure();
  } catch (error) {
    failed(name, error);
  }
}
conclude();
