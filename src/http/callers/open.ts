import { namesOf } from "../../guard/policy.ts";
import type { GuardedTool } from "../../guard/tool.ts";
import type { Pages } from "../pages.ts";
import type { Rereadable } from "../rereading.ts";
import type { HttpSettings } from "../settings.ts";
import type { Authenticate } from "./caller.ts";
import type { ProviderParts } from "./identity-provider.ts";
import { passthrough } from "./passthrough.ts";

/** How this server finds out who calls. */
export interface Callers {
  readonly authenticate: Authenticate;
  /** What clients need to know before they can call, such as where to sign in. */
  readonly pages?: Pages;
  /** Its files, where it has some. */
  readonly files?: Rereadable;
  /** Why nobody could be recognised now, as a sentence; undefined where nothing is wrong, or the question is given up. */
  readonly trouble?: (signal: AbortSignal) => Promise<string | undefined>;
}

export interface CallersParts extends ProviderParts {
  /** The server's own token for Quay, with which it asks for callers that bring none. */
  readonly token: string;
  /** All that limits may name. */
  readonly tools: Iterable<GuardedTool>;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/**
 * Opens what `--auth` says.
 *
 * @throws UsageError where its files cannot be used
 */
export async function openCallers(settings: HttpSettings, parts: CallersParts): Promise<Callers> {
  const names = namesOf(parts.tools);
  const { token } = parts;
  switch (settings.auth) {
    case "passthrough":
      return { authenticate: passthrough };
    case "key": {
      const { authenticateByKey } = await import("./key.ts");
      const { readKeys } = await import("./keys-file.ts");
      const file = settings.keysFile!;
      return fromFile(`The keys file ${file}`, async () =>
        authenticateByKey(await readKeys(file, names), token),
      );
    }
    case "oidc": {
      const { authenticateByOidc } = await import("./oidc.ts");
      const { keysOf, providerTrouble } = await import("./identity-provider.ts");
      const { readGroups } = await import("./groups-file.ts");
      const { metadataPages, metadataUrlOf } = await import("./resource-metadata.ts");
      const [issuer, audience] = [settings.oidcIssuer!, settings.oidcAudience!];
      const { oidcScopes: scopes, publicUrl: url = audience } = settings;
      const resource = { url, issuer, scopes };
      const file = settings.oidcGroupsFile!;
      const oidc = {
        issuer,
        audience,
        keys: keysOf(issuer, parts),
        groupsClaim: settings.oidcGroupsClaim,
        nameClaim: settings.oidcNameClaim,
        token,
        metadataUrl: metadataUrlOf(resource),
        scopes,
        now: parts.now,
      };
      const callers = await fromFile(`The groups file ${file}`, async () =>
        authenticateByOidc({ ...oidc, groups: await readGroups(file, names) }),
      );
      return {
        ...callers,
        pages: metadataPages(resource),
        trouble: (signal) => providerTrouble(issuer, parts, signal),
      };
    }
  }
}

/** Callers as a file says, now and whenever it is read again. */
async function fromFile(called: string, read: () => Promise<Authenticate>): Promise<Callers> {
  let authenticate = await read();
  return {
    authenticate: (headers) => authenticate(headers),
    files: {
      async reread() {
        authenticate = await read();
        return `${called} was read again: it holds for every request from now on.`;
      },
    },
  };
}
