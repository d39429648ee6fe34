/** Counts the grave calls of each caller; several processes may share the counts. */
export interface BrakeStore {
  /** Counts one more, if the caller made fewer than `limit` in the minute before `now`, and says whether it did. */
  admit(caller: string, limit: number, now: number): Promise<boolean>;
  /** Says whether it would, and counts nothing. */
  wouldAdmit(caller: string, limit: number, now: number): Promise<boolean>;
}

export interface Brake {
  /** Counts a call that is about to be sent; answers why it must not be, or undefined where it may. */
  refusal(tool: string, caller: string): Promise<string | undefined>;
  /** Answers the same of a call that is yet to be confirmed, and does not count it. */
  outlook(tool: string, caller: string): Promise<string | undefined>;
}

export interface BrakeOptions {
  /** How many calls that destroy or escalate may be sent in a minute; 0 takes the brake off. */
  readonly limit: number;
  readonly store: BrakeStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const minute = 60_000;

/** Keeps a model that runs in a loop from emptying a registry. */
export function createBrake({ limit, store, now }: BrakeOptions): Brake {
  const unlessFree = (isFree: boolean, tool: string) => (isFree ? undefined : refusalOf(tool, limit));
  return {
    refusal: async (tool, caller) =>
      unlessFree(limit === 0 || (await store.admit(caller, limit, now())), tool),
    outlook: async (tool, caller) =>
      unlessFree(limit === 0 || (await store.wouldAdmit(caller, limit, now())), tool),
  };
}

function refusalOf(tool: string, limit: number): string {
  const calls = limit === 1 ? "call was" : "calls were";
  return `${tool} was not sent: ${limit} destructive or escalated ${calls} made in the last minute, and that is as many as this server allows (--brake ${limit}). Tell the user what was done so far and ask whether to go on; the next call is possible within a minute.`;
}

/** The counts of one process. */
export function brakeStore(): BrakeStore {
  // The caller whose last call is the longest ago comes first.
  const made = new Map<string, number[]>();
  const forget = (before: number) => {
    for (const [caller, times] of made) {
      if (times.at(-1)! > before) return;
      made.delete(caller);
    }
  };
  const recentOf = (caller: string, now: number) =>
    (made.get(caller) ?? []).filter((time) => time > now - minute);
  return {
    async admit(caller, limit, now) {
      forget(now - minute);
      const recent = recentOf(caller, now);
      if (recent.length >= limit) return false;
      made.delete(caller);
      made.set(caller, [...recent, now]);
      return true;
    },
    wouldAdmit: async (caller, limit, now) => recentOf(caller, now).length < limit,
  };
}
