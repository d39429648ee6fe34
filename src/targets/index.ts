/** Every kind of thing that calls change, and how a call's target is named and read. */
import type { TargetKind, Tool } from "../operation.ts";
import { shortened } from "../sentences/words.ts";
import { appToken } from "./app-token.ts";
import { application } from "./application.ts";
import { build } from "./build.ts";
import { label } from "./label.ts";
import { logs } from "./logs.ts";
import { member } from "./member.ts";
import { message } from "./message.ts";
import { mirror } from "./mirror.ts";
import { notification } from "./notification.ts";
import { organization } from "./organization.ts";
import { organizationMirror } from "./organization-mirror.ts";
import { permission } from "./permission.ts";
import { policy } from "./policy.ts";
import { prototype } from "./prototype.ts";
import { proxyCache } from "./proxy-cache.ts";
import { quota, quotaLimit } from "./quota.ts";
import { registry } from "./registry.ts";
import { repository } from "./repository.ts";
import { robot } from "./robot.ts";
import { serviceKey } from "./service-key.ts";
import { star } from "./star.ts";
import { tag } from "./tag.ts";
import type { Given, Read, Target, TargetState } from "./target.ts";
import { team } from "./team.ts";
import { teamMember } from "./team-member.ts";
import { trigger } from "./trigger.ts";
import { user } from "./user.ts";

export const targets: Readonly<Record<TargetKind, Target>> = {
  organization,
  member,
  user,
  repository,
  tag,
  label,
  team,
  "team-member": teamMember,
  robot,
  permission,
  prototype,
  application,
  policy,
  quota,
  "quota-limit": quotaLimit,
  notification,
  mirror,
  "organization-mirror": organizationMirror,
  "proxy-cache": proxyCache,
  build,
  trigger,
  "app-token": appToken,
  "service-key": serviceKey,
  message,
  star,
  logs,
  registry,
};

/** A repository's whole name may have 511 characters, and people type it to confirm; a title may be of any length. */
const longestTarget = 600;

/** The target of a call as a person would write it; of a call without one, which only reads, the tool's name. */
export function targetName(tool: Tool, given: Given): string {
  return tool.target === undefined ? tool.name : shortened(targets[tool.target].name(given), longestTarget);
}

/**
 * The target of a call as it is now. Its state has `absent` where it is not there and `present` where it is, so that an
 * undo can tell both from what could not be read.
 *
 * @returns also where nothing could be read: then nobody knows whether it exists, and `unread` says why
 */
export async function readTarget(tool: Tool, given: Given, read: Read): Promise<TargetState> {
  if (tool.target === undefined) return nothing;
  const state = await targets[tool.target].read(given, read, tool);
  if (state.exists === undefined) return state;
  return { ...state, now: { ...state.now, [state.exists ? "present" : "absent"]: true } };
}

const nothing: TargetState = { exists: undefined, identity: undefined, now: {}, preview: {}, unread: [] };
