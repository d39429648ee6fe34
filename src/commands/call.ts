import { text } from "node:stream/consumers";
import { presentAnswer } from "../answer/present.ts";
import { readSettings } from "../config.ts";
import { errorText } from "../error-text.ts";
import { UsageError } from "../errors.ts";
import { createRuntime } from "../runtime.ts";
import { connect } from "./connect.ts";

/**
 * Makes one call by the same way as a client's: the answer goes to standard output, a failure to standard error.
 *
 * @returns 0, or 1 where the call failed or was refused
 */
export async function callOnce(
  name: string,
  json: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const settings = readSettings(flags, process.env);
  const given = parseObject(json === "-" ? await text(process.stdin) : json);
  const { connection, stop } = await connect(settings);
  const runtime = createRuntime(settings, connection);
  try {
    process.stdout.write(`${presentAnswer(await runtime.call(name, given))}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    return 1;
  } finally {
    await runtime.close();
    await stop();
  }
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below: the JSON itself may hold a password, so it is not repeated.
  }
  throw new UsageError(`The arguments must be a JSON object, such as '{"repository": "acme/app"}'.`);
}
