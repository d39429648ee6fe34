import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compact } from "../../src/answer/compact.ts";
import { unmark } from "../../src/answer/mark.ts";
import type { Redacted } from "../../src/answer/redact.ts";
import { argumentSchema } from "../../src/arguments.ts";
import { compareAnswer, troublesOfError } from "../support/answers.ts";
import { type DerivedCall, deriveCall } from "../support/derive.ts";
import { type Recording, recordings } from "../support/facts.ts";
import { type Playback, registryToken, startPlayback } from "../support/playback.ts";
import { connectProgram } from "../support/program.ts";
import { routeOf } from "../support/routes.ts";
import { wireDifferences } from "../support/wire.ts";
import {
  credentialsRemoved,
  neverCalls,
  refusedAsByQuay,
  refusedUnlikeByQuay,
  sentDifferently,
} from "./on-purpose.ts";

const token = "CANARYoauthtoken0123456789ABCDEFGHIJKLMN";

interface Case {
  readonly title: string;
  readonly recording: Recording;
  readonly call: DerivedCall | undefined;
  readonly refused: readonly Refusal[];
}

/** An argument that the tool's schema refuses. */
interface Refusal {
  readonly argument: string;
  /** `tool: argument value` */
  readonly words: string;
}

const cases: readonly Case[] = recordings
  .filter(({ method, path }) => routeOf(method, path)?.inReference === true)
  .map((recording) => {
    const call = deriveCall(recording);
    return {
      title: `${recording.phase}: ${recording.method} ${recording.path.replace("/api/v1", "")} ${recording.status}`,
      recording,
      call,
      refused: call === undefined ? [] : refusals(call),
    };
  });

const calls = cases.filter((one): one is Case & { readonly call: DerivedCall } => one.call !== undefined);
const yielding = calls.filter(({ call }) => call.tool.yieldsCredential);
const mistaken = calls.filter((one) => one.refused.length > 0 && !yielding.includes(one));
const sent = calls.filter((one) => one.refused.length === 0 && !yielding.includes(one));
const failing = sent.filter(({ recording }) => recording.status >= 300);
const succeeding = sent.filter(({ recording }) => recording.status < 300);

let playback: Playback;
let client: Client;

beforeAll(async () => {
  playback = await startPlayback();
  client = await connectProgram({
    QUAY_URL: playback.url,
    QUAY_TOKEN: token,
    QUAY_MCP_ALLOW: "destructive",
    QUAY_MCP_CONFIRM: "never",
    QUAY_MCP_BRAKE: "0",
    QUAY_MCP_ANSWER_TOKENS: "1000000",
  });
});

afterAll(async () => {
  await client.close();
  await playback.close();
});

/** Makes a call with its answer at the ready; whatever it is about, no credential may come back. */
async function play({
  call,
  recording,
}: {
  call: DerivedCall;
  recording: Recording;
}): Promise<{ text: string; isError: boolean }> {
  playback.play(recording);
  const { content, isError = false } = await client.callTool({
    name: call.tool.name,
    arguments: call.arguments,
  });
  const [first] = content;
  const text = first?.type === "text" ? first.text : "";
  expect(text).not.toMatch(/CANARY/);
  return { text, isError };
}

function refusals({ tool, arguments: given }: DerivedCall): Refusal[] {
  const { error } = argumentSchema(tool).safeParse(given);
  return (error?.issues ?? []).flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        argument: key,
        words: `${tool.name}: ${[...issue.path, key].join(".")} is unknown`,
      }));
    }
    const value = issue.path.reduce<unknown>(
      (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
      given,
    );
    const shown = value === undefined ? "is missing" : JSON.stringify(value).slice(0, 40);
    return [{ argument: String(issue.path.at(-1)), words: `${tool.name}: ${issue.path.join(".")} ${shown}` }];
  });
}

describe("the recordings", () => {
  it("hold 323 exchanges of the 189 operations, and 274 that were meant to be refused", () => {
    const count = (...phases: string[]) =>
      cases.filter(({ recording }) => phases.includes(recording.phase)).length;
    expect(count("happy", "get", "delete")).toBe(323);
    expect(count("error")).toBe(274);
  });

  it("are all calls of tools, but for bodies that no argument could mean", () => {
    const impossible = cases
      .filter(({ call }) => call === undefined)
      .map(({ recording }) => JSON.stringify(recording.requestBody));
    expect(impossible).toEqual(neverCalls.map(({ body }) => body));
  });

  it("are refused by a schema where Quay refuses them, too, or with good reason", () => {
    const refused = (one: (status: number) => boolean) => [
      ...new Set(
        calls
          .filter(({ recording }) => one(recording.status))
          .flatMap((call) => call.refused.map(({ words }) => words)),
      ),
    ];
    expect(refused((status) => status >= 400).sort()).toEqual([...refusedAsByQuay].sort());
    expect(refused((status) => status < 400).sort()).toEqual(
      refusedUnlikeByQuay.flatMap((reason) => reason.arguments).sort(),
    );
  });
});

