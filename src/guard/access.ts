import type { Access } from "../operation.ts";
import { type ByName, type ByNameSetting, choiceFor } from "./by-name.ts";
import type { GuardedTool } from "./tool.ts";

/** Which level of access is allowed. */
export type AccessPolicy = ByName<Access>;

export const accessSetting: ByNameSetting<Access> = {
  flag: "--allow",
  kind: "level of access",
  choices: ["read", "write", "destructive"],
  fromStrictest: ["read", "write", "destructive"],
  fallback: "read",
};

const ranks: Record<Access, number> = { read: 0, write: 1, destructive: 2 };

/**
 * Why a tool may not run at all. One that escalates may, with `write`: whether a call of it is grave depends on its
 * arguments and the state of its target, see `escalatedRefusal`.
 *
 * @param by whose policy it is, where it is not this server's
 */
export function accessRefusal(tool: GuardedTool, policy: AccessPolicy, by?: string): string | undefined {
  const allowed = choiceFor(tool, policy);
  if (ranks[tool.access] <= ranks[allowed]) return undefined;
  const grave = `${tool.name} is ${tool.access}, and`;
  if (by !== undefined) return `${grave} ${by} allows ${allowed} for it.`;
  return `${grave} this server allows ${allowed} for it. ${takes(tool, tool.access, policy)}`;
}

/**
 * Why an escalated call may not run.
 *
 * @param reason what makes it as grave as a destructive call, as a sentence
 * @param by whose policy it is, where it is not this server's
 */
export function escalatedRefusal(
  tool: GuardedTool,
  reason: string,
  policy: AccessPolicy,
  by?: string,
): string | undefined {
  const allowed = choiceFor(tool, policy);
  if (allowed === "destructive") return undefined;
  const grave = `${tool.name} with these arguments is as grave as a destructive call: ${reason}`;
  if (by !== undefined) return `${grave} It takes destructive, and ${by} allows ${allowed} for it.`;
  return `${grave} This server allows ${allowed} for it. ${takes(tool, "destructive", policy)}`;
}

function takes(tool: GuardedTool, needed: Access, policy: AccessPolicy): string {
  return `It takes --allow ${needed}, or --allow ${policy.general},${tool.name}=${needed} for this tool alone.`;
}
