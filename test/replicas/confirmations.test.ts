/** What replicas must not let through: every case is asked of both, and the registry says what came through. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callTool, type Reply } from "./caller.ts";
import { freshTags, type Ground, openGround, type TagName } from "./ground.ts";

let ground: Ground;
const tags = freshTags();
const freshTag = (): TagName => tags.next().value;

beforeAll(async () => {
  ground = await openGround();
});

afterAll(async () => {
  await ground?.close();
});

interface Attempt {
  readonly replica: 0 | 1;
  readonly token: string;
  readonly target: TagName;
  readonly tool?: string;
  readonly code?: unknown;
}

const remove = ({ replica, token, target, tool = "delete_tag", code }: Attempt): Promise<Reply> => {
  const given = { ...target, ...(code !== undefined && { confirm: code }) };
  return callTool({ url: ground.replicas[replica].url, token, tool, given });
};

const codeFor = async (attempt: Attempt): Promise<string> => {
  const { code, text } = await remove(attempt);
  expect(code, text).toMatch(/^[\w-]{64}$/);
  return code!;
};

describe("a code", () => {
  it("that one replica gave holds on the other, and once", async () => {
    const [token, target] = [ground.newCaller(), freshTag()];
    const code = await codeFor({ replica: 0, token, target });
    expect((await remove({ replica: 1, token, target, code })).isDone).toBe(true);
    for (const replica of [0, 1] as const) {
      expect((await remove({ replica, token, target, code })).isDone).toBe(false);
    }
    expect(ground.deletions(target)).toBe(1);
  });

  it("that comes to both replicas at once acts once", async () => {
    for (let round = 0; round < 20; round++) {
      const [token, target] = [ground.newCaller(), freshTag()];
      const code = await codeFor({ replica: 0, token, target });
      const replies = await Promise.all(
        ([0, 1, 0, 1] as const).map((replica) => remove({ replica, token, target, code })),
      );
      expect(replies.filter(({ isDone }) => isDone)).toHaveLength(1);
      expect(ground.deletions(target)).toBe(1);
    }
  });

  it("that was used is refused after its target came back, on every replica", async () => {
    const [token, target] = [ground.newCaller(), freshTag()];
    const code = await codeFor({ replica: 0, token, target });
    const [tag] = (await listTags(token, target)).tags;
    await remove({ replica: 0, token, target, code });
    const { manifest_digest } = tag!;
    const given = { ...target, manifest_digest };
    const restored = await callTool({ url: ground.url, token, tool: "restore_tag", given });
    expect(restored.isDone || restored.code !== undefined, restored.text).toBe(true);
    if (restored.code !== undefined)
      await callTool({
        url: ground.url,
        token,
        tool: "restore_tag",
        given: { ...given, confirm: restored.code },
      });
    for (const replica of [0, 1] as const) {
      const replayed = await remove({ replica, token, target, code });
      expect(replayed.text).toMatch(/already used/);
    }
    expect(ground.deletions(target)).toBe(1);
  });

  it.each<[string, (code: string) => unknown]>([
    ["random", () => randomBytes(48).toString("base64url")],
    ["empty", () => ""],
    ["a list", (code) => [code]],
    ["cut", (code) => code.slice(0, 40)],
    ["of another nonce", (code) => flipped(code, 0)],
    ["of another expiry", (code) => flipped(code, 12)],
    ["of another call", (code) => flipped(code, 16)],
    ["of another target", (code) => flipped(code, 47)],
  ])("that is %s is refused by both replicas", async (_what, forge) => {
    const [token, target] = [ground.newCaller(), freshTag()];
    const code = forge(await codeFor({ replica: 0, token, target }));
    for (const replica of [0, 1] as const) {
      expect((await remove({ replica, token, target, code })).isDone).toBe(false);
    }
    expect(ground.deletions(target)).toBe(0);
  });

  it("of one caller, one target or one tool is refused for another, and stays its own", async () => {
    const [token, mallory, target, bait] = [ground.newCaller(), ground.newCaller(), freshTag(), freshTag()];
    const code = await codeFor({ replica: 0, token, target });
    for (const replica of [0, 1] as const) {
      for (const attempt of [
        { token: mallory, target },
        { token, target: bait },
        { token: mallory, target: bait },
      ]) {
        const reply = await remove({ replica, code, ...attempt });
        expect(reply.isDone).toBe(false);
        expect(reply.text).toMatch(/not a code for this call/);
      }
      const other = await callTool({
        url: ground.replicas[replica].url,
        token,
        tool: "update_tag",
        given: { ...target, expiration: "2030-01-01T00:00:00Z", confirm: code },
      });
      expect(other.isDone).toBe(false);
    }
    expect([ground.deletions(target), ground.deletions(bait)]).toEqual([0, 0]);
    expect((await remove({ replica: 1, token, target, code })).isDone).toBe(true);
    expect(ground.deletions(target)).toBe(1);
  });
});

describe("the state of a question", () => {
  const ask = (replica: 0 | 1, token: string, target: TagName, state?: string) =>
    callTool({
      url: ground.replicas[replica].url,
      token,
      tool: "delete_tag",
      given: { ...target },
      form: { ...(state !== undefined && { state }), name: `${target.repository}:${target.tag}` },
    });

  it("that one replica asked is answered to the other, and once", async () => {
    const [token, target] = [ground.newCaller(), freshTag()];
    const { state, text } = await ask(0, token, target);
    expect(state, text).toMatch(/^[\w-]{64}$/);
    const replies = await Promise.all(
      ([1, 0, 1, 0] as const).map((replica) => ask(replica, token, target, state)),
    );
    expect(replies.filter(({ isDone }) => isDone)).toHaveLength(1);
    for (const replica of [0, 1] as const) {
      expect((await ask(replica, token, target, state)).isDone).toBe(false);
    }
    expect(ground.deletions(target)).toBe(1);
  });

  it("is refused from another caller, for another target, forged, and as a code", async () => {
    const [token, mallory, target, bait] = [ground.newCaller(), ground.newCaller(), freshTag(), freshTag()];
    const { state } = await ask(0, token, target);
    const code = await codeFor({ replica: 0, token, target });
    for (const replica of [0, 1] as const) {
      const replies = await Promise.all([
        ask(replica, mallory, target, state),
        ask(replica, token, bait, state),
        ask(replica, token, target, flipped(state!, 20)),
        ask(replica, token, target, code),
        remove({ replica, token, target, code: state }),
      ]);
      expect(replies.map(({ isDone }) => isDone)).toEqual(replies.map(() => false));
    }
    expect([ground.deletions(target), ground.deletions(bait)]).toEqual([0, 0]);
  });
});

describe("the brake", () => {
  it("counts the calls of one caller on all replicas together, and no others'", async () => {
    const [token, other] = [ground.newCaller(), ground.newCaller()];
    const asked = [];
    for (let call = 0; call < 12; call++) {
      const target = freshTag();
      const replica = call % 2 === 0 ? 0 : 1;
      asked.push({ replica, token, target, code: await codeFor({ replica, token, target }) } as const);
    }
    const attempts: Reply[] = [];
    for (const each of asked) attempts.push(await remove(each));
    expect(attempts.map(({ isDone }) => isDone)).toEqual(attempts.map((_reply, index) => index < 10));
    for (const { text } of attempts.slice(10)) expect(text).toMatch(/--brake 10/);
    const target = freshTag();
    const code = await codeFor({ replica: 0, token: other, target });
    expect((await remove({ replica: 1, token: other, target, code })).isDone).toBe(true);
  });
});

describe("an answer that was cut", () => {
  it("is kept by one replica and read through the other, by its caller alone", async () => {
    const [token, mallory] = [ground.newCaller(), ground.newCaller()];
    const [one, other] = ground.replicas;
    const cut = await callTool({
      url: one.url,
      token,
      tool: "list_repositories",
      given: { namespace: "load-01", last_modified: true },
    });
    const id = /\b[\w-]{22}\b(?=\W)/.exec(cut.text.slice(cut.text.lastIndexOf("read_answer")))?.[0];
    expect(id, cut.text.slice(-600)).toBeDefined();
    const read = (url: string, by: string) =>
      callTool({ url, token: by, tool: "read_answer", given: { id, select: "length(repositories)" } });
    const rest = await read(other.url, token);
    expect(rest.isDone, rest.text).toBe(true);
    expect(JSON.parse(rest.text)).toMatchObject({ answer: 100 });
    expect((await read(one.url, token)).text).toBe(rest.text);
    for (const { url } of ground.replicas) {
      const stolen = await read(url, mallory);
      expect(stolen.isDone).toBe(false);
      expect(stolen.text).toMatch(/No answer is kept/);
    }
  });
});

interface Tags {
  readonly tags: readonly { readonly manifest_digest: string }[];
}

async function listTags(token: string, { repository, tag }: TagName): Promise<Tags> {
  const given = { repository, specificTag: tag, onlyActiveTags: true };
  const { text } = await callTool({ url: ground.url, token, tool: "list_tags", given });
  return JSON.parse(text) as Tags;
}

/** The same seal with one bit of a byte changed. */
function flipped(seal: string, byte: number): string {
  const bytes = Buffer.from(seal, "base64url");
  bytes[byte]! ^= 1;
  return bytes.toString("base64url");
}
