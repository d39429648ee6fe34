import type { Operation } from "../operation.ts";
import { isCredentialName } from "../secrets/names.ts";
import { redactedText, redactText } from "../secrets/text.ts";

declare const redactedBrand: unique symbol;

/** A value of an answer from which the credentials have been taken. Only `redact` makes one, and only these leave the program. */
export interface Redacted {
  readonly value: unknown;
  readonly [redactedBrand]: true;
}

export interface RedactOptions {
  /** Credentials that were sent along, which Quay should not, but might, send back. */
  readonly sent?: readonly string[];
  /** Leaves everything else as it is: the operator's `--reveal-secrets`. */
  readonly reveal?: boolean;
}

/**
 * What is named like a credential and is none, by the name of the object it stands in: the version of a list of
 * addresses, and the uuid by which an app token is revoked.
 */
const harmless: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  resolved_ip: { sync_token: /^\d{1,12}$/ },
  metadata: { app_specific_token: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/ },
};

/** What is left of a secret path below some value. */
interface Remaining {
  readonly keys: readonly string[];
  readonly except: readonly string[];
}

/**
 * Replaces the credentials of an answer: texts under names that Quay uses for credentials, what the operation marks as
 * secret, and what is a credential by its own form, such as a URL with a password. (The server's own token is taken out
 * of the answer where it is read, in `quay/answer.ts`.)
 *
 * @param body a parsed answer; it is changed in place, since nobody else has it and copying it would cost more than
 *   all the rest of a call
 */
export function redact(
  body: unknown,
  { secrets = [] }: Pick<Operation, "secrets">,
  { sent = [], reveal = false }: RedactOptions = {},
): Redacted {
  if (reveal) return { value: sent.length === 0 ? body : withoutSent(body, sent) } as Redacted;
  const marked = secrets.map((secret) => {
    const { path, except } = typeof secret === "string" ? { path: secret, except: [] } : secret;
    return { keys: path.split("."), except };
  });
  const clean = cleaned(body, "", marked);
  return { value: sent.length === 0 ? clean : withoutSent(clean, sent) } as Redacted;
}

function cleaned(current: unknown, name: string, remaining: readonly Remaining[]): unknown {
  if (typeof current === "string") return redactText(current);
  if (typeof current !== "object" || current === null) return current;
  const entries = current as Record<string, unknown>;
  const isList = Array.isArray(current);
  for (const key of Object.keys(entries)) {
    const value = entries[key];
    const rest = remaining.length === 0 ? remaining : below(remaining, key);
    const secret = rest.some(({ keys, except }) => keys.length === 0 && !except.includes(key));
    // The items of a list stand under the list's name.
    const own = isList ? name : key;
    entries[key] = secret || isCredential(own, value, name) ? hidden(value) : cleaned(value, own, rest);
  }
  return current;
}

function below(remaining: readonly Remaining[], key: string): readonly Remaining[] {
  return remaining
    .filter(({ keys: [first] }) => first === key || first === "*")
    .map(({ keys, except }) => ({ keys: keys.slice(1), except }));
}

function isCredential(name: string, value: unknown, parent: string): boolean {
  return (
    typeof value === "string" && isCredentialName(name) && harmless[parent]?.[name]?.test(value) !== true
  );
}

/** Switches and numbers are no credentials; and that nothing is there is no secret either. */
function hidden(value: unknown): unknown {
  const plain = value === null || value === "" || typeof value === "boolean" || typeof value === "number";
  return plain ? value : redactedText;
}

/** Long ones were found in the text of the answer already; a short one may be an ordinary word unless it stands alone. */
function withoutSent(current: unknown, sent: readonly string[]): unknown {
  if (typeof current === "string") return sent.includes(current) ? redactedText : current;
  if (typeof current !== "object" || current === null) return current;
  const entries = current as Record<string, unknown>;
  for (const key of Object.keys(entries)) entries[key] = withoutSent(entries[key], sent);
  return current;
}
