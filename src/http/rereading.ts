/** What is read again while the server runs, when the process gets SIGHUP. */
import type { Log } from "./log.ts";

export interface Rereadable {
  /**
   * Reads it again and uses it from now on.
   *
   * @returns a sentence that says so
   * @throws UsageError where it cannot be used: what was read before stays in use
   */
  reread(): Promise<string>;
}

/**
 * Reads everything again at each SIGHUP, until it is stopped. Where there is nothing to read again, or on a terminal, the
 * signal keeps its usual meaning: that the terminal has gone, with which the program ends.
 *
 * @returns stops it
 */
export function rereadOnHangup(
  files: readonly (Rereadable | undefined)[],
  log: Pick<Log, "say" | "error">,
): () => void {
  const all = files.filter((each) => each !== undefined);
  if (all.length === 0 || process.stderr.isTTY) return () => {};
  let last = Promise.resolve();
  const hangup = () => {
    last = last.then(async () => {
      for (const each of all) await rereadOne(each, log);
    });
  };
  process.on("SIGHUP", hangup);
  return () => void process.off("SIGHUP", hangup);
}

async function rereadOne(one: Rereadable, log: Pick<Log, "say" | "error">): Promise<void> {
  try {
    log.say(await one.reread());
  } catch (error) {
    const { message } = error as Error;
    log.error({}, `${message} What was read before stays in use.`);
  }
}
