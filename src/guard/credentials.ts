/** Credentials that a call hands out, and those that it takes, so that neither passes through the conversation. */

import { codeOf, RefusedError, UsageError } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { readSecret, type Secrets, secretName, variableOf } from "../secrets/directory.ts";
import { credentialsIn, fillPlace, leavePlace, openPlace, type Place } from "../secrets/place.ts";
import { cite } from "../sentences/cite.ts";
import { firstNames } from "../sentences/words.ts";
import type { GuardedTool } from "./tool.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * Why a permitted call is not sent all the same: its answer is a credential that Quay shows once, which would be lost
 * or would enter the conversation.
 */
export function credentialRefusal(
  tool: Pick<GuardedTool, "name" | "yieldsCredential">,
  { directory, reveal }: Pick<Secrets, "directory" | "reveal">,
): string | undefined {
  if (tool.yieldsCredential === undefined || directory !== undefined || reveal) return undefined;
  return `${tool.name} is not sent: its answer is a credential that Quay shows once, and credentials do not enter this conversation. It takes --secrets-dir, a directory whose new files keep such credentials, or --reveal-secrets, which shows them. Or do this in Quay's own pages.`;
}

/**
 * Sends a call with a file for its credential made before, and the credential in it after. The answer still holds the
 * credential: it is to be redacted.
 *
 * @returns what was sent back, and beside it a sentence about the file, or about a credential for which there is none
 * @throws RefusedError where no file can be made, before anything was sent; and what `send` throws
 */
export async function sendKeeping<Answer extends { readonly body: unknown }>(
  tool: Pick<Operation, "name" | "yieldsCredential" | "bringsCredential">,
  target: string,
  secrets: Pick<Secrets, "directory" | "reveal">,
  send: () => Promise<Answer>,
): Promise<Answer & { readonly file: string | undefined; readonly hides: string | undefined }> {
  const place = await prepareCredentials(tool, target, secrets);
  const answer = await send().catch(async (error: unknown) => {
    await leaveCredentials(place);
    throw error;
  });
  const file = place && (await keepCredentials(tool, answer.body, place));
  return { ...answer, file, hides: hiddenCredential(tool, answer.body, secrets) };
}

/** That an answer holds a credential which nobody sees, and how to come by it. */
function hiddenCredential(
  { bringsCredential }: Pick<Operation, "bringsCredential">,
  body: unknown,
  { directory, reveal }: Pick<Secrets, "directory" | "reveal">,
): string | undefined {
  if (bringsCredential === undefined || directory !== undefined || reveal) return undefined;
  if (Object.keys(credentialsIn(body)).length === 0) return undefined;
  return "The credential in the answer is hidden: Quay's own pages show it, and with --secrets-dir this server puts such a credential into a new file.";
}

/**
 * Makes the file for the credential that a call will hand out. Then either `keepCredentials` or `leaveCredentials`
 * ends it.
 *
 * @returns undefined for a call that hands out none, or where there is no directory for them
 * @throws RefusedError where no file can be made: nothing may be sent then
 */
export async function prepareCredentials(
  tool: Pick<Operation, "name" | "yieldsCredential" | "bringsCredential">,
  target: string,
  { directory }: Pick<Secrets, "directory">,
): Promise<Place | undefined> {
  if (directory === undefined) return undefined;
  if (tool.yieldsCredential === undefined && tool.bringsCredential === undefined) return undefined;
  try {
    return await openPlace(directory, target === "" ? tool.name : target);
  } catch (error) {
    throw new RefusedError(
      `${tool.name} is not sent: no file for its credential can be made in the secrets directory (${codeOf(error)}). Nothing was sent.`,
    );
  }
}

/** Of the fields that hold credentials. */
const namesTold = 10;

/**
 * Writes the credentials of an answer to the file that was made for them: one alone as it is, several as JSON by their
 * fields. To be called before the answer is redacted.
 *
 * @returns a sentence that names the file; it belongs beside the answer
 */
export async function keepCredentials(
  tool: Pick<Operation, "name">,
  body: unknown,
  place: Place,
): Promise<string> {
  const credentials = credentialsIn(body);
  const [first, ...more] = Object.entries(credentials);
  if (first === undefined) {
    await leaveCredentials(place);
    return "The answer holds no credential, so none was kept.";
  }
  const names = firstNames(
    [first, ...more].map(([name]) => cite(name)),
    namesTold,
  ).join(", ");
  const text = more.length === 0 ? first[1] : JSON.stringify(credentials, null, 2);
  try {
    await fillPlace(place, text.endsWith("\n") ? text : `${text}\n`);
    return `${names}: in the new file ${place.cited}, ${more.length === 0 ? "alone" : "as JSON"}, which only the user of this server can read.`;
  } catch (error) {
    return `${names} could NOT be written to ${place.cited} (${codeOf(error)}), and Quay may not show it again: what ${tool.name} made must be revoked or made anew.`;
  }
}

/** Takes away the file of a call that was not sent or failed. */
export async function leaveCredentials(place: Place | undefined): Promise<void> {
  // An empty file that stays behind harms nobody, and the call's own failure matters more.
  if (place !== undefined) await leavePlace(place).catch(() => undefined);
}

const reference = /^secret:(.*)$/s;

/**
 * Puts the secrets that a call names as `secret:NAME` in their places, in the arguments that take a credential and in
 * no other.
 *
 * @returns a copy of the values, and the secrets, which must be kept out of whatever comes back
 * @throws RefusedError where there is no such secret; it names the setting, and nothing that is secret
 */
export async function resolveSecrets<Given extends Values>(
  tool: Pick<Operation, "name" | "secretArguments">,
  values: Given,
  secrets: Secrets,
): Promise<{ readonly values: Given; readonly sent: readonly string[] }> {
  const sent: string[] = [];
  let resolved = values;
  for (const path of tool.secretArguments ?? []) {
    const keys = path.split(".");
    const [, name] = reference.exec(textAt(resolved, keys) ?? "") ?? [];
    if (name === undefined) continue;
    const secret = await secretNamed(name, tool, path, secrets);
    sent.push(secret);
    resolved = withText(resolved, keys, secret);
  }
  return { values: resolved, sent };
}

async function secretNamed(
  name: string,
  tool: Pick<Operation, "name">,
  path: string,
  secrets: Secrets,
): Promise<string> {
  const refused = (why: string) => new RefusedError(`${tool.name} was not called. "${path}": ${why}`);
  if (!secretName.test(name))
    throw refused("the name after secret: takes letters, digits, dots, hyphens and underscores.");
  const secret = await readSecret(name, secrets).catch((error: unknown) => {
    throw error instanceof UsageError ? refused(error.message) : error;
  });
  if (secret !== undefined) return secret;
  const directory =
    secrets.directory === undefined ? "There is no --secrets-dir" : "The secrets directory has no such file";
  throw refused(
    `there is no ${cite(`secret:${name}`)}. ${directory}, and ${cite(variableOf(name))} is not set.`,
  );
}

function textAt(values: unknown, keys: readonly string[]): string | undefined {
  let current = values;
  for (const key of keys) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Values)[key];
  }
  return typeof current === "string" ? current : undefined;
}

function withText<Given extends Values>(
  values: Given,
  [key = "", ...rest]: readonly string[],
  text: string,
): Given {
  const inner = rest.length === 0 ? text : withText(values[key] as Values, rest, text);
  return { ...values, [key]: inner };
}
