import { userInfo } from "node:os";
import { type Audit, openAudit } from "../audit/audit.ts";
import type { Connection, Settings } from "../config.ts";
import { createScrubber } from "../quay/scrub.ts";
import type { RuntimeParts } from "../runtime.ts";
import { openSecrets } from "../secrets/directory.ts";
import { version } from "../version.ts";
import { connect } from "./connect.ts";

/**
 * Opens what calls need besides the program: the registry and the operator's files. `stop` ends both, and says the audit
 * log's last hash on standard error.
 *
 * @throws UsageError where one of them cannot be used
 */
export async function openParts(
  settings: Settings,
): Promise<{ parts: RuntimeParts; stop: () => Promise<void> }> {
  const { connection, stop } = await connect(settings);
  try {
    const secrets = await openSecrets(settings, process.env);
    if (secrets.reveal)
      say("--reveal-secrets is on: credentials in Quay's answers are shown to the assistant.");
    const audit = openLog(settings, connection);
    const stopAll = async () => {
      const last = audit?.close();
      if (last !== undefined) say(`The audit log ${settings.auditLog} ends with ${last}.`);
      await stop();
    };
    return { parts: { connection, secrets, audit }, stop: stopAll };
  } catch (error) {
    // A registry inside the program would keep it running.
    await stop();
    throw error;
  }
}

function openLog({ auditLog }: Settings, { url, token }: Connection): Audit | undefined {
  if (auditLog === undefined) return undefined;
  const about = { version, registry: new URL(url).host, user: userInfo().username };
  return openAudit(auditLog, { about, hide: createScrubber([token]) });
}

function say(sentence: string): void {
  process.stderr.write(`quay-mcp: ${sentence}\n`);
}
