import { UsageError } from "../errors.ts";
import { createPolicy, type PolicySettings } from "../guard/policy.ts";
import type { GuardedTool } from "../guard/tool.ts";
import { type Callers, openCallers } from "../http/callers/open.ts";
import { type Certificate, readCertificate, usable } from "../http/certificate.ts";
import { readConfigFile } from "../http/config-file.ts";
import {
  allHttpSettings,
  HttpSettings,
  lookAtHttpSettings,
  redisUrlOf,
  sealKeyOf,
} from "../http/settings.ts";
import { readAuthorities } from "./authorities.ts";
import { registryOf, tokenOf } from "./connect.ts";

/** What the operator of the HTTP server gave, files and all. */
export interface Given {
  readonly settings: HttpSettings;
  readonly sealKey: Buffer | undefined;
  readonly redisUrl: string | undefined;
  readonly tls: Certificate | undefined;
  readonly callers: Callers;
}

type Check<Value> = () => Value | Promise<Value>;

/**
 * Reads the settings, the file that holds some and the files that they name, and checks them as a whole: nothing was started
 * and nothing written when it throws.
 *
 * @param tools all that settings and limits may name
 * @throws UsageError naming everything that is wrong
 */
export async function readGiven(
  flags: Readonly<Record<string, unknown>>,
  tools: readonly GuardedTool[],
): Promise<Given> {
  const environment = process.env;
  const file = await readConfigFile({ flags, environment }, HttpSettings, allHttpSettings);
  const reading = lookAtHttpSettings({ flags, environment, file });
  const { settings, malformed } = reading;
  const problems = [...reading.problems];
  /** @param of what is not checked where one of them is malformed, which was said */
  const attempt = async <Value>(of: readonly (keyof HttpSettings)[], check: Check<Value>) => {
    if (of.some((name) => malformed.has(name))) return undefined;
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };

  await attempt(["url", "demo"], () => settings.demo || registryOf(settings));
  const takesToken = settings.auth !== "passthrough";
  const token = await attempt(["auth", "token", "tokenFile"], () => (takesToken ? tokenOf(settings) : ""));
  const authorities = await attempt(["caFile"], () => settings.caFile && readAuthorities(settings.caFile));
  for (const name of policySettings)
    await attempt([name], () => createPolicy({ ...anyPolicy, [name]: settings[name] }, tools));
  const sealKey = await attempt(["sealKey", "sealKeyFile"], () => sealKeyOf(settings));
  const redisUrl = await attempt(["redisUrl", "redisUrlFile"], () => redisUrlOf(settings));
  const tls = await attempt(["tlsCert", "tlsKey"], async () => {
    const certificate = await readCertificate(settings);
    if (certificate !== undefined) usable(certificate);
    return certificate;
  });
  const callers = await attempt(callersSettings, () =>
    namesCallers(settings)
      ? openCallers(settings, { token: token ?? "", authorities, environment, tools })
      : undefined,
  );
  if (problems.length > 0 || callers === undefined) throw new UsageError(problems.join(" "));
  return { settings, sealKey, redisUrl, tls, callers };
}

const anyPolicy: PolicySettings = {
  allow: ["read"],
  excludeTools: [],
  hosts: [],
  confirm: ["auto"],
  dryRun: false,
};

/** Each is checked by itself, since the policy says the first that is wrong. */
const policySettings = [
  "allow",
  "toolsets",
  "tools",
  "excludeTools",
  "namespaces",
  "protect",
  "hosts",
  "confirm",
] as const;

const callersSettings = ["auth", "keysFile", "oidcIssuer", "oidcAudience", "oidcGroupsFile"] as const;

/** Where something is missing, the rules say so. */
function namesCallers({ auth, keysFile, oidcIssuer, oidcAudience, oidcGroupsFile }: HttpSettings): boolean {
  if (auth === "key") return keysFile !== undefined;
  return auth === "passthrough" || Boolean(oidcIssuer && oidcAudience && oidcGroupsFile);
}
