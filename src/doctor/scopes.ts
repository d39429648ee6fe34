import { withIncluded } from "../guard/scopes.ts";
import { type Scope, scopes } from "../operation.ts";

/** What one observation says of one scope. */
export interface Evidence {
  readonly scope: Scope;
  readonly verdict: "held" | "missing";
  readonly because: string;
}

/** `creator` stands for "`repo:create` or `org:admin`". */
export type Observed = Evidence | "creator";

/**
 * What a superuser's answers say nothing about: whoever may read everything gets every read, with any scope, and a
 * superuser with full access everything else too.
 */
export interface Bypass {
  readonly reads: boolean;
  readonly rights: boolean;
}

/** What is known of one scope in the end. */
export interface ScopeFinding {
  readonly scope: Scope;
  readonly verdict: Evidence["verdict"] | "unknown";
  readonly because: string;
}

/**
 * What is known of every scope. A scope that includes a held one may be held or not; one that includes a missing one is
 * missing.
 *
 * @param unknown why nothing is known of a scope
 */
export function concludeScopes(
  evidence: readonly Evidence[],
  unknown: (scope: Scope) => string,
): readonly ScopeFinding[] {
  const held = evidence.filter(({ verdict }) => verdict === "held");
  const missing = evidence.filter(({ verdict }) => verdict === "missing");
  return scopes.map((scope) => {
    const own = held.find((each) => each.scope === scope) ?? held.find((each) => includes(each.scope, scope));
    if (own !== undefined) {
      const because = own.scope === scope ? own.because : `included in ${own.scope}`;
      return { scope, verdict: "held", because };
    }
    const lack =
      missing.find((each) => each.scope === scope) ?? missing.find((each) => includes(scope, each.scope));
    if (lack !== undefined) {
      const because = lack.scope === scope ? lack.because : `would include ${lack.scope}, which is missing`;
      return { scope, verdict: "missing", because };
    }
    return { scope, verdict: "unknown", because: unknown(scope) };
  });
}

const includes = (one: Scope, other: Scope): boolean => withIncluded([one]).has(other);

/** The held scopes without those that another one includes, as `--scopes` takes them. */
export function heldScopes(findings: readonly ScopeFinding[]): readonly Scope[] {
  const held = findings.filter(({ verdict }) => verdict === "held").map(({ scope }) => scope);
  return held.filter((scope) => !held.some((other) => other !== scope && includes(other, scope)));
}
