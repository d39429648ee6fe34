import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { run } from "../support/program.ts";
import { shareRegistry, superuserOf } from "../support/registry.ts";

const registry = await shareRegistry();
const settings = superuserOf(registry);

describe("quay-mcp call", () => {
  it("prints the answer on standard output", async () => {
    const { status, stdout, stderr } = await run({
      settings,
      flags: ["call", "list_tags", '{"repository": "acme/app", "limit": 1}'],
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ tags: [{ name: expect.any(String) }] });
  });

  it("needs no arguments where the tool needs none", async () => {
    const { stdout } = await run({ settings, flags: ["call", "get_my_user"] });
    expect(JSON.parse(stdout)).toMatchObject({ username: "ada" });
  });

  it("reads the arguments from standard input", async () => {
    const input = '{"repository": "acme/app"}\n';
    const { stdout } = await run({ settings, flags: ["call", "get_repository", "-"], input });
    expect(JSON.parse(stdout)).toMatchObject({ namespace: "acme", name: "app" });
  });

  it("writes where that is allowed", async () => {
    const given = JSON.stringify({ repository: "acme/docs", description: "Called" });
    const { stdout } = await run({
      settings,
      flags: ["call", "--allow", "write", "update_repository", given],
    });
    expect(JSON.parse(stdout)).toMatchObject({ status: 200, answer: { success: true } });
  });

  it("refuses what must be confirmed where there is no terminal, unless nothing is to be confirmed", async () => {
    const call = [
      "call",
      "delete_tag",
      '{"repository": "acme/app", "tag": "v2.2"}',
      "--allow",
      "destructive",
    ];
    const refused = await run({ settings, flags: call });
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /^delete_tag was not sent: .*no terminal.*--confirm auto,delete_tag=never\.$/m,
    );
    const sent = await run({ settings, flags: [...call, "--confirm", "never"] });
    expect(JSON.parse(sent.stdout)).toMatchObject({ status: 204, undo: { tool: "restore_tag" } });
  });

  it.each([
    ["what Quay refuses", ["get_repository", '{"repository": "acme/nosuch"}'], /^Quay answered 404/, 1],
    ["what the guard refuses", ["delete_repository", '{"repository": "acme/app"}'], /--allow destructive/, 0],
    ["wrong arguments", ["list_tags", '{"repo": 1}'], /"repository" is missing/, 0],
    ["an unknown tool", ["list_tag"], /Did you mean "list_tags"\?/, 0],
  ])("tells %s on standard error with status 1", async (_, flags, words, requests) => {
    const { status, stdout, stderr } = await run({ settings, flags: ["call", ...flags] });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(words);
    expect(registry.requests).toHaveLength(requests);
  });

  it.each([
    ['{"password": "CANARY"', ""],
    ['["CANARY"]', ""],
    ["-", '{"password": CANARY}'],
    ["-", ""],
  ])("refuses %s with status 2, and does not repeat it", async (json, input) => {
    const { status, stdout, stderr } = await run({ settings, flags: ["call", "list_tags", json], input });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/arguments must be a JSON object/);
    expect(stderr).not.toContain("CANARY");
  });
});

describe("quay-mcp call --demo", () => {
  it("answers from the registry inside the program, which no proxy stands before", async () => {
    const proxied: string[] = [];
    const proxy = createServer((request, response) => {
      proxied.push(request.url ?? "");
      response.end();
    }).on("connect", (request, socket) => {
      proxied.push(request.url ?? "");
      socket.destroy();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const flags = ["call", "--demo", "get_organization", '{"orgname": "acme"}'];
    const { stdout, stderr } = await run({ settings: { HTTP_PROXY: address, HTTPS_PROXY: address }, flags });
    expect({ proxied, stderr }).toEqual({ proxied: [], stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ name: "acme" });
    proxy.close();
  });
});
