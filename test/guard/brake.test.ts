import { describe, expect, it } from "vitest";
import { brakeStore, createBrake } from "../../src/guard/brake.ts";

describe("the brake", () => {
  it("lets as many calls pass in any minute as its limit, and says so to the next", async () => {
    let time = 0;
    const brake = createBrake({ limit: 2, store: brakeStore(), now: () => time });
    expect(await brake.refusal("delete_tag", "ada")).toBeUndefined();
    time = 59_000;
    expect(await brake.refusal("delete_tag", "ada")).toBeUndefined();
    expect(await brake.refusal("delete_tag", "ada")).toMatch(/^delete_tag was not sent: 2 .*--brake 2/);
    time = 60_000;
    expect(await brake.refusal("delete_tag", "ada")).toBeUndefined();
    expect(await brake.refusal("delete_tag", "ada")).toMatch(/not sent/);
  });

  it("counts each caller alone", async () => {
    const brake = createBrake({ limit: 1, store: brakeStore(), now: () => 0 });
    expect(await brake.refusal("delete_tag", "ada")).toBeUndefined();
    expect(await brake.refusal("delete_tag", "bob")).toBeUndefined();
    expect(await brake.refusal("delete_tag", "bob")).toBeDefined();
  });

  it("is one brake for processes that share its counts", async () => {
    const store = brakeStore();
    const [one, other] = [0, 0].map(() => createBrake({ limit: 1, store, now: () => 0 }));
    expect(await one!.refusal("delete_tag", "ada")).toBeUndefined();
    expect(await other!.refusal("delete_tag", "ada")).toBeDefined();
  });

  it("counts no longer than a minute, in whatever order callers come back", async () => {
    const store = brakeStore();
    const admit = (caller: string, now: number) => store.admit(caller, 1, now);
    expect([await admit("ada", 0), await admit("bob", 30_000), await admit("ada", 59_999)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([await admit("ada", 60_000), await admit("bob", 60_000), await admit("bob", 90_000)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("says what it would say, without counting", async () => {
    let time = 0;
    const brake = createBrake({ limit: 1, store: brakeStore(), now: () => time });
    for (let look = 0; look < 3; look++) expect(await brake.outlook("delete_tag", "ada")).toBeUndefined();
    expect(await brake.refusal("delete_tag", "ada")).toBeUndefined();
    expect(await brake.outlook("delete_tag", "ada")).toMatch(/^delete_tag was not sent: 1 .* call was made/);
    expect(await brake.outlook("delete_tag", "bob")).toBeUndefined();
    time = 60_000;
    expect(await brake.outlook("delete_tag", "ada")).toBeUndefined();
  });

  it("is off at 0", async () => {
    const brake = createBrake({ limit: 0, store: brakeStore(), now: () => 0 });
    for (let call = 0; call < 100; call++) expect(await brake.refusal("delete_tag", "ada")).toBeUndefined();
    expect(await brake.outlook("delete_tag", "ada")).toBeUndefined();
  });
});
