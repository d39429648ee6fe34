import { randomUUID } from "node:crypto";
import { ArgumentError, RefusedError, UnknownToolError } from "../errors.ts";
import type { Callable } from "../operation.ts";
import { QuayError } from "../quay/errors.ts";
import { PathError } from "../quay/path.ts";
import type { Audit, AuditEntry } from "./audit.ts";

/** What becomes known of a call on its way. */
interface Notes {
  readonly confirmed?: string;
}

/** The lines that one call leaves in the audit log. */
export interface Trail {
  note(notes: Notes): void;
  /** @throws RefusedError where the log cannot be written: the call must not be sent then */
  announce(): Promise<void>;
  /** The call's last line: what was decided, and Quay's status where it was sent. */
  end(decision: string, status?: number): void;
  /** The last line of a call that threw. */
  fail(error: unknown): void;
}

const noTrail: Trail = { note() {}, async announce() {}, end() {}, fail() {} };

/** A call as it came in. */
interface Incoming {
  readonly name: string;
  /** Undefined where there is no such tool. */
  readonly tool: Pick<Callable, "operationId" | "access"> | undefined;
  /** What it is about, as far as its arguments can be understood. */
  readonly target: () => string | undefined;
  /** Who asks, as far as the entrance knows. */
  readonly caller: string;
}

/** Begins the lines of a call. Without a log it leaves none. */
export function openTrail(audit: Audit | undefined, { name, tool, target, caller }: Incoming): Trail {
  if (audit === undefined) return noTrail;
  const call = randomUUID();
  const begun = performance.now();
  let notes: Notes = {};
  const about = { tool: name, operationId: tool?.operationId, target: target(), caller };
  let announced = false;
  const entry = (decision: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
    call,
    ...about,
    ...notes,
    decision,
    ...more,
  });
  const record = (decision: string, more: Partial<AuditEntry>) =>
    audit.record(entry(decision, { ...more, durationMs: Math.round(performance.now() - begun) }));
  return {
    note(more) {
      notes = { ...notes, ...more };
    },
    async announce() {
      await audit.announce(entry("sent"));
      announced = true;
    },
    end: (decision, status) => record(decision, { status }),
    fail(error) {
      const wasKept = error instanceof QuayError && error.kind === "busy";
      const sent = !wasKept && (announced || (tool?.access === "read" && error instanceof QuayError));
      const status = error instanceof QuayError ? error.status : undefined;
      record(sent ? "sent" : "refused", { status, reason: reasonOf(error) });
    },
  };
}

/** Why a call failed, without the words that may repeat its arguments. */
function reasonOf(error: unknown): string {
  if (error instanceof RefusedError) return error.message;
  if (error instanceof UnknownToolError) return "no such tool";
  if (error instanceof ArgumentError) return "wrong arguments";
  if (error instanceof PathError) return "the path of another operation";
  return error instanceof QuayError ? error.kind : "a mistake in the program";
}
