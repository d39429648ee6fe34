/** `quay-mcp registry`, as a person or a script starts it: the built program in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

interface Said {
  readonly url: string;
  readonly tokens: Readonly<Record<string, string>>;
}

describe("quay-mcp registry", () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  function run(...flags: string[]) {
    const child = spawn(process.execPath, [program, "registry", ...flags], {
      env: { PATH: process.env.PATH ?? "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]).then(
      ([stdout, stderr, [status]]) => ({ stdout, stderr, status: status as number }),
    );
    return { child, ended };
  }

  /** Starts it, and waits until it has said where it is. */
  async function start(...flags: string[]) {
    const running = run(...flags);
    const [chunk] = (await once(running.child.stdout, "data")) as [Buffer];
    return { ...running, said: chunk.toString() };
  }

  const user = async ({ url, tokens }: Said, kind: string) => {
    const answer = await fetch(`${url}/api/v1/user/`, {
      headers: { Authorization: `Bearer ${tokens[kind]}` },
    });
    return ((await answer.json()) as { username: string }).username;
  };

  it("prints one line of JSON from which any client can begin", async () => {
    const { said } = await start("--json");
    expect(said.trim().split("\n")).toHaveLength(1);
    const parsed = JSON.parse(said) as Said;
    expect(Object.keys(parsed)).toEqual(["url", "tokens"]);
    expect(Object.keys(parsed.tokens)).toEqual(["superuser", "member", "outsider", "readonly_superuser"]);
    const users = await Promise.all(Object.keys(parsed.tokens).map((kind) => user(parsed, kind)));
    expect(users).toEqual(["ada", "bob", "olivia", "auditor"]);
  });

  it("tells a person where it is, every token, and how to use them", async () => {
    const { said } = await start();
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said)!;
    expect(said).toMatch(/superuser +[A-Z0-9]{40}/);
    expect(said).toMatch(new RegExp(`QUAY_URL=${url} QUAY_TOKEN=[A-Z0-9]{40} quay-mcp doctor\n`));
    expect((await fetch(`${url}/api/v1/messages`)).status).toBe(200);
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "ends with status 0 at a %s, also while clients are connected",
    async (signal) => {
      const { child, ended, said } = await start("--json");
      const { port } = new URL((JSON.parse(said) as Said).url);
      const socket = connect(Number(port), "127.0.0.1");
      await once(socket, "connect");
      socket.on("error", () => {});
      child.kill(signal);
      expect(await ended).toMatchObject({ status: 0, stderr: "" });
      socket.destroy();
    },
  );

  it("makes the same registry of the same seed and time", async () => {
    const flags = ["--json", "--seed", "11", "--now", "2026-11-21T12:00:00Z"];
    const tagsOf = async (said: string) => {
      const { url, tokens } = JSON.parse(said) as Said;
      const headers = { Authorization: `Bearer ${tokens.superuser}` };
      const answer = await fetch(`${url}/api/v1/repository/acme/app/tag/?limit=100`, { headers });
      return { tokens, tags: await answer.json() };
    };
    const [one, other] = await Promise.all([start(...flags), start(...flags)]);
    const [oneTags, otherTags] = await Promise.all([tagsOf(one.said), tagsOf(other.said)]);
    expect(otherTags).toEqual(oneTags);
    expect(JSON.stringify(oneTags)).toContain("22 Oct 2026");
  });

  it("takes size and faults as options", async () => {
    const { said } = await start(
      "--json",
      "--repositories",
      "300",
      "--tags-per-repository",
      "3",
      "--faults",
      "503=1",
    );
    const { url, tokens } = JSON.parse(said) as Said;
    const path = `${url}/api/v1/repository/load-01/service-00299/tag/`;
    const headers = { Authorization: `Bearer ${tokens.superuser}` };
    expect((await fetch(path, { headers })).status).toBe(503);
    await fetch(`${url}/_control/faults`, { method: "DELETE" });
    const { tags } = (await (await fetch(path, { headers })).json()) as { tags: unknown[] };
    expect(tags).toHaveLength(3);
  });

  it.each([
    [["--port", "http"], "--port must be a whole number"],
    [["--port", "70000"], "--port must be at most 65535"],
    [["--seed", "-1"], "--seed must be a whole number"],
    [["--now", "noon"], "--now must be a time such as 2026-11-21T09:00:00Z"],
    [["--repositories", "1e3"], "--repositories must be a whole number"],
    [["--tags-per-repository", "5000"], "--tags-per-repository must be at most 1000"],
    [["--latency", "fast"], "--latency must be a whole number"],
    [
      ["--faults", "418=1"],
      "--faults must be shares from 0 to 1 of 429, 503, reset, hang, such as 429=0.1,hang=0.01",
    ],
    [["--faults", "429=0.9,503=0.9"], "--faults: the shares of the faults add up to more than 1"],
  ] as const)("refuses %j in one sentence, with status 2", async (flags, sentence) => {
    expect(await run(...flags).ended).toEqual({ stdout: "", stderr: `quay-mcp: ${sentence}.\n`, status: 2 });
  });

  it("says in one sentence that a port is in use, with status 2", async () => {
    const { said } = await start("--json");
    const { port } = new URL((JSON.parse(said) as Said).url);
    expect(await run("--port", port).ended).toEqual({
      stdout: "",
      stderr: `quay-mcp: Port ${port} is in use: choose another with --port, or leave it away.\n`,
      status: 2,
    });
  });
});
