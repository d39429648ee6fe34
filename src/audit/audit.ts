/** The audit log: what was about to be done, and what was done. */
import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  fsyncSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { promisify } from "node:util";
import { codeOf, RefusedError, UsageError } from "../errors.ts";
import { type Say, sayOnStandardError } from "../say.ts";
import { redactText } from "../secrets/text.ts";
import { encodeLine, type Line, noHash } from "./line.ts";

/** One call, without any value of its arguments but the target. */
export interface AuditEntry {
  /** Ties the announcement of a call to its record; unlike any other call's. */
  readonly call: string;
  readonly tool: string;
  readonly operationId?: string | undefined;
  readonly target?: string | undefined;
  /** Who asked, as far as the entrance knows. */
  readonly caller?: string | undefined;
  /** What became of it, such as `sent`, `refused`, `declined`, `asked` or `dry-run`. */
  readonly decision: string;
  readonly reason?: string | undefined;
  /** How it was confirmed: `form`, `code`, `terminal`, `policy never` or `not needed`. */
  readonly confirmed?: string | undefined;
  /** Quay's. */
  readonly status?: number | undefined;
  readonly durationMs?: number | undefined;
}

export interface Audit {
  /**
   * Writes that a call is about to be sent, and waits until that is on the disk.
   *
   * @throws RefusedError where it cannot be written: the call must not be sent then
   */
  announce(entry: AuditEntry): Promise<void>;
  /** Writes what became of a call. What cannot be written is said on standard error, since the call is over. */
  record(entry: AuditEntry): void;
  /** Writes the closing line. @returns the hash of the chain's last line, undefined where the end could not be written */
  close(): string | undefined;
}

interface AuditOptions {
  /** What the first line says about the process besides its number. */
  readonly about?: Readonly<Record<string, string>>;
  /** Takes out of every text what must not be told, besides what is a credential by its form. */
  readonly hide?: (text: string) => string;
  /** Hears that the log cannot be written, and that it can be again. */
  readonly warn?: Say;
}

const toDisk = promisify(fsync) as (descriptor: number) => Promise<undefined>;

/**
 * Opens an audit log, a new one for this user alone, and writes the first line of this process's chain.
 *
 * @throws UsageError where that cannot be done
 */
export function openAudit(
  file: string,
  { about = {}, hide = (text) => text, warn = sayOnStandardError }: AuditOptions = {},
): Audit {
  const chain = createChain(file);
  try {
    chain.append("start", { ...about, pid: process.pid });
  } catch (error) {
    throw new UsageError(`The audit log ${file} cannot be written (${codeOf(error)}).`);
  }
  let failing = false;

  /** @returns the code of what kept it from being written */
  function append(event: Line["event"], fields: Readonly<Record<string, unknown>>): string | undefined {
    try {
      chain.append(event, fields);
      if (failing) warn(`The audit log ${file} can be written again.`);
      failing = false;
      return undefined;
    } catch (error) {
      if (!failing)
        warn(`The audit log ${file} cannot be written (${codeOf(error)}): until it can, writes are refused.`);
      failing = true;
      return codeOf(error);
    }
  }

  return {
    async announce(entry) {
      const trouble =
        append("announce", fieldsOf(entry, hide)) ?? (await toDisk(chain.descriptor).catch(troubleInSync));
      if (trouble !== undefined)
        throw new RefusedError(
          `The audit log cannot be written (${trouble}), and without it this server sends no writes. Nothing was sent.`,
        );
    },
    record(entry) {
      append("record", fieldsOf(entry, hide));
    },
    close() {
      const trouble = append("end", {}) ?? syncNow(chain.descriptor);
      closeSync(chain.descriptor);
      return trouble === undefined ? chain.lastHash() : undefined;
    },
  };
}

/** The same log for one caller of several, whose own token must not be told, either. */
export function hidingIn(audit: Audit, hide: (text: string) => string): Audit {
  const hidden = (entry: AuditEntry): AuditEntry => ({ ...entry, ...textsOf(entry, hide) });
  return {
    announce: (entry) => audit.announce(hidden(entry)),
    record: (entry) => audit.record(hidden(entry)),
    close: () => audit.close(),
  };
}

function textsOf(fields: object, hide: (text: string) => string): Record<string, string> {
  const texts = Object.entries(fields).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts.map(([name, text]) => [name, hide(text)]));
}

/** A chain of lines at the end of a file that other processes may be writing to as well. */
function createChain(file: string) {
  const descriptor = openFile(file);
  const chain = randomUUID();
  let n = 0;
  let previous = noHash;
  /** How many lines could not be written since the last that could. */
  let lost = 0;
  return {
    descriptor,
    lastHash: () => previous,
    /** Writes a line at once, with one system call, so that lines of several processes do not mix. */
    append(event: Line["event"], fields: Readonly<Record<string, unknown>>): void {
      const time = new Date().toISOString();
      const missing = lost === 0 ? {} : { lost };
      const { text, hash } = encodeLine({ audit: 1, chain, n, time, event, ...fields, ...missing, previous });
      lost += 1;
      const bytes = Buffer.from(`${isMidLine(descriptor) ? "\n" : ""}${text}\n`);
      // But for its line end a line is whole; the next one brings that along.
      if (writeSync(descriptor, bytes) < bytes.length - 1) throw troubleOf("ENOSPC");
      lost = 0;
      n += 1;
      previous = hash;
    },
  };
}

function openFile(file: string): number {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found !== undefined && !found.isFile() && !found.isCharacterDevice())
      throw troubleOf("it is no file");
    return openSync(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
  } catch (error) {
    throw new UsageError(`The audit log ${file} cannot be opened (${codeOf(error)}).`);
  }
}

const oneByte = Buffer.alloc(1);

/** Whether a process was killed, or the disk full, in the middle of the line before. */
function isMidLine(descriptor: number): boolean {
  const found = fstatSync(descriptor);
  if (!found.isFile()) return false;
  if (found.nlink === 0) throw troubleOf("it was deleted");
  return found.size > 0 && readSync(descriptor, oneByte, 0, 1, found.size - 1) === 1 && oneByte[0] !== 0x0a;
}

/** In a fixed order; JSON leaves out what is undefined. */
function fieldsOf(entry: AuditEntry, hide: (text: string) => string): Record<string, unknown> {
  const { call, tool, operationId, target, caller, decision, reason, confirmed, status, durationMs } = entry;
  const fields = { call, tool, operationId, target, caller, decision, reason, confirmed, status, durationMs };
  return { ...fields, ...textsOf(fields, (text) => redactText(hide(text))) };
}

function syncNow(descriptor: number): string | undefined {
  try {
    fsyncSync(descriptor);
    return undefined;
  } catch (error) {
    return troubleInSync(error);
  }
}

/** Devices and some network file systems know no fsync, which is no trouble. */
function troubleInSync(error: unknown): string | undefined {
  const code = codeOf(error);
  return code === "EINVAL" || code === "ENOTSUP" ? undefined : code;
}

function troubleOf(code: string): Error {
  return Object.assign(new Error(code), { code });
}
