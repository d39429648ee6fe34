/** Reading the rest of an answer that was cut to fit, as a client does. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shareRegistry, superuserOf } from "../support/registry.ts";
import { revisions, type Session } from "../support/revisions.ts";

const registry = await shareRegistry();
const settings = superuserOf(registry);

interface Part {
  readonly page: number;
  readonly pages: number;
  readonly answer: readonly unknown[];
  readonly cuts?: unknown;
}

describe.each(revisions)("with a client of protocol $revision", ({ connect }) => {
  const tags = { repository: "acme/app", limit: 100 };
  let session: Session;
  let id: string;
  let whole: { readonly tags: readonly { readonly name: string; readonly manifest_digest: string }[] };

  beforeAll(async () => {
    session = await connect({ settings, flags: ["--answer-tokens", "600"] });
    const { text } = await session.callTool("list_tags", tags);
    const { note } = JSON.parse(text);
    [, id = ""] = /read_answer with id "([^"]+)"/.exec(note) ?? [];
    const roomy = await connect({ settings, flags: ["--answer-tokens", "100000"] });
    whole = JSON.parse((await roomy.callTool("list_tags", tags)).text);
    await roomy.close();
  });
  afterAll(() => session.close());

  const read = async (given: Record<string, unknown>): Promise<Part> =>
    JSON.parse((await session.callTool("read_answer", { id, ...given })).text);

  it("page by page it is the whole answer, and the registry is asked nothing", async () => {
    const pairs: unknown[] = [];
    let pages = 1;
    for (let page = 1; page <= pages; page += 1) {
      const part = await read({ select: "tags[].[name, manifest_digest]", page });
      pairs.push(...part.answer);
      pages = part.pages;
    }
    expect(pages).toBeGreaterThan(1);
    expect(pairs).toEqual(whole.tags.map((tag) => [tag.name, tag.manifest_digest]));
    expect(registry.requests).toEqual([]);
  });

  it("takes JMESPath for a part of it", async () => {
    const { answer, page, pages } = await read({ select: "[length(tags)]" });
    expect({ answer, page, pages }).toEqual({ answer: [whole.tags.length], page: 1, pages: 1 });
  });

  it("marks what strangers wrote, and says what it leaves out", async () => {
    const repository = "acme/guidance";
    const listed = JSON.parse((await session.callTool("list_tags", { repository, limit: 1 })).text);
    const scanned = await session.callTool("get_manifest_security", {
      repository,
      manifestref: listed.tags[0].manifest_digest,
      vulnerabilities: true,
    });
    const [, scan] = /read_answer with id "([^"]+)"/.exec(JSON.parse(scanned.text).note) ?? [];
    const select = "data.Layer.Features[].Vulnerabilities[].Description | [0]";
    const { text } = await session.callTool("read_answer", { id: scan, select });
    expect(JSON.parse(text).answer).toMatch(/^<data-(\d{6})>.+<\/data-\1>$/);
    const top = await session.callTool("read_answer", { id: scan, select: "[data]" });
    const { page, cuts } = JSON.parse(top.text);
    expect(page).toBe(1);
    expect(cuts).toContainEqual({
      where: "[].Layer.Features",
      what: "elements",
      shown: expect.any(Number),
      of: expect.any(Number),
    });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["an id that nothing is kept under", { id: "nothing" }, /kept for 15 minutes.*Make the call again\.$/],
    ["an expression that is none", { select: "tags[" }, /^select "tags\[":/],
    [
      "an expression that selects nothing",
      { select: "nothing" },
      /selects nothing; the answer has the fields/,
    ],
    ["a page that is not there", { page: 1000 }, /^There is no page 1000: the last is \d+\./],
    ["a page before the first", { page: 0 }, /^read_answer was not called\. "page" must be/],
  ])("says so for %s", async (_what, given, words) => {
    const { text, isError } = await session.callTool("read_answer", { id, ...given });
    expect(isError).toBe(true);
    expect(text).toMatch(words);
    expect(registry.requests).toEqual([]);
  });

  it("is not for another server's caller", async () => {
    const other = await connect({ settings });
    const { isError } = await other.callTool("read_answer", { id });
    await other.close();
    expect(isError).toBe(true);
  });
});
