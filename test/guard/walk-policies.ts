/** The policies that every operation is walked under, as data: what each keeps back, and what it lets through by which rule. */
import { confinementOf } from "../../src/guard/fence.ts";
import { satisfies, withIncluded } from "../../src/guard/scopes.ts";
import type { Tool } from "../../src/operation.ts";
import { catalogue } from "../../tools/index.ts";

/** A call of an operation, with arguments that Quay would accept. */
export interface WalkedCall {
  readonly tool: Tool;
  readonly given: Readonly<Record<string, unknown>>;
  /** It is destructive, or escalates with these arguments. */
  readonly isGrave: boolean;
}

export interface WalkedPolicy {
  readonly title: string;
  /** Environment variables beside those that let everything through. */
  readonly settings: Readonly<Record<string, string>>;
  /** The rule by which it lets a call through; undefined where it keeps it back. */
  readonly lets: (call: WalkedCall) => string | undefined;
  readonly says: RegExp;
  /** It needs to know nothing of the registry. */
  readonly asksNothing: boolean;
}

/** Lets everything through. */
export const open = {
  QUAY_MCP_ALLOW: "destructive",
  QUAY_MCP_CONFIRM: "never",
  QUAY_MCP_BRAKE: "0",
  QUAY_MCP_REVEAL_SECRETS: "true",
};

const isRead = ({ tool }: WalkedCall) => (tool.access === "read" ? "it only reads" : undefined);

const isNotGrave = (call: WalkedCall) =>
  isRead(call) ?? (call.isGrave ? undefined : "a plain write is not asked about");

/** Rather by the arguments than by the guard's own table. */
function leavesRepositoriesAlone({ tool, given }: WalkedCall): string | undefined {
  const { reachesRepositories = [] } = tool;
  const reaches = reachesRepositories === true || reachesRepositories.some((argument) => argument in given);
  return "repository" in given || reaches ? undefined : "it writes to no repository";
}

export const policies: readonly WalkedPolicy[] = [
  {
    title: "a selection without it",
    settings: { QUAY_MCP_EXCLUDE_TOOLS: catalogue.map(({ name }) => name).join(",") },
    lets: () => undefined,
    says: /--exclude-tools/,
    asksNothing: true,
  },
  {
    title: "access to read",
    settings: { QUAY_MCP_ALLOW: "read" },
    lets: isRead,
    says: /allows read .*--allow/,
    asksNothing: true,
  },
  {
    title: "access to write",
    settings: { QUAY_MCP_ALLOW: "write" },
    lets: isNotGrave,
    says: /allows write .*--allow destructive/,
    asksNothing: false,
  },
  {
    title: "scopes that do not suffice",
    settings: { QUAY_MCP_SCOPES: "repo:create" },
    lets: ({ tool }) =>
      satisfies(withIncluded(["repo:create"]), tool.scopes)
        ? "repo:create suffices, or nothing is needed"
        : undefined,
    says: /--scopes says/,
    asksNothing: true,
  },
  {
    title: "a fence around another namespace",
    settings: { QUAY_MCP_NAMESPACES: "elsewhere" },
    lets: ({ tool }) =>
      confinementOf(tool) === "catalogue" ? "it tells nothing of any namespace" : undefined,
    says: /confined to --namespaces elsewhere/,
    asksNothing: true,
  },
  {
    title: "protection of every repository",
    settings: { QUAY_MCP_PROTECT: "*/*" },
    lets: (call) => isRead(call) ?? leavesRepositoriesAlone(call),
    says: /--protect \*\/\* makes repositories read-only/,
    asksNothing: true,
  },
  {
    title: "no place for credentials",
    settings: { QUAY_MCP_REVEAL_SECRETS: "false" },
    lets: ({ tool }) => (tool.yieldsCredential ? undefined : "it hands out no credential alone"),
    says: /--secrets-dir/,
    asksNothing: true,
  },
  {
    title: "nobody who could be asked",
    settings: { QUAY_MCP_CONFIRM: "ask" },
    lets: isNotGrave,
    says: /cannot show a form|no terminal/,
    asksNothing: false,
  },
  {
    title: "a dry run",
    settings: { QUAY_MCP_DRY_RUN: "true" },
    lets: isRead,
    says: /"dryRun":true/,
    asksNothing: false,
  },
];
