import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { printNotice } from "../answer/notice.ts";
import { printAnswer } from "../answer/present.ts";
import { readSettings } from "../config.ts";
import { errorText } from "../error-text.ts";
import { UsageError } from "../errors.ts";
import type { Question, Reply } from "../guard/confirmation.ts";
import { isRecord, parseJson } from "../json.ts";
import { createRuntime, type Runtime } from "../runtime.ts";
import type { Given } from "../targets/target.ts";
import { openParts } from "./parts.ts";

/**
 * Makes one call by the same way as a client's: the answer goes to standard output, a failure to standard error. What
 * must be confirmed is asked on the terminal.
 *
 * @returns 0, or 1 where the call failed or was refused
 * @throws UsageError where the program was started wrongly
 */
export async function callOnce(
  name: string,
  json: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  if (flags.answerTokens !== undefined)
    throw new UsageError("--answer-tokens is for assistants: call prints the whole of an answer.");
  const settings = readSettings(flags, process.env);
  const given = parseObject(json === "-" ? await text(process.stdin) : json);
  const { parts, stop } = await openParts(settings);
  try {
    const runtime = createRuntime(settings, { ...parts, caller: "call" });
    return await printOutcome(runtime, name, given).finally(() => runtime.close());
  } finally {
    await stop();
  }
}

async function printOutcome(runtime: Runtime, name: string, given: Given): Promise<number> {
  try {
    process.stdout.write(`${await textOf(runtime, name, given)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    return 1;
  }
}

async function textOf(runtime: Runtime, name: string, given: Given, reply?: Reply): Promise<string> {
  const means = process.stdin.isTTY && process.stderr.isTTY ? "terminal" : "nothing";
  const outcome = await runtime.call(name, given, { means, reply });
  if (outcome.kind === "answer") return printAnswer(outcome.answer);
  if (outcome.kind === "notice") return printNotice(outcome.notice);
  return textOf(runtime, name, given, await askOn(process.stdin, process.stderr, outcome.question));
}

/** Shows a question and reads one line; the end of the input is a cancellation. */
export async function askOn(input: Readable, output: Writable, question: Question): Promise<Reply> {
  const lines = createInterface({ input, output });
  try {
    const ended = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
    const name = await Promise.race([lines.question(`${question.message}\n> `), ended]);
    return { state: question.state, action: name === undefined ? "cancel" : "accept", name };
  } finally {
    lines.close();
  }
}

function parseObject(json: string): Record<string, unknown> {
  const value = parseJson(json);
  if (isRecord(value)) return value;
  // The JSON itself may hold a password, so it is not repeated.
  throw new UsageError(`The arguments must be a JSON object, such as '{"repository": "acme/app"}'.`);
}
