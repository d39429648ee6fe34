/** Storage quotas of organizations and users, and the limits at which they warn and reject. */
import { bytesOfSize } from "../../quay/size.ts";
import { empty, invalidRequest, json, message, notFound, refuse } from "../answers.ts";
import { bodyOf, type Call, type Handlers, param, userOf } from "../call.ts";
import { type Collection, collection, ofCaller, ofOrganization } from "../collection.ts";
import { humanSize } from "../formats.ts";
import { record } from "../log.ts";
import { type Item, itemsOf, type Namespace } from "../state.ts";

/** The largest number that Quay's database takes. */
const mostBytes = 2 ** 63;
const limitTypes = ["Warning", "Reject"] as const;

interface Size {
  readonly limit_bytes?: number;
  readonly limit?: string;
}

interface Limit {
  readonly id: number;
  type: string;
  limit_percent: number;
}

/** The bytes that a body asks for, in either of its two ways. */
function bytesAsked(call: Call): number | undefined {
  const { limit, limit_bytes } = bodyOf<Size>(call);
  if (limit === undefined) return limit_bytes;
  const advice = call.params.orgname === undefined ? "" : ", use a number followed by a unit (e.g. 1GiB)";
  return bytesOfSize(limit) ?? refuse(invalidRequest(`Invalid limit format${advice}`));
}

function checkBytes(bytes: number, call: Call): void {
  if (bytes >= mostBytes) refuse(invalidRequest("Unsupported quota size limit."));
  if (bytes > 0) return;
  // Sizes in words are fractions to Quay, also where they are whole.
  const shown = bodyOf<Size>(call).limit === undefined ? bytes : bytes.toFixed(1);
  refuse(invalidRequest(`Invalid quota size limit value: '${shown}'`));
}

const limitsOf = (quota: Item) => quota.limits as Limit[];

function quotaView({ id, limit_bytes, limits }: Item) {
  return {
    id,
    limit_bytes,
    limit: humanSize(limit_bytes as number),
    default_config: false,
    limits,
    default_config_exists: false,
  };
}

/** Changes a quota's size, if the body has another one than nothing, and returns the size before. */
function resize(quota: Item, call: Call): number | undefined {
  const bytes = bytesAsked(call);
  if (!bytes) return undefined;
  checkBytes(bytes, call);
  const previous = quota.limit_bytes as number;
  quota.limit_bytes = bytes;
  return previous;
}

/** As superusers reach them: nothing is logged. */
const quotas: Collection = {
  name: "quotas",
  parameter: "quota_id",
  key: "id",
  make(call, known) {
    const bytes = bytesAsked(call) ?? 0;
    if (known.size > 0) refuse(invalidRequest(`Quota for '${param(call, "namespace")}' already exists`));
    checkBytes(bytes, call);
    return { id: call.state.nextId("quota"), limit_bytes: bytes, limits: [] };
  },
  change: resize,
  view: quotaView,
  list: (views) => views,
  created: () => json("Created", 201),
};

/** As they are reached below an organization. */
const organizationQuotas: Collection = {
  ...quotas,
  make(call, known) {
    const orgname = param(call, "orgname");
    if (known.size > 0) refuse(invalidRequest(`Organization quota for '${orgname}' already exists`));
    return quotas.make!(call, known);
  },
  change(quota, call) {
    const previous = resize(quota, call);
    if (previous === undefined) return;
    log(call, "org_change_quota", {
      ...sizeLogged(quota),
      previous_limit_bytes: previous,
      previous_limit: humanSize(previous),
    });
  },
  logs: { create: "org_create_quota", delete: "org_delete_quota" },
  logged: (quota, call, deed) => ({
    namespace: param(call, "orgname"),
    ...(deed === "delete" && { quota_id: quota.id }),
    ...sizeLogged(quota),
  }),
};

const sizeLogged = ({ limit_bytes }: Item) => ({ limit_bytes, limit: humanSize(limit_bytes as number) });

function log(call: Call, kind: string, metadata: Item): void {
  const namespace = param(call, "orgname");
  record(call, kind, namespace, { namespace, ...metadata });
}

/** Quotas of users can be reached as if these were organizations. */
const ofOrganizationOrUser = (call: Call): Namespace =>
  call.state.namespaces.get(param(call, "orgname")) ?? refuse(notFound());
const ofNamespace = (call: Call): Namespace =>
  call.state.namespaces.get(param(call, "namespace")) ?? refuse(notFound());
/** Quay fails where superusers write to a namespace that is not there. */
const ofNamespaceForSure = (call: Call): Namespace => call.state.namespaces.get(param(call, "namespace"))!;

const quotaOf = (call: Call, namespace: Namespace): Item =>
  itemsOf(namespace, "quotas").get(param(call, "quota_id")) ?? refuse(notFound());

