import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compact } from "../../src/answer/compact.ts";
import { estimateTokens } from "../../src/answer/fit.ts";
import { mark, markedSize } from "../../src/answer/mark.ts";
import { readPart } from "../../src/answer/read.ts";
import { redact } from "../../src/answer/redact.ts";
import { createAnswerStore, storeLimits } from "../../src/answer/stored.ts";
import { SelectError } from "../../src/errors.ts";

const answer = (value: unknown) => compact(redact(value, {}), { operationId: "x" });
const minutes = 60_000;

function storeWith(limits = {}) {
  const clock = { now: 0 };
  const store = createAnswerStore({ ...storeLimits, ...limits }, () => clock.now);
  return { clock, store };
}

describe("a stored answer", () => {
  it("is read by its caller for 15 minutes", async () => {
    const { clock, store } = storeWith();
    const id = (await store.keep("alice", answer({ tags: [1, 2] })))!;
    clock.now = 15 * minutes - 1;
    expect((await store.read("alice", id))?.value).toEqual({ tags: [1, 2] });
    clock.now = 15 * minutes;
    expect(await store.read("alice", id)).toBeUndefined();
  });

  it("is for its caller alone, to whom it does not differ from one that never was", async () => {
    const { store } = storeWith();
    const id = (await store.keep("alice", answer({ tags: [1, 2] })))!;
    expect(await store.read("mallory", id)).toBeUndefined();
    expect(await store.read("mallory", "AAAAAAAAAAAAAAAAAAAAAA")).toBeUndefined();
    expect(await store.read("alice", id)).toBeDefined();
  });

  it("has a name of 128 random bits", async () => {
    const { store } = storeWith();
    const names = await Promise.all(
      Array.from({ length: 10 }, async () => (await store.keep("alice", answer(1)))!),
    );
    expect(new Set(names).size).toBe(10);
    for (const name of names) expect(name).toMatch(/^[\w-]{22}$/);
  });

  it("leaves for newer ones when there are too many or they are too large", async () => {
    const { store } = storeWith({ answers: 3, bytes: 100 });
    const ids = await Promise.all(
      ["a", "b", "c", "d"].map(async (text) => (await store.keep(text, answer(text)))!),
    );
    const read = await Promise.all(ids.map((id, index) => store.read("abcd"[index]!, id)));
    expect(read.map((one) => one?.value)).toEqual([undefined, "b", "c", "d"]);
    const large = (await store.keep("e", answer("x".repeat(96))))!;
    expect(await store.read("d", ids[3]!)).toBeUndefined();
    expect((await store.read("e", large))?.value).toHaveLength(96);
    expect(await store.keep("f", answer("x".repeat(100)))).toBeUndefined();
    expect(await store.read("e", large)).toBeDefined();
  });

  it("does not leave because another caller has many", async () => {
    const { store } = storeWith({ answersOfCaller: 2 });
    const id = (await store.keep("alice", answer(1)))!;
    const many = await Promise.all(
      Array.from({ length: 50 }, async (_, number) => (await store.keep("mallory", answer(number)))!),
    );
    expect((await store.read("alice", id))?.value).toBe(1);
    const left = await Promise.all(many.map((one) => store.read("mallory", one)));
    expect(left.filter((one) => one !== undefined)).toHaveLength(2);
  });

  it("does not leave because another caller has large ones", async () => {
    const { store } = storeWith({ bytes: 200, bytesOfCaller: 100 });
    const id = (await store.keep("alice", answer("x".repeat(80))))!;
    const large = await Promise.all(["1", "2"].map((text) => store.keep("mallory", answer(text.repeat(90)))));
    expect((await store.read("alice", id))?.value).toHaveLength(80);
    expect(await store.read("mallory", large[0]!)).toBeUndefined();
    expect((await store.read("mallory", large[1]!))?.value).toHaveLength(90);
    expect(await store.keep("mallory", answer("x".repeat(100)))).toBeUndefined();
    expect(await store.read("mallory", large[1]!)).toBeDefined();
  });
});

