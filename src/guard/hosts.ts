/** The host that a value sends data to, so that two values can be told to mean the same one or not. */
import { UsageError } from "../errors.ts";

/**
 * Reads `--hosts`: hosts with their port where it is not their scheme's own.
 *
 * @throws UsageError for a word that is no host
 */
export function parseHosts(words: readonly string[]): readonly string[] {
  return words.map((word) => {
    const host = canonicalHost(word);
    if (host === undefined) {
      throw new UsageError(
        `--hosts ${word}: it takes hosts, such as hooks.example.com or hooks.example.com:8443.`,
      );
    }
    return host;
  });
}

/**
 * The host of an argument's value: lower case, IDN in ASCII, without the user's name, a dot at its end, or the port
 * that its scheme has anyway.
 *
 * @param argument a dotted path, whose last name says how the value is written
 * @returns undefined where that cannot be told for sure, which must be taken for a new host
 */
export function hostOf(argument: string, text: string): string | undefined {
  if (/email$/.test(argument)) return hostOfAddress(text);
  if (/external_reference$/.test(argument)) return hostOfImage(text);
  if (/upstream_registry$/.test(argument)) return hostOfReference(text);
  return hostOfUrl(text);
}

/** Quay reads the part behind the `@`, and where there are two of them, not always the last. */
function hostOfAddress(text: string): string | undefined {
  const domain = /^[^\s@,;<>"()]+@([^\s@,;<>"():[\]]+)$/.exec(text)?.[1];
  return domain === undefined ? undefined : canonicalHost(domain);
}

/** As container tools read a reference: what stands before the first slash is a host only if it looks like one. */
function hostOfImage(text: string): string | undefined {
  const first = text.split("/")[0] ?? "";
  const isHost = text.includes("/") && (/[.:A-Z]/.test(first) || first === "localhost");
  return isHost ? hostOfReference(text) : "docker.io";
}

/** `host/namespace/…`, without a scheme. */
function hostOfReference(text: string): string | undefined {
  const [host = ""] = text.split("/");
  return text.includes("://") ? undefined : canonicalHost(host);
}

/**
 * Parsers differ over URLs that are not plain: this one takes a backslash for a slash and leaves line ends out, and
 * Quay's does not. Such URLs have no host here.
 */
function hostOfUrl(text: string): string | undefined {
  const [, scheme, authority] = /^(https?):\/\/([^/?#]*)(?:[/?#]|$)/i.exec(text) ?? [];
  if (scheme === undefined || authority === undefined || /[\s\\\u0000-\u001f]/.test(text)) return undefined;
  const [host, user, ...more] = authority.split("@").reverse();
  if (host === undefined || more.length > 0 || user === "") return undefined;
  return canonicalHost(host, scheme);
}

/** A name, whose parts must not be empty, or an IPv6 address. */
const hostForm = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/;

function canonicalHost(authority: string, scheme = "https"): string | undefined {
  if (!/^[^\s\\/?#@%]+$/.test(authority)) return undefined;
  const url = `${scheme}://${authority}`;
  if (!URL.canParse(url)) return undefined;
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/\.$/, "");
  if (!hostForm.test(host)) return undefined;
  return port === "" ? host : `${host}:${port}`;
}
