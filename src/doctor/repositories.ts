import { type Ask, field, isRefused, items, type Outcome, text } from "./probes.ts";
import type { Bypass, Evidence } from "./scopes.ts";

/** More would say little more. */
const mostNamespaces = 3;
const mostRepositories = 6;

interface Known {
  readonly owner: string | undefined;
  /** Repositories that a search found. */
  readonly found: readonly unknown[];
  /** Organizations that the owner administers, and so all of their repositories. */
  readonly administered: readonly string[];
  readonly namespaces: readonly string[];
  readonly bypass: Bypass;
}

interface Candidate {
  readonly path: string;
  readonly isPublic: boolean;
  /** The owner has every role on it, whatever the token's scopes. */
  readonly sure: boolean;
}

/** What the token may do with repositories, told from the views of a few. */
export async function examineRepositories(ask: Ask, known: Known): Promise<readonly Evidence[]> {
  const sure = new Set([...(known.owner === undefined ? [] : [known.owner]), ...known.administered]);
  const listed = await Promise.all(
    [...new Set([...sure, ...known.namespaces])]
      .slice(0, mostNamespaces)
      .map(async (namespace) => ask("repositories", { namespace })),
  );
  const candidates = [
    ...listed
      .flatMap((each) => (each.ok ? items(each.body, "repositories") : []))
      .map((each) => ({
        namespace: text(each, "namespace"),
        name: text(each, "name"),
        isPublic: field(each, "is_public") !== false,
      })),
    ...known.found.map((each) => ({
      namespace: text(field(each, "namespace"), "name"),
      name: text(each, "name"),
      isPublic: field(each, "is_public") !== false,
    })),
  ].map(({ namespace = "", name = "", isPublic }) => ({
    path: `${namespace}/${name}`,
    isPublic,
    sure: sure.has(namespace),
  }));

  const evidence: Evidence[] = [];
  for (const candidate of bestFirst(candidates)) {
    const outcome = await ask("repository", { repository: candidate.path, includeTags: false });
    evidence.push(...evidenceOf(candidate, outcome, known.bypass));
    if (isEnough(evidence)) break;
  }
  return evidence;
}

/** Nothing more can be learned: repo:admin includes the others, and without it, repo:write includes repo:read. */
function isEnough(evidence: readonly Evidence[]): boolean {
  const said = (scope: Evidence["scope"], verdict: Evidence["verdict"]) =>
    evidence.some((each) => each.scope === scope && each.verdict === verdict);
  if (said("repo:admin", "held") || said("repo:read", "missing")) return true;
  if (!said("repo:admin", "missing")) return false;
  return said("repo:write", "held") || (said("repo:write", "missing") && said("repo:read", "held"));
}

function bestFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  const byPath = new Map(candidates.map((each) => [each.path, each]));
  const worth = ({ sure, isPublic }: Candidate) => (sure ? 2 : 0) + (isPublic ? 0 : 1);
  return [...byPath.values()].sort((one, other) => worth(other) - worth(one)).slice(0, mostRepositories);
}

function evidenceOf({ path, isPublic, sure }: Candidate, outcome: Outcome, bypass: Bypass): Evidence[] {
  // Searches and lists show a private repository only to those who have a role on it, whatever the token's scopes.
  if (isRefused(outcome) && !isPublic)
    return [{ scope: "repo:read", verdict: "missing", because: `refused on ${path}` }];
  if (!outcome.ok) return [];
  const { body } = outcome;
  const evidence: Evidence[] = [];
  const right = (scope: Evidence["scope"], has: boolean, hasNot: boolean, what: string) => {
    if (has) evidence.push({ scope, verdict: "held", because: `may ${what} ${path}` });
    else if (hasNot && sure) evidence.push({ scope, verdict: "missing", because: `may not ${what} ${path}` });
  };
  const [canWrite, canAdmin] = [field(body, "can_write"), field(body, "can_admin")];
  const isPrivate = field(body, "is_public") === false;
  const isNormal = field(body, "state") === "NORMAL";
  right("repo:read", isPrivate && !bypass.reads, false, "read");
  right("repo:write", canWrite === true && !bypass.rights, canWrite === false && isNormal, "write to");
  right("repo:admin", canAdmin === true && !bypass.reads, canAdmin === false, "administer");
  return evidence;
}
