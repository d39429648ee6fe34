import type { Logger } from "pino";
import { type Say, sayOnStandardError } from "../say.ts";

/** How much is said, from little to much. */
export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/** What a line may say besides its time, its level and its sentence: never an argument, a token or a body. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  /** Says what whoever runs the server must know, at every level but `silent`. */
  say(sentence: string): void;
  error(fields: LogFields, sentence: string): void;
  warn(fields: LogFields, sentence: string): void;
  info(fields: LogFields, sentence: string): void;
  debug(fields: LogFields, sentence: string): void;
}

/** Bytes of lines that may wait for the end of a turn of the event loop. */
const mostWaiting = 8 * 1024;

/**
 * Says what happens, as one line of JSON each on standard error.
 *
 * What is said in one turn of the event loop is written at once at its end, since under load each write costs more than all
 * else that is done for a line; and it is written before the program ends.
 */
export async function createLog(level: LogLevel): Promise<Log> {
  // The default export: of a bundled CommonJS module, that is the only one.
  const { pino, destination, stdTimeFunctions } = (await import("pino")).default;
  const output = destination({ dest: 2, sync: true, minLength: mostWaiting });
  let waits = false;
  const flush = () => {
    waits = false;
    process.off("exit", flush);
    output.flushSync();
  };
  const lines = {
    write(line: string) {
      output.write(line);
      if (waits) return;
      waits = true;
      process.once("exit", flush);
      setImmediate(flush);
    },
  };
  const logger: Logger = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      messageKey: "message",
      formatters: { level: (label) => ({ level: label }) },
    },
    lines,
  );
  const sayer = logger.child({}, { level: level === "silent" ? "silent" : "info" });
  return Object.assign(logger, { say: (sentence: string) => sayer.info(sentence) });
}

/** On a terminal sentences are plain; elsewhere they are lines of the log, which a program reads, and waits for. */
export function sayWith(log: Log): Say {
  if (process.stderr.isTTY) return sayOnStandardError;
  return log.say;
}
