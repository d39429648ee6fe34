/** Auto-prune policies of organizations, repositories and users: which tags are deleted in the background. */
import { empty, invalidRequest, json, refuse } from "../answers.ts";
import { bodyOf, type Call, type Handlers } from "../call.ts";
import { type Collection, collection, ofCaller, ofOrganization, ofRepository } from "../collection.ts";
import type { Item } from "../state.ts";

interface Body {
  readonly method: string;
  readonly value: number | string;
  readonly tagPattern?: string;
  readonly tagPatternMatches?: boolean;
}

/** An age is any whole number with its unit; years are not in Quay's documents. */
const agePattern = /^\s*[+-]?\d+\s*[smhdwy]$/;

function isValue({ method, value }: Body): boolean {
  if (method === "number_of_tags") return typeof value === "number" && value > 0;
  return typeof value === "string" && agePattern.test(value);
}

/** The settings of a call's body. An update replaces all of them. */
function settings(call: Call): Item {
  const body = bodyOf<Body>(call);
  const tagPattern = body.tagPattern?.trim() ?? null;
  if (!["number_of_tags", "creation_date"].includes(body.method)) {
    refuse(invalidRequest("Invalid method provided"));
  }
  if (!isValue(body)) refuse(invalidRequest("Invalid value given for method type"));
  if (tagPattern === "") refuse(invalidRequest("tag_pattern cannot be empty"));
  const { method, value, tagPatternMatches = true } = body;
  return { method, value, tagPattern, tagPatternMatches };
}

function isSame(one: Item, other: Item): boolean {
  return ["method", "value", "tagPattern", "tagPatternMatches"].every((field) => one[field] === other[field]);
}

const policies = (level: "namespace" | "repository"): Collection => ({
  name: "policies",
  parameter: "policy_uuid",
  key: "uuid",
  make(call, items) {
    const made = settings(call);
    if ([...items.values()].some((item) => isSame(item, made))) {
      refuse(
        invalidRequest(
          `Existing policy with same values for this ${level}, duplicate policies are not permitted`,
        ),
      );
    }
    return { uuid: call.state.random.uuid(), ...made };
  },
  change: (item, call) => Object.assign(item, settings(call)),
  created: ({ uuid }) => json({ uuid }, 201),
  updated: () => empty(),
  deleted: ({ uuid }) => json({ uuid }),
  logs: {
    create: `create_${level}_autoprune_policy`,
    update: `update_${level}_autoprune_policy`,
    delete: `delete_${level}_autoprune_policy`,
  },
  logged: ({ uuid, method, value, tagPattern, tagPatternMatches }, call, deed) => ({
    ...(deed === "delete"
      ? { policy_uuid: uuid }
      : { method, value, tag_pattern: tagPattern, tag_pattern_matches: tagPatternMatches }),
    ...(level === "namespace" && { namespace: call.params.orgname ?? call.caller?.user.name }),
  }),
});

export const policy: Handlers = {
  ...collection(
    policies("namespace"),
    {
      of: ofOrganization,
      list: "listOrganizationAutoPrunePolicies",
      get: "getOrganizationAutoPrunePolicy",
      create: "createOrganizationAutoPrunePolicy",
      update: "updateOrganizationAutoPrunePolicy",
      delete: "deleteOrganizationAutoPrunePolicy",
    },
    {
      of: ofCaller,
      list: "listUserAutoPrunePolicies",
      get: "getUserAutoPrunePolicy",
      create: "createUserAutoPrunePolicy",
      update: "updateUserAutoPrunePolicy",
      delete: "deleteUserAutoPrunePolicy",
    },
  ),
  ...collection(policies("repository"), {
    of: ofRepository,
    list: "listRepositoryAutoPrunePolicies",
    get: "getRepositoryAutoPrunePolicy",
    create: "createRepositoryAutoPrunePolicy",
    update: "updateRepositoryAutoPrunePolicy",
    delete: "deleteRepositoryAutoPrunePolicy",
  }),
};