/** The limit of the path; another quota's limit is refused without a word. */
function limitOf(call: Call, quota: Item): Limit {
  const is = ({ id }: Limit) => String(id) === param(call, "limit_id");
  const found = limitsOf(quota).find(is);
  if (found !== undefined) return found;
  const others = [...call.state.namespaces.values()].flatMap((each) => [
    ...(each.collections.get("quotas")?.values() ?? []),
  ]);
  return refuse(others.some((other) => limitsOf(other).some(is)) ? message("") : notFound());
}

const organizationQuota = (call: Call) => quotaOf(call, ofOrganizationOrUser(call));
const ownQuota = (call: Call) => quotaOf(call, userOf(call));

/** A type of limit in Quay's own spelling. */
function typeNamed(type: string): string {
  const found = limitTypes.find((known) => known.toLowerCase() === type.toLowerCase());
  return found ?? refuse(message(`Quota type must be one of [${limitTypes.join(", ")}]`));
}

const isPercent = (percent: number) => percent > 0 && percent <= 100;
const outOfRange = "Quota limit threshold must be between 1 and 100";

/** Refuses a limit that is there already. A threshold of 0 is like any other one. */
function checkNew(quota: Item, type: string, percent: number): void {
  if (percent !== 0 && !isPercent(percent)) refuse(message(outOfRange));
  const name = typeNamed(type);
  const same = limitsOf(quota).some(
    (limit) => limit.type === name && (percent === 0 || limit.limit_percent === percent),
  );
  if (same) refuse(invalidRequest("Quota limit already exists"));
  if (!isPercent(percent)) refuse(invalidRequest(outOfRange));
}

const limits: Handlers = {
  listOrganizationQuotaLimit: (call) => json(limitsOf(organizationQuota(call))),
  getOrganizationQuotaLimit: (call) => json(limitOf(call, organizationQuota(call))),
  listUserQuotaLimit: (call) => json(limitsOf(ownQuota(call))),

  getUserQuotaLimit(call) {
    const quota = ownQuota(call);
    limitOf(call, quota);
    return json(quotaView(quota));
  },

  createOrganizationQuotaLimit(call) {
    const { type, threshold_percent } = bodyOf<{ type: string; threshold_percent: number }>(call);
    const quota = organizationQuota(call);
    checkNew(quota, type, threshold_percent);
    limitsOf(quota).push({
      id: call.state.nextId("quota limit"),
      type: typeNamed(type),
      limit_percent: threshold_percent,
    });
    log(call, "org_create_quota_limit", { type, threshold_percent });
    return json("Created", 201);
  },

  changeOrganizationQuotaLimit(call) {
    const body = bodyOf<{ type?: string; threshold_percent?: number }>(call);
    const quota = organizationQuota(call);
    const limit = limitOf(call, quota);
    const previous = { ...limit };
    if (body.type !== undefined) limit.type = typeNamed(body.type);
    if (body.threshold_percent !== undefined) {
      if (!isPercent(body.threshold_percent)) refuse(message(outOfRange));
      limit.limit_percent = body.threshold_percent;
    }
    log(call, "org_change_quota_limit", {
      type: body.type ?? previous.type,
      threshold_percent: limit.limit_percent,
      previous_type: previous.type,
      previous_threshold_percent: previous.limit_percent,
    });
    return json(quotaView(quota));
  },

  deleteOrganizationQuotaLimit(call) {
    const quota = organizationQuota(call);
    const limit = limitOf(call, quota);
    quota.limits = limitsOf(quota).filter((other) => other !== limit);
    log(call, "org_delete_quota_limit", {
      limit_id: limit.id,
      type: limit.type,
      threshold_percent: limit.limit_percent,
    });
    return empty();
  },
};

/** Superusers reach the same quotas by a user's path and by an organization's. */
const superuserFamilies = ["User", "Organization"].flatMap((kind) => [
  { of: ofNamespace, list: `list${kind}QuotaSuperUser` },
  {
    of: ofNamespaceForSure,
    create: `create${kind}QuotaSuperUser`,
    update: `change${kind}QuotaSuperUser`,
    delete: `delete${kind}QuotaSuperUser`,
  },
]);

export const namespacequota: Handlers = {
  ...limits,
  ...collection(
    organizationQuotas,
    { of: ofOrganization, list: "listOrganizationQuota", create: "createOrganizationQuota" },
    {
      of: ofOrganizationOrUser,
      get: "getOrganizationQuota",
      update: "changeOrganizationQuota",
      delete: "deleteOrganizationQuota",
    },
  ),
  ...collection(quotas, { of: ofCaller, list: "listUserQuota", get: "getUserQuota" }, ...superuserFamilies),
};
