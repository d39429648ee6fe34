/**
 * Addresses of other registries, as mirrors and proxy caches name them. They are judged as Quay judges them
 * (`util/security/ssrf.py`), but nothing leaves this registry: whatever could be reached counts as reached. On loopback the
 * other registry can only be one like this, whose users all have the password `password`.
 */
import { BlockList, isIP } from "node:net";
import { invalidRequest, refuse } from "./answers.ts";

/** Networks that nobody outside may have asked for, but loopback: there other registries are tried. */
const networks: readonly (readonly [address: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  ["fc00::", 7],
  ["fe80::", 10],
  ["2001:db8::", 32],
];
const blocked = new BlockList();
for (const [address, prefix] of networks) {
  blocked.addSubnet(address, prefix, address.includes(":") ? "ipv6" : "ipv4");
}

const hostPattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** Names that are set aside for examples, tests and local networks have no address anywhere. */
export const hasNoAddress = (host: string): boolean =>
  /(^|\.)(example\.(com|org|net)|example|invalid|test|internal|local)$/i.test(host);
/** Where the only other registry is one like this. */
export const isLoopback = (host: string): boolean => /^(localhost|127\.[\d.]+|::1)$/i.test(host);

export type Judgement = "good" | "blocked" | "unresolvable";

/** Whether Quay would ask a host: not where its address is one of no public network, or there is none. */
export function judge(host: string): Judgement {
  const version = isIP(host);
  if (version !== 0) return blocked.check(host, version === 6 ? "ipv6" : "ipv4") ? "blocked" : "good";
  return hasNoAddress(host) ? "unresolvable" : "good";
}

function checkHost(host: string, what: string): void {
  const judgement = judge(host);
  if (judgement === "blocked") refuse(invalidRequest(`The provided registry ${what} is not allowed`));
  if (judgement === "unresolvable") refuse(invalidRequest(`Cannot resolve hostname '${host}'`));
}

/** What is wrong with the form of a reference, in Quay's words after "External registry reference". */
const referenceRules: readonly (readonly [pattern: RegExp, problem: string])[] = [
  [/^\s*$/, "is required"],
  [/\s/, "must not include whitespace"],
  [/:\/\//, "must not include a URL scheme"],
  [/[?#\\%]/, "contains an invalid character"],
  [/^[^/]*$|^\/|^[^/]*\/$/, "must include a repository path"],
  [/^[^/[]*:[^/]*:/, "contains an invalid registry authority"],
  [/^[^/]*:\//, "contains an invalid registry port"],
];

/** Refuses a mirror's source, `host[:port]/namespace/name`, that Quay would not ask. */
export function checkReference(reference: string): void {
  const broken = referenceRules.find(([pattern]) => pattern.test(reference));
  if (broken !== undefined) refuse(invalidRequest(`External registry reference ${broken[1]}`));
  const host = /^\[(.*?)\]|^[^/:]*/.exec(reference)!;
  const name = host[1] ?? host[0];
  if (isIP(name) === 0 && !hostPattern.test(name)) {
    refuse(invalidRequest("External registry reference must include a valid registry hostname"));
  }
  checkHost(name, "location");
}

/** Refuses the URL of a registry that Quay would not ask. */
export function checkRegistryUrl(text: string): void {
  const url = text.trim();
  if (url === "") refuse(invalidRequest("External registry URL is required"));
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1] ?? "";
  if (!/^https?$/i.test(scheme)) {
    refuse(invalidRequest(`Invalid URL scheme '${scheme}': only HTTP and HTTPS are allowed`));
  }
  if (/^[^:]*:\/\/[^/?#]*@/.test(url)) {
    refuse(invalidRequest("URLs with embedded credentials are not allowed"));
  }
  const host = hostOf(url);
  if (host === "") refuse(invalidRequest("URL must include a hostname"));
  checkHost(host, "URL");
}

/** The host of a URL; empty where there is none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : "";
}
