/** Something that is used by a request, until it gives it back. */
export interface Lease<Value> {
  readonly value: Value;
  giveBack(): void;
}

/** Values by key, as many as fit: the one that was not used for longest makes room for a new one. */
export interface RecentlyUsed<Value> {
  lease(key: string, open: () => Value): Lease<Value>;
  /** Closes all, those in use as well. */
  close(): Promise<void>;
}

interface Entry<Value> {
  readonly value: Value;
  users: number;
  dropped: boolean;
}

/** @param close what becomes of a value that dropped out, once nobody uses it any more */
export function createRecentlyUsed<Value>(
  most: number,
  close: (value: Value) => Promise<void>,
): RecentlyUsed<Value> {
  // A map keeps the order in which keys were set: the first is the one that was not used for longest.
  const entries = new Map<string, Entry<Value>>();
  /** Those that dropped out while they were used. */
  const leaving = new Set<Entry<Value>>();
  const closing = new Set<Promise<void>>();

  function closeUnused(entry: Entry<Value>): void {
    if (!entry.dropped || entry.users > 0) return;
    leaving.delete(entry);
    const closed = close(entry.value).finally(() => closing.delete(closed));
    closing.add(closed);
  }

  function dropOldest(): void {
    for (const [key, entry] of entries) {
      if (entries.size <= most) return;
      entries.delete(key);
      entry.dropped = true;
      leaving.add(entry);
      closeUnused(entry);
    }
  }

  return {
    lease(key, open) {
      const entry = entries.get(key) ?? { value: open(), users: 0, dropped: false };
      entry.users += 1;
      entries.delete(key);
      entries.set(key, entry);
      dropOldest();
      let given = true;
      return {
        value: entry.value,
        giveBack() {
          if (!given) return;
          given = false;
          entry.users -= 1;
          closeUnused(entry);
        },
      };
    },
    async close() {
      const all = [...entries.values(), ...leaving].map((entry) => {
        entry.dropped = false;
        return close(entry.value);
      });
      entries.clear();
      leaving.clear();
      await Promise.all([...all, ...closing]);
    },
  };
}
