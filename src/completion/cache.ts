/** Values that are kept for a moment. */
export interface Cache {
  /** The value of that name, loaded where it is not kept, or no more. What fails is not kept. */
  get<Value>(name: string, load: () => Promise<Value>): Promise<Value>;
}

export interface CacheOptions {
  /** Milliseconds of any clock. */
  readonly now: () => number;
  readonly milliseconds: number;
  /** Of which the oldest one goes for a new one. */
  readonly entries: number;
}

/** Makes a cache of its own: what one caller may see must not be in another's. */
export function createCache({ now, milliseconds, entries }: CacheOptions): Cache {
  // From the oldest to the newest.
  const kept = new Map<string, { readonly until: number; readonly value: Promise<unknown> }>();

  const load = <Value>(name: string, loading: () => Promise<Value>): Promise<Value> => {
    const value = loading();
    const entry = { until: now() + milliseconds, value };
    kept.delete(name);
    kept.set(name, entry);
    const [oldest] = kept.keys();
    if (kept.size > entries && oldest !== undefined) kept.delete(oldest);
    value.catch(() => kept.get(name) === entry && kept.delete(name));
    return value;
  };

  return {
    get<Value>(name: string, loading: () => Promise<Value>): Promise<Value> {
      const known = kept.get(name);
      if (known === undefined || known.until <= now()) return load(name, loading);
      // Whoever began it may have given it up: that is no reason for the others to do without.
      return (known.value as Promise<Value>).catch(() => load(name, loading));
    },
  };
}
