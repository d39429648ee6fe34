import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HeldRegistry, startHeldRegistry } from "../support/held.ts";
import { revisions, type Session } from "../support/revisions.ts";

const token = "CANARYoauthtoken0123456789ABCDEFGHIJKLMN";

let registry: HeldRegistry;
let session: Session;

beforeAll(async () => {
  registry = await startHeldRegistry();
  const [{ connect }] = revisions.slice(-1) as [(typeof revisions)[number]];
  session = await connect({ settings: { QUAY_URL: registry.url, QUAY_TOKEN: token } });
});
afterAll(async () => {
  await session.close();
  await registry.close();
});

/** What comes out where the registry answers this. */
async function answered(
  body: unknown,
  tool = "get_repository",
  given: Record<string, unknown> = { repository: "acme/app" },
): Promise<string> {
  const [{ text }] = await Promise.all([
    session.callTool(tool, given),
    registry.next().then((request) => request.answer(body)),
  ]);
  expect(text).not.toMatch(/CANARY/);
  return text;
}

const names = [
  "token",
  "token_code",
  "access_token",
  "write_token",
  "client_secret",
  "secret",
  "password",
  "encrypted_password",
  "external_registry_password",
  "upstream_registry_password",
  "private_key",
];

describe("a credential in an answer is replaced", () => {
  it.each(names)("where its name is %s, at any depth and as often as it is there", async (name) => {
    const holder = { [name]: "CANARYvalue", other: "kept" };
    const body = { ...holder, deep: { list: [holder, [holder], { again: holder }], [name]: "CANARYother" } };
    const shown = { [name]: "[redacted]", other: "kept" };
    expect(JSON.parse(await answered(body))).toEqual({
      ...shown,
      deep: { list: [shown, [shown], { again: shown }], [name]: "[redacted]" },
    });
  });

  it("or left out, where nobody acts on it", async () => {
    expect(JSON.parse(await answered({ status_token: "CANARYvalue", name: "app" }))).toEqual({ name: "app" });
  });

  it("where a URL holds a user's name and password", async () => {
    const text = await answered({
      clone: "from https://ci:CANARYpassword@git.example.com/app.git, or ssh://CANARY@x",
    });
    expect(text).toContain("[redacted]@git.example.com/app.git");
  });

  it("where it is the server's own token, wherever and however a registry repeats it", async () => {
    const basic = Buffer.from(`$oauthtoken:${token}`).toString("base64");
    const text = await answered({ [token]: 1, note: `Bearer ${token}`, headers: [`Basic ${basic}`, token] });
    expect(text).not.toContain(basic.slice(20, 50));
  });

  it("where the operation is known to hold some under harmless names", async () => {
    const trigger = {
      id: "1",
      service: "github",
      config: { subdir: "/", credentials: [{ value: "CANARY" }], x: "CANARY" },
    };
    const text = await answered({ triggers: [trigger, trigger] }, "list_build_triggers", {
      repository: "acme/app",
    });
    expect(JSON.parse(text)).toMatchObject({ triggers: [{ id: "1", config: { subdir: "/" } }, {}] });
    const build = { id: "2", archive_url: "https://storage.example.com/x?signature=CANARY", trigger };
    expect(
      JSON.parse(await answered(build, "get_build", { repository: "acme/app", build_uuid: "2" })),
    ).toMatchObject({
      id: "2",
      archive_url: "[redacted]",
    });
  });

  it("but no switch, number or empty value, and no name that only sounds like one", async () => {
    const body = {
      token: null,
      password: "",
      secret: false,
      token_code: 3,
      has_password_set: true,
      tokens_left: "many",
      secretary: "dave",
      keyboard: "qwerty",
    };
    expect(JSON.parse(await answered(body))).toEqual(body);
  });
});
