import { type Ask, field, isRefused, text } from "./probes.ts";
import type { Bypass, Observed } from "./scopes.ts";

/** More would say little more. */
const mostOrganizations = 8;

export interface OrganizationsReport {
  /** null where it cannot be told. */
  readonly administers: readonly string[] | null;
  readonly evidence: readonly Observed[];
}

interface Known {
  readonly owner: string | undefined;
  /** The organizations of the account, as it lists them. */
  readonly listed: readonly unknown[];
  /** Repositories that a search found. */
  readonly found: readonly unknown[];
  readonly namespaces: readonly string[];
  readonly bypass: Bypass;
}

/** What the token may do as an administrator or a member of organizations. */
export async function examineOrganizations(ask: Ask, known: Known): Promise<OrganizationsReport> {
  const { owner, bypass } = known;
  const evidence: Observed[] = [];
  if (owner !== undefined) evidence.push(...(await ofOwnNamespace(ask, owner, bypass)));
  const told = known.listed.filter((each) => typeof field(each, "is_org_admin") === "boolean");
  const views =
    owner !== undefined && told.length === known.listed.length
      ? told.map((each) => ({
          name: text(each, "name"),
          admin: !bypass.rights && field(each, "is_org_admin") === true,
          creator: !bypass.rights && field(each, "can_create_repo") === true,
        }))
      : await asked(ask, known);
  const named = views.flatMap(({ name, ...rights }) => (name === undefined ? [] : [{ name, ...rights }]));
  const administers = named.filter(({ admin }) => admin).map(({ name }) => name);
  if (administers[0] !== undefined) {
    evidence.push({ scope: "org:admin", verdict: "held", because: `administers ${administers[0]}` });
  }
  if (named.some(({ creator }) => creator)) evidence.push("creator");
  // Without org:admin an administrator looks like any other member.
  const certain = evidence.some(
    (each) => each !== "creator" && each.scope === "org:admin" && each.verdict === "held",
  );
  return {
    administers: certain ? administers : null,
    evidence,
  };
}

/** Everybody administers the namespace of their own name, so that here a refusal shows the lack of a scope. */
async function ofOwnNamespace(ask: Ask, owner: string, bypass: Bypass): Promise<readonly Observed[]> {
  const [logs, robots] = await Promise.all([
    ask("namespaceLogs", { orgname: owner }),
    ask("namespaceRobots", { orgname: owner, limit: 1 }),
  ]);
  const evidence: Observed[] = [];
  const refused = { verdict: "missing", because: "refused on the own namespace" } as const;
  if (isRefused(logs)) evidence.push({ scope: "org:admin", ...refused });
  else if (logs.ok && !bypass.reads)
    evidence.push({ scope: "org:admin", verdict: "held", because: "read the own namespace's logs" });
  if (isRefused(robots)) evidence.push({ scope: "repo:create", ...refused });
  else if (robots.ok && !bypass.reads) evidence.push("creator");
  return evidence;
}

/** Where the account does not say what its owner is in its organizations, they do. */
async function asked(ask: Ask, { listed, found, namespaces, bypass }: Known) {
  const ofRepositories = found
    .map((each) => field(each, "namespace"))
    .filter((namespace) => field(namespace, "kind") === "organization");
  const names = [...listed, ...ofRepositories].flatMap((each) => text(each, "name") ?? []);
  const some = [...new Set([...names, ...namespaces])].slice(0, mostOrganizations);
  return Promise.all(
    some.map(async (name) => {
      const answer = await ask("organization", { orgname: name });
      const view = answer.ok && !bypass.reads ? answer.body : undefined;
      return { name, admin: field(view, "is_admin") === true, creator: field(view, "is_member") === true };
    }),
  );
}
