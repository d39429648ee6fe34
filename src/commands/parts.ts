import { userInfo } from "node:os";
import { type Audit, openAudit } from "../audit/audit.ts";
import type { Settings } from "../config.ts";
import { createScrubber } from "../quay/scrub.ts";
import type { People } from "../registry/people.ts";
import type { Connection, RuntimeParts } from "../runtime.ts";
import { type Say, sayOnStandardError } from "../say.ts";
import { openSecrets, type Secrets } from "../secrets/directory.ts";
import { version } from "../version.ts";
import { connect } from "./connect.ts";

interface Entrance {
  /** No token is needed of the settings. */
  readonly callersBringTokens?: boolean;
  /** Where `secret:NAME` is looked for; by default the process's environment. */
  readonly secretsIn?: Secrets["environment"];
  /** Where sentences for the operator go; to standard error, unless said otherwise. */
  readonly say?: Say;
}

interface Parts {
  readonly parts: Pick<RuntimeParts, "connection" | "secrets" | "audit">;
  /** Of the registry inside the program. */
  readonly tokens: People | undefined;
  readonly stop: () => Promise<void>;
}

/**
 * Opens what calls need besides the program: the registry and the operator's files. `stop` ends both, and says the audit
 * log's last hash on standard error.
 *
 * @throws UsageError where one of them cannot be used
 */
export async function openParts(settings: Settings, entrance: Entrance = {}): Promise<Parts> {
  const { callersBringTokens = false, secretsIn = process.env, say = sayOnStandardError } = entrance;
  const { connection, tokens, stop } = await connect(settings, callersBringTokens);
  try {
    const secrets = await openSecrets(settings, secretsIn);
    if (secrets.reveal)
      say("--reveal-secrets is on: credentials in Quay's answers are shown to the assistant.");
    const audit = openLog(settings, connection);
    const stopAll = async () => {
      const last = audit?.close();
      if (last !== undefined) say(`The audit log ${settings.auditLog} ends with ${last}.`);
      await stop();
    };
    return { parts: { connection, secrets, audit }, tokens, stop: stopAll };
  } catch (error) {
    // A registry inside the program would keep it running.
    await stop();
    throw error;
  }
}

function openLog({ auditLog }: Settings, { url, token }: Connection): Audit | undefined {
  if (auditLog === undefined) return undefined;
  const about = { version, registry: new URL(url).host, user: userName() };
  return openAudit(auditLog, { about, hide: createScrubber(token === "" ? [] : [token]) });
}

/** In a container the user may have no name, only a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
