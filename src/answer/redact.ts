import type { Operation } from "../operation.ts";

/** What stands in place of a credential. */
export const redactedText = "[redacted]";

declare const redactedBrand: unique symbol;

/** A value of an answer from which the credentials have been taken. Only `redact` makes one, and only these leave the program. */
export interface Redacted {
  readonly value: unknown;
  readonly [redactedBrand]: true;
}

/** Names under which Quay hands out credentials: `token`, `token_code`, `client_secret`, `encrypted_password`, … */
const credentialName =
  /(^|[_-])(tokens?|token_code|secrets?|secret_key|passwords?|passwd|private_key|privatekey|api_?key|credentials?)$/i;

/** `https://user:password@host` */
const userinfo = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]+@/gi;

/** What is left of a secret path below some value. */
interface Remaining {
  readonly keys: readonly string[];
  readonly except: readonly string[];
}

/**
 * Replaces the credentials of an answer: texts under names that Quay uses for credentials, what the operation marks as
 * secret, and user names and passwords inside URLs. (The credentials that were sent along are taken out of the answer
 * where it is read, in `quay/answer.ts`.)
 *
 * @param body a parsed answer; it is changed in place, since nobody else has it and copying it would cost more than
 *   all the rest of a call
 */
export function redact(body: unknown, { secrets = [] }: Pick<Operation, "secrets">): Redacted {
  const marked = secrets.map((secret) => {
    const { path, except } = typeof secret === "string" ? { path: secret, except: [] } : secret;
    return { keys: path.split("."), except };
  });
  return { value: clean(body, marked) } as Redacted;
}

function clean(current: unknown, remaining: readonly Remaining[]): unknown {
  if (typeof current === "string")
    return current.includes("://") ? current.replace(userinfo, `$1${redactedText}@`) : current;
  if (typeof current !== "object" || current === null) return current;
  const entries = current as Record<string, unknown>;
  for (const key of Object.keys(entries)) {
    const value = entries[key];
    const rest = remaining.length === 0 ? remaining : below(remaining, key);
    const secret = rest.some(({ keys, except }) => keys.length === 0 && !except.includes(key));
    entries[key] = secret || isCredential(key, value) ? hidden(value) : clean(value, rest);
  }
  return current;
}

function below(remaining: readonly Remaining[], key: string): readonly Remaining[] {
  return remaining
    .filter(({ keys: [first] }) => first === key || first === "*")
    .map(({ keys, except }) => ({ keys: keys.slice(1), except }));
}

function isCredential(key: string, value: unknown): boolean {
  return typeof value === "string" && credentialName.test(key);
}

/** Switches and numbers are no credentials; and that nothing is there is no secret either. */
function hidden(value: unknown): unknown {
  const plain = value === null || value === "" || typeof value === "boolean" || typeof value === "number";
  return plain ? value : redactedText;
}