describe("a call with wrong arguments", () => {
  it.each(mistaken)("is refused unsent, naming each of them: $refused", async (one) => {
    const { text, isError } = await play(one);
    expect(isError).toBe(true);
    expect(playback.requests).toEqual([]);
    expect(text).toMatch(/^[a-z_]+ was not called\. .*[^.]\.$/);
    for (const { argument } of one.refused) expect(text).toContain(argument);
  });
});

describe("a call whose answer is a credential", () => {
  it.each(yielding)("is refused unsent: $title", async (one) => {
    const { text, isError } = await play(one);
    expect(isError).toBe(true);
    expect(playback.requests).toEqual([]);
    expect(text).toMatch(/credential/);
  });
});

describe("a call sends what was recorded", () => {
  const found = new Set<string>();
  const meant = sentDifferently.flatMap(({ differences }) => differences);

  it.each(sent)("$title", async (one) => {
    const { call, recording } = one;
    await play(one);
    expect(playback.requests).toHaveLength(1);
    const [request] = playback.requests;
    const differences = wireDifferences(call.tool, recording, request!);
    for (const difference of differences) found.add(difference);
    expect(differences.filter((difference) => !meant.includes(difference))).toEqual([]);
    const own = call.tool.authentication === "registry-token" ? registryToken : token;
    expect(request!.authorization).toBe(`Bearer ${own}`);
  });

  it("and nothing else on purpose but where it still does", () => {
    expect(meant.filter((difference) => !found.has(difference))).toEqual([]);
  });
});

describe("an error of Quay becomes an error that a person understands", () => {
  it.each(failing)("$title", async (one) => {
    const { text, isError } = await play(one);
    expect(isError).toBe(true);
    expect(
      troublesOfError(unmark(text) as string, one.recording.status, wordsOf(one.recording.body)),
    ).toEqual([]);
  });
});

describe("an answer of Quay comes back", () => {
  const removed = new Set<string>();

  it.each(succeeding)("$title", async (one) => {
    const { tool } = one.call;
    const { body, status } = one.recording;
    const { text, isError } = await play(one);
    expect(isError).toBe(false);
    const answer = unmark(JSON.parse(text));
    if (isCut(body)) return expect(text.length).toBeGreaterThan(10_000);
    const { note, undo, ...rest } = answer as { note?: string; undo?: unknown };
    const silent =
      tool.silent !== undefined && (typeof body !== "object" || body === null || saysNothing(body));
    const alone = typeof body === "object" && body !== null && !silent && undo === undefined;
    const kept = compact({ value: body } as Redacted, tool).value;
    const expected = alone ? kept : { status, ...(body === "" ? {} : { answer: kept }) };
    const { changed, redacted } = compareAnswer(expected, alone ? answer : rest);
    expect(changed.filter((path) => !(path === ".answer" && body === ""))).toEqual([]);
    if (tool.bringsCredential) expect(note).toMatch(/^The credential in the answer is hidden/);
    else if (!alone) expect(note).toBe(silent ? tool.silent : undefined);
    for (const path of redacted) removed.add(`${tool.name}: ${alone ? path : path.replace(/^answer\./, "")}`);
  });

  it("without its credentials, and with everything else", () => {
    expect([...removed].sort()).toEqual(credentialsRemoved.flatMap(({ fields }) => fields).sort());
  });
});

describe("a success that may have changed nothing says so", () => {
  it.each([
    ["DELETE", "/api/v1/message/nosuch"],
    ["DELETE", "/api/v1/user/starred/devtable/complex"],
    ["DELETE", "/api/v1/repository/acme/nosuch"],
    ["POST", "/api/v1/repository/devtable/dockerimage/tag/nosuch/restore"],
    ["POST", "/api/v1/user/starred"],
  ])("%s %s", async (method, path) => {
    const one = succeeding.find(
      ({ recording }) =>
        recording.phase === "error" && recording.method === method && recording.path === path,
    )!;
    const { text, isError } = await play(one);
    expect(isError).toBe(false);
    expect(JSON.parse(text)).toMatchObject({
      status: one.recording.status,
      note: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });
});

/** Quay's own words in an error, as far as a text has them on one line. */
function wordsOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { detail, message, error } = body as Record<string, unknown>;
  const words = [detail, message, error].find((word) => typeof word === "string" && word !== "") as
    | string
    | undefined;
  if (words?.includes("is valid under each of")) return undefined;
  return words?.replace(/\n.*/s, "").replace(/\.$/, "").slice(0, 200);
}

function isCut(body: unknown): boolean {
  return typeof body === "object" && body !== null && "_truncated" in body;
}

function saysNothing(body: object): boolean {
  return Object.keys(body).length === 0;
}
