import { expect, it } from "vitest";
import { createRecentlyUsed } from "../../src/http/recently-used.ts";

function start(most: number) {
  const closed: string[] = [];
  const used = createRecentlyUsed<string>(most, async (value) => void closed.push(value));
  return {
    closed,
    lease: (key: string) => used.lease(key, () => `${key} ${closed.length}`),
    close: used.close,
  };
}

it("the same key gets the same value, as long as there is room", () => {
  const { lease, closed } = start(2);
  expect(lease("a").value).toBe(lease("a").value);
  lease("b");
  expect(closed).toEqual([]);
});

it("the one that was not used for longest makes room, and is closed once nobody uses it", () => {
  const { lease, closed } = start(2);
  const first = lease("a");
  lease("b").giveBack();
  lease("a").giveBack();
  lease("c").giveBack();
  expect(closed).toEqual(["b 0"]);
  lease("d").giveBack();
  expect(closed).toEqual(["b 0"]);
  first.giveBack();
  first.giveBack();
  expect(closed).toEqual(["b 0", "a 0"]);
  expect(lease("a").value).toBe("a 2");
});

it("closing closes what is kept, once each", async () => {
  const { lease, closed, close } = start(1);
  const dropped = lease("a");
  lease("b");
  dropped.giveBack();
  await close();
  expect(closed.sort()).toEqual(["a 0", "b 0"]);
});

it("closing closes also what dropped out while it is used, and not again when it is given back", async () => {
  const { lease, closed, close } = start(1);
  const dropped = lease("a");
  lease("b");
  await close();
  expect(closed.sort()).toEqual(["a 0", "b 0"]);
  dropped.giveBack();
  expect(closed).toHaveLength(2);
});
