import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Answering, type AskingSession, eras, type Form } from "../support/asking.ts";
import { changesOf } from "../support/changes.ts";
import { shareRegistry, superuserOf } from "../support/registry.ts";

const registry = await shareRegistry();
const settings = superuserOf(registry);

const repository = "acme/app";

describe.each(eras)(
  "with a client of protocol $revision whose user can be asked",
  ({ revision, connect }) => {
    let session: AskingSession;
    let forms: Form[];
    let answer: Answering;

    beforeAll(async () => {
      session = await connect({ settings, flags: ["--allow", "destructive"] }, (form) => {
        forms.push(form);
        return answer(form);
      });
    });
    beforeEach(() => {
      forms = [];
    });
    afterAll(() => session.close());

    const accept =
      (name: string): Answering =>
      () => ({ action: "accept", content: { name } });

    it("sends a destructive call once its user has typed the target, and says how to take it back", async () => {
      const tag = revision === "2025-11-25" ? "v2.3" : "v2.2";
      answer = accept(`${repository}:${tag}`);
      const { text, isError } = await session.callTool("delete_tag", { repository, tag });
      expect(isError).toBe(false);
      const { status, undo } = JSON.parse(text);
      expect([status, undo.tool]).toEqual([204, "restore_tag"]);
      expect(changesOf(registry)).toEqual([`DELETE /api/v1/repository/acme/app/tag/${tag} 204`]);
      const digest = undo.arguments.manifest_digest;
      expect(forms).toMatchObject([
        {
          message: expect.stringMatching(
            new RegExp(`^Delete tag: acme/app:${tag}\n.*${digest}.*taken back with restore_tag`, "s"),
          ),
          requestedSchema: { properties: { name: { type: "string" } }, required: ["name"] },
        },
      ]);
      expect(Object.keys(forms[0]!.requestedSchema.properties)).toEqual(["name"]);
    });

    it.each<[string, Answering, RegExp]>([
      ["declines", () => ({ action: "decline" }), /declined/],
      ["cancels", () => ({ action: "cancel" }), /did not answer/],
      ["types another name", accept("acme/app:v2.4"), /typed another name than "acme\/app:latest"/],
      ["types the name in other letters", accept("ACME/app:latest"), /another name/],
      ["types nothing", () => ({ action: "accept", content: {} }), /another name/],
      ["types a space behind it", accept("acme/app:latest "), /another name/],
    ])("sends nothing where its user %s", async (_what, meant, words) => {
      answer = meant;
      const { text, isError } = await session.callTool("delete_tag", { repository, tag: "latest" });
      expect(isError).toBe(true);
      expect(text).toMatch(words);
      expect(text).toMatch(/Nothing was changed\.$/);
      expect(changesOf(registry)).toEqual([]);
      expect(forms).toHaveLength(1);
    });

    it("never gives it a code, and does not take one from it", async () => {
      answer = () => ({ action: "decline" });
      const first = await session.callTool("delete_tag", { repository, tag: "latest" });
      expect(first.text).not.toMatch(/"confirm"/);
      await session.callTool("delete_tag", { repository, tag: "latest", confirm: "A".repeat(64) });
      expect(forms).toHaveLength(2);
      expect(changesOf(registry)).toEqual([]);
    });

    it("sends nothing where the client fails to ask", async () => {
      answer = () => {
        throw new Error("no window");
      };
      const said = await session.callTool("delete_tag", { repository, tag: "latest" }).catch(String);
      expect(JSON.stringify(said)).toMatch(/did not answer|no window/);
      expect(changesOf(registry)).toEqual([]);
    });

    it("sends nothing where the client gives up while its user is asked", async () => {
      const giveUp = new AbortController();
      answer = async () => {
        giveUp.abort();
        return { action: "accept", content: { name: `${repository}:latest` } };
      };
      const call = session.callTool("delete_tag", { repository, tag: "latest" }, { signal: giveUp.signal });
      await expect(call).rejects.toThrow();
      await session.callTool("list_tags", { repository, limit: 1 });
      expect(changesOf(registry)).toEqual([]);
    });

    it("sends nothing where the client vanishes while its user is asked", async () => {
      const vanishing: AskingSession = await connect(
        { settings, flags: ["--allow", "destructive"] },
        async () => {
          // Closing ends only when the program has.
          await vanishing.close();
          return { action: "accept", content: { name: `${repository}:latest` } };
        },
      );
      await expect(vanishing.callTool("delete_tag", { repository, tag: "latest" })).rejects.toThrow();
      await vanishing.close();
      expect(changesOf(registry)).toEqual([]);
    });

    it("sends nothing where what it would change was changed while its user was asked", async () => {
      answer = async () => {
        await fetch(`${registry.url}/api/v1/repository/${repository}/tag/pr-318`, {
          method: "PUT",
          headers: {
            authorization: `Bearer ${registry.tokens.superuser}`,
            "content-type": "application/json",
          },
          body: JSON.stringify({ expiration: revision === "2025-11-25" ? 2_000_000_000 : 2_100_000_000 }),
        });
        registry.requests.length = 0;
        return { action: "accept", content: { name: `${repository}:pr-318` } };
      };
      const { text, isError } = await session.callTool("delete_tag", { repository, tag: "pr-318" });
      expect(isError).toBe(true);
      expect(text).toMatch(/no longer what it was/);
      expect(changesOf(registry)).toEqual([]);
    });

    it("asks before a write that escalates, says why, and not before one that does not", async () => {
      const name = `asked-${revision}`;
      answer = accept(`acme/${name}`);
      const create = { repository: `acme/${name}`, description: "" };
      await session.callTool("create_repository", { ...create, visibility: "public" });
      expect(forms).toMatchObject([{ message: expect.stringContaining('visibility is "public".') }]);
      await session.callTool("create_repository", {
        ...create,
        repository: `acme/${name}-too`,
        visibility: "private",
      });
      expect(forms).toHaveLength(1);
      expect(changesOf(registry)).toEqual(["POST /api/v1/repository 201", "POST /api/v1/repository 201"]);
    });
  },
);

describe("a client of protocol 2025-11-25 that wants to hear of progress", () => {
  it("hears that its user is being asked", async () => {
    let heard: (() => void) | undefined;
    const progress = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const session = await eras[0]!.connect({ settings, flags: ["--allow", "destructive"] }, async () => {
      await progress;
      return { action: "decline" };
    });
    const messages: unknown[] = [];
    const { text } = await session.callTool(
      "delete_tag",
      { repository, tag: "latest" },
      {
        onprogress({ message }) {
          messages.push(message);
          heard?.();
        },
      },
    );
    await session.close();
    expect(text).toMatch(/declined/);
    expect(messages).toEqual(["Waiting for the user's confirmation"]);
  });
});

describe.each(eras)(
  "with a client of protocol $revision that can open URLs and show no forms",
  ({ connect }) => {
    it("gives a code instead of asking", async () => {
      const session = await connect(
        { settings, flags: ["--allow", "destructive"] },
        () => {
          throw new Error("it was asked");
        },
        { url: {} },
      );
      const { text, isError } = await session.callTool("delete_tag", { repository, tag: "latest" });
      await session.close();
      expect(isError).toBe(false);
      expect(JSON.parse(text)).toMatchObject({ sent: false, confirm: expect.stringMatching(/^[\w-]{64}$/) });
      expect(changesOf(registry)).toEqual([]);
    });
  },
);
