/** Reads from a built request, as Quay would, which namespaces and repositories it reaches. Knows nothing of tools. */
import type { QuayRequest } from "../../src/quay/request.ts";

export interface Reach {
  /** As they are written, not folded. */
  readonly namespaces: readonly string[];
  /** The namespaces of robots that are named. */
  readonly robots: readonly string[];
  /** `namespace/name`, where the name may go on with what belongs to the operation. */
  readonly repositories: readonly string[];
  /** It acts on the whole registry or on the account of the caller, which has a namespace of its own. */
  readonly beyond: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

export function reachOf({ method, path, body }: QuayRequest): Reach {
  const url = new URL(path, "http://quay");
  const segments = decodeURIComponent(url.pathname)
    .split("/")
    .filter((segment) => segment !== "");
  const [root = "", ...rest] =
    segments[0] === "v2" ? ["repository", ...segments.slice(1)] : segments.slice(2);
  const named = [
    ...inPath(root, rest),
    ...inQuery(root, rest, url),
    ...inBody(`${method} ${root}`, rest, body),
  ];
  const repositories = [...repositoriesInPath(root, rest), ...repositoriesInBody(body)];
  return {
    namespaces: [...named, ...repositories.map((name) => name.split("/")[0] ?? "")],
    robots: robotsIn(segments, body),
    repositories,
    beyond: named.length + repositories.length === 0 || isStarred(url),
  };
}

function inPath(root: string, rest: readonly string[]): string[] {
  const [kind = "", name = ""] = rest;
  if (root === "organization" && kind !== "") return [kind];
  if (root === "users") return [kind];
  const named = ["organization", "organizations", "users", "takeownership"];
  return root === "superuser" && named.includes(kind) && name !== "" ? [name] : [];
}

const isStarred = (url: URL): boolean => /^(true|1)$/.test(url.searchParams.get("starred") ?? "");

function inQuery(root: string, rest: readonly string[], url: URL): string[] {
  const lists = (root === "repository" && rest.length === 0) || root === "entities";
  const namespace = lists ? url.searchParams.get("namespace") : null;
  return namespace === null ? [] : [namespace];
}

function inBody(call: string, rest: readonly string[], body: unknown): string[] {
  if (!isObject(body)) return [];
  const texts: unknown[] = [body.namespace, body.org_name];
  if (call === "POST organization" && rest.length === 0) texts.push(body.name);
  if (call === "PUT superuser" && rest[0] === "organizations") texts.push(body.name);
  if (call === "POST superuser" && rest[0] === "users" && rest.length === 1) texts.push(body.username);
  const target = isObject(body.config) ? body.config.target : undefined;
  if (isObject(target) && target.kind === "org") texts.push(target.name);
  return texts.filter((text) => typeof text === "string");
}

function repositoriesInPath(root: string, rest: readonly string[]): string[] {
  if (root === "repository" && rest.length > 0) return [rest.join("/")];
  return root === "user" && rest[0] === "starred" && rest.length > 1 ? [rest.slice(1).join("/")] : [];
}

function repositoriesInBody(body: unknown): string[] {
  return isObject(body) && typeof body.repository === "string"
    ? [`${body.namespace}/${body.repository}`]
    : [];
}

/** A robot is named by its namespace and a plus, which some letters look like, or turn into. */
const plus = /[+\u2795\ufe62\uff0b]/u;

function robotsIn(segments: readonly string[], body: unknown): string[] {
  const names: unknown[] = [];
  for (const [index, segment] of segments.entries()) {
    const before = segments[index - 1] ?? "";
    const after = (segments[index - 2] ?? "") === "permissions" && before === "user";
    if (after || before === "members") names.push(segment);
  }
  if (isObject(body)) {
    names.push(body.robot_username, body.pull_robot);
    for (const who of [body.delegate, body.activating_user]) if (isObject(who)) names.push(who.name);
    const target = isObject(body.config) ? body.config.target : undefined;
    if (isObject(target)) names.push(target.name);
  }
  return names
    .filter((name) => typeof name === "string")
    .filter((name) => plus.test(name))
    .map((name) => name.split(plus)[0] ?? "");
}
