/**
 * Bundles the program into `dist/` and writes the listing beside it.
 *
 * The bundle is split, so that the server answers its first `tools/list` before zod's schemas of 189 tools and undici
 * are loaded. One alias keeps AJV out of the start: see `src/mcp/sdk-shims.ts`.
 */
import { chmod, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { createWholeListing } from "../src/surface/whole-listing.ts";
import { licencesOf } from "./licences.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const outdir = `${root}dist`;

const common = {
  outdir,
  bundle: true,
  platform: "node",
  target: "node20.19",
  minify: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
} satisfies BuildOptions;

await rm(outdir, { recursive: true, force: true });
const program = await build({
  ...common,
  entryPoints: { main: `${root}src/main.ts` },
  splitting: true,
  format: "esm",
  chunkNames: "[name]-[hash]",
  alias: { "@modelcontextprotocol/server/_shims": `${root}src/mcp/sdk-shims.ts` },
  banner: {
    // Commander and undici are CommonJS and require node's own modules.
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
  },
});
const validator = await build({
  ...common,
  entryPoints: { "json-schema-validator": "@modelcontextprotocol/server/validators/ajv" },
  format: "cjs",
  outExtension: { ".js": ".cjs" },
});
const main = `${outdir}/main.js`;
await writeFile(`${outdir}/listing.json`, JSON.stringify(createWholeListing()));
await writeFile(`${outdir}/LICENCES.txt`, licencesOf(root, [program.metafile, validator.metafile]));
await chmod(main, 0o755);
