import { isCredentialParameter } from "./names.ts";

/** What stands in place of a credential. */
export const redactedText = "[redacted]";

/** `https://user:password@host`, up to the last `@` before the path. */
const userinfo = /:\/\/[^\s/?#]+@/g;

/** `?name=value`, `&name=value`, `#name=value` */
const parameter = /([?&;#])([\w.~%[\]-]{1,80})=([^\s&;#"'<>]+)/g;

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/**
 * Takes out of a text what is a credential by its own form, wherever it stands: user names and passwords in URLs, the
 * parameters of signed URLs, private keys.
 */
export function redactText(text: string): string {
  let redacted = text;
  if (redacted.includes("://")) redacted = redacted.replace(userinfo, `://${redactedText}@`);
  if (redacted.includes("="))
    redacted = redacted.replace(parameter, (all, before: string, name: string) =>
      isCredentialParameter(name) ? `${before}${name}=${redactedText}` : all,
    );
  if (redacted.includes("PRIVATE KEY-----")) redacted = redacted.replace(privateKey, redactedText);
  return redacted;
}
