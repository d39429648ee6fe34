import { readFile, stat } from "node:fs/promises";
import { UsageError } from "../errors.ts";

const mostBytes = 256 * 1024;

/**
 * Reads a file in YAML, which JSON is too. Every scalar is the text that was written: a namespace 0123 stays one.
 *
 * @param called what an error calls the file, such as `configuration file`
 * @returns texts, lists and objects; undefined where the file holds nothing
 * @throws UsageError where it cannot be read; it repeats nothing of what the file holds
 */
export async function readYaml(path: string, called: string): Promise<unknown> {
  return parseYaml(await readBounded(path, called), `${called} ${path}`);
}

async function readBounded(path: string, called: string): Promise<string> {
  try {
    const file = await stat(path);
    if (!file.isFile()) throw new UsageError(`The ${called} ${path} is no file.`);
    if (file.size > mostBytes)
      throw new UsageError(`The ${called} ${path} has more than ${mostBytes} bytes.`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new UsageError(`The ${called} ${path} cannot be read (${code}).`);
  }
}

/**
 * The errors of the parser repeat pieces of the file, which may be what nobody should read: only their places and kinds
 * are told.
 */
async function parseYaml(text: string, file: string): Promise<unknown> {
  // The default export: of a bundled CommonJS module, that is the only one.
  const { LineCounter, parseDocument } = (await import("yaml")).default;
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { schema: "failsafe", lineCounter, prettyErrors: false });
  const wrong = [...document.errors, ...document.warnings].map(({ code, pos }) => {
    const { line, col } = lineCounter.linePos(pos[0]);
    return `line ${line}, column ${col} (${code})`;
  });
  if (wrong.length > 0)
    throw new UsageError(`The ${file} is not YAML that can be used: ${wrong.join("; ")}.`);
  if (document.contents === null) return undefined;
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw new UsageError(`The ${file} must not use aliases (*name): write out what they stand for.`);
  }
}
