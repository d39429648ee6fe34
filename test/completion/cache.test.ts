import { describe, expect, it } from "vitest";
import { createCache } from "../../src/completion/cache.ts";

describe("the cache of completions", () => {
  const create = (entries = 10) => {
    let time = 0;
    let loads = 0;
    const cache = createCache({ now: () => time, milliseconds: 60_000, entries });
    const load = async () => {
      loads += 1;
      return loads;
    };
    return { get: (name: string) => cache.get(name, load), cache, pass: (by: number) => (time += by) };
  };

  it("keeps a value for its time, and no longer", async () => {
    const { get, pass } = create();
    expect([await get("a"), await get("a"), await get("b")]).toEqual([1, 1, 2]);
    pass(59_999);
    expect(await get("a")).toBe(1);
    pass(1);
    expect(await get("a")).toBe(3);
  });

  it("holds so many, and lets the oldest go", async () => {
    const { get } = create(2);
    expect([await get("a"), await get("b"), await get("c")]).toEqual([1, 2, 3]);
    expect([await get("c"), await get("b"), await get("a")]).toEqual([3, 2, 4]);
  });

  it("loads once for those who ask at the same time", async () => {
    const { get } = create();
    expect(await Promise.all([get("a"), get("a"), get("a")])).toEqual([1, 1, 1]);
  });

  it("keeps nothing that failed, and what one gave up the others load themselves", async () => {
    const { get, cache } = create();
    const failing = cache.get("a", () => Promise.reject(new Error("given up")));
    const other = get("a");
    await expect(failing).rejects.toThrow("given up");
    expect(await other).toBe(1);
    expect(await get("a")).toBe(1);
  });
});
