/**
 * A process that keeps an audit log, for tests that kill it: it announces and records calls, says on standard output
 * what it was told, and ends in good order after as many calls as it was asked for.
 */
import { openAudit } from "../../src/audit/audit.ts";

const [file = "", calls = "Infinity"] = process.argv.slice(2);
const audit = openAudit(file);

for (let n = 0; n < Number(calls); n++) {
  const entry = {
    call: String(n),
    tool: "delete_tag",
    operationId: "deleteFullTag",
    target: `acme/app:${process.pid}-${n}`,
    decision: "sent",
  };
  try {
    await audit.announce(entry);
    process.stdout.write(`announced ${n}\n`);
    audit.record({ ...entry, status: 204, durationMs: n });
  } catch (error) {
    process.stdout.write(`refused ${(error as Error).message}\n`);
    break;
  }
}
const last = audit.close();
process.stdout.write(last === undefined ? "no end\n" : `ended ${last}\n`);
