import type { Setting } from "../config.ts";
import type { Scope } from "../operation.ts";
import type { ClientSettings } from "./clients.ts";
import { heldScopes } from "./scopes.ts";
import type { TokenReport } from "./token.ts";

export interface Advice {
  /** A command line that keeps what was set, with the scopes that were found. */
  readonly flags: readonly string[];
  /** What is left to the operator, or why `--scopes` is not among the flags; null where nothing is. */
  readonly note: string | null;
}

/** These say where the registry is and who calls it, not what may run. */
const ofConnection: ReadonlySet<string> = new Set(["url", "token", "tokenFile", "demo"]);

type Given = ReadonlyMap<string, string>;

/** The settings that were given, by name, as they were written; never the secret ones. */
export function givenSettings(
  settings: readonly Setting[],
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): Given {
  return new Map(
    settings
      .filter(({ secret }) => secret === undefined)
      .flatMap(({ name, environment: variable }) => {
        const written = flags[name] ?? (environment[variable] || undefined);
        return written === undefined ? [] : [[name, String(written)] as const];
      }),
  );
}

/** A setting as a command line has it. */
export function asFlags({ flag, value }: Setting, written: string): readonly string[] {
  if (value !== undefined) return [flag, written];
  return written === "true" || written === "1" ? [flag] : [];
}

/** The settings to start the server with. */
export function advise(settings: readonly Setting[], given: Given, token: TokenReport): Advice {
  const { scopes, note } = adviseScopes(given.get("scopes"), token);
  const flags = settings.flatMap((setting) => {
    if (ofConnection.has(setting.name)) return [];
    const written =
      setting.name === "scopes"
        ? scopes
        : (given.get(setting.name) ?? (setting.name === "allow" ? "read" : undefined));
    return written === undefined ? [] : asFlags(setting, written);
  });
  return { flags, note };
}

/** A scope that is left out hides tools: so `--scopes` is proposed only if nothing that could work would be hidden. */
function adviseScopes(
  declared: string | undefined,
  token: TokenReport,
): { readonly scopes: string | undefined; readonly note: string | null } {
  if (token.state !== "valid" || declared !== undefined) return { scopes: declared, note: null };
  const held = heldScopes(token.scopes);
  const undecided = token.scopes.filter(({ verdict }) => verdict === "unknown").map(({ scope }) => scope);
  const open = undecided.filter((scope) => matters(scope, held, token));
  if (open.length === 0) return { scopes: held.length === 0 ? undefined : held.join(","), note: null };
  const { superuser } = token.roles;
  const note =
    superuser === "none"
      ? `--scopes is left out, since it would hide tools that may work: whether the token has ${open.join(", ")} is not known. If you know the token's scopes, declare them.`
      : "--scopes is left out, since a superuser can do more than the scopes say.";
  return { scopes: undefined, note };
}

function matters(scope: Scope, held: readonly Scope[], { roles }: TokenReport): boolean {
  if (scope === "super:user") return roles.superuser !== "none";
  return scope !== "repo:create" || !held.includes("org:admin");
}

/** What a client needs to be told to start the server so. */
export function clientSettings(given: Given, flags: readonly string[]): ClientSettings {
  const demo = given.get("demo") === "true" || given.get("demo") === "1";
  return {
    url: demo ? undefined : given.get("url"),
    tokenFile: given.get("tokenFile"),
    flags: demo ? ["--demo", ...flags] : flags,
  };
}