describe("reading a stored answer", () => {
  const logs = Array.from({ length: 900 }, (_, id) => ({
    id,
    kind: id % 2 ? "push_repo" : "pull_repo",
    by: { name: `user${id}` },
  }));
  const whole = answer({ logs, start_time: "2026-11-21T07:16:40Z" });
  /** Five megabytes. */
  const large = answer({ logs: Array.from({ length: 100 }, () => logs).flat() });
  const read = (select?: string, page = 1, tokens = 1000) =>
    readPart(whole, { ...(select !== undefined && { select }), page, tokens });

  it("selects by JMESPath", async () => {
    expect((await read("logs[?kind == 'push_repo'].by.name | [:2]")).body.value).toEqual(["user1", "user3"]);
    expect((await read("logs[898:].{id: id, who: by.name}")).body.value).toEqual([
      { id: 898, who: "user898" },
      { id: 899, who: "user899" },
    ]);
    expect((await read("length(logs)")).body.value).toBe(900);
  });

  it("comes page by page, each within the budget, with every element once", async () => {
    const first = await read("logs");
    expect(first.pages).toBeGreaterThan(3);
    const parts = await Promise.all(
      Array.from({ length: first.pages }, (_, index) => read("logs", index + 1)),
    );
    expect(parts.flatMap(({ body }) => body.value)).toEqual(logs);
    for (const { body, cuts } of parts) {
      expect(estimateTokens(JSON.stringify(body.value))).toBeLessThanOrEqual(1000);
      expect(cuts).toEqual([]);
    }
  });

  it("goes through the long list of a whole answer, and gives every other field once", async () => {
    const { pages } = await read();
    const parts = await Promise.all(Array.from({ length: pages }, (_, index) => read(undefined, index + 1)));
    const shown = parts.map(({ body }) => body.value as Partial<{ logs: unknown[]; start_time: string }>);
    expect(shown.flatMap((part) => part.logs ?? [])).toEqual(logs);
    expect(shown.flatMap((part) => part.start_time ?? [])).toEqual(["2026-11-21T07:16:40Z"]);
    expect(parts.flatMap(({ cuts }) => cuts)).toEqual([]);
  });

  it("goes as deep for it as it has to", async () => {
    const Features = logs.map(({ id }) => ({ Name: `package-${id}` }));
    const scan = { status: "scanned", data: { Layer: { Name: "sha256:1", Features } } };
    const page = (number: number) => readPart(answer(scan), { page: number, tokens: 1000 });
    const { pages } = await page(1);
    const parts = await Promise.all(Array.from({ length: pages }, (_, index) => page(index + 1)));
    const layers = parts.map(({ body }) => (body.value as Partial<typeof scan>).data?.Layer);
    expect(layers.flatMap((layer) => layer?.Features ?? [])).toEqual(Features);
  });

  it("has room for the markers of texts and of people's own keys", async () => {
    const labels = Array.from({ length: 300 }, (_, id) => ({
      unstructured_metadata: { [`what somebody wrote ${id}`]: "v1" },
    }));
    const part = await readPart(answer({ labels }), { page: 2, tokens: 1000, sizeOfText: markedSize });
    expect(part.cuts).toEqual([]);
    expect(estimateTokens(JSON.stringify(mark(part.body).value))).toBeLessThanOrEqual(1000);
  });

  it("pages a large text, and joins to the whole of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), async (text) => {
        const manifest_data = text.repeat(200);
        const stored = answer({ manifest_data });
        const page = (number: number) =>
          readPart(stored, { select: "manifest_data", page: number, tokens: 500 });
        const { pages } = await page(1);
        const parts = await Promise.all(Array.from({ length: pages }, (_, index) => page(index + 1)));
        expect(parts.map(({ body }) => body.value).join("")).toBe(manifest_data);
      }),
      { numRuns: 25 },
    );
  });

  it("gives a large element that stands alone most of its page", async () => {
    const Vulnerabilities = Array.from({ length: 200 }, (_, id) => ({ Name: `CVE-2026-${id}`, Score: 9.8 }));
    const stored = answer({ Features: [{ Name: "openssl", Vulnerabilities }] });
    const { body, cuts } = await readPart(stored, { select: "Features", tokens: 1000 });
    expect(estimateTokens(JSON.stringify(body.value))).toBeGreaterThan(800);
    expect(estimateTokens(JSON.stringify(body.value))).toBeLessThanOrEqual(1000);
    expect(cuts).toMatchObject([{ where: "[].Vulnerabilities", what: "elements", of: 200 }]);
  });

  it("cuts what is larger than a page by itself, and says where", async () => {
    const stored = answer({ big: [{ names: Array.from({ length: 5000 }, () => "name") }, 1] });
    const part = await readPart(stored, { select: "big", tokens: 500 });
    expect(part).toMatchObject({
      page: 1,
      pages: 2,
      cuts: [{ where: "[].names", what: "elements", of: 5000 }],
    });
  });

  it.each([
    ["logs[", /^select "logs\[": /],
    ["nothing.there", /selects nothing; the answer has the fields logs, start_time/],
    ["shout(logs)", /^select "shout\(logs\)": /],
    ["logs[].{all: $}", /not available/],
    ["let $x = @ in logs[].{all: $x}", /not available/],
    ["pad_left(start_time, `1000000000`)", /not available/],
    ["join(to_string(@), logs[].kind)", /must be a text/],
    ["[@,@][][@,@][][@,@][][@,@][][@,@][][@,@][][@,@][][@,@][][@,@]", /as large/],
    ["to_string([to_string([to_string([to_string([to_string(@)])])])])", /as large/],
    [`a${".a".repeat(600)}`, /more than 1000/],
  ])("explains why %s was not selected", async (expression, message) => {
    const failed = read(expression);
    await expect(failed).rejects.toThrow(SelectError);
    await expect(failed).rejects.toThrow(message);
  });

  it.each([
    ["many copies", "[logs,logs,logs,logs,logs][][] | [@,@,@,@,@][] | [@,@,@,@,@][]"],
    ["many steps", `logs | ${Array(55).fill("sort_by(@, &id)").join(" | ")}`],
    ["long texts between short ones", `logs[].kind | join('${"x".repeat(600)}', @)`],
    ["each of its characters", "split(to_string(@), '')"],
  ])(
    "refuses at once %s of a large answer, with which a server would be busy for long",
    async (_what, expression) => {
      const started = performance.now();
      const failed = readPart(large, { select: expression, tokens: 1000 });
      await expect(failed).rejects.toThrow(SelectError);
      await expect(failed).rejects.toThrow(/too long on an answer of this size/);
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );

  it("counts by several conditions at once in a large answer, too", async () => {
    const counts = Array.from({ length: 12 }, (_, id) => `c${id}: length(logs[?id == \`${id}\`])`).join();
    const { body } = await readPart(large, { select: `{${counts}}`, tokens: 1000 });
    expect(body.value).toMatchObject({ c0: 100, c11: 100 });
  });

  it("says where there is no such page", async () => {
    await expect(read("logs", 999)).rejects.toThrow(/^There is no page 999: the last is \d+\.$/);
    await expect(read("logs", 0)).rejects.toThrow("There is no page 0: the last is");
  });
});
