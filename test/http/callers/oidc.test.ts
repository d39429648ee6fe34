import { createHmac, createPublicKey } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt, importJWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Caller, UnauthorizedError } from "../../../src/http/callers/caller.ts";
import { type Callers, openCallers } from "../../../src/http/callers/open.ts";
import { RefusedRequest } from "../../../src/http/refusals.ts";
import { readHttpSettings } from "../../../src/http/settings.ts";
import { catalogue } from "../../../tools/index.ts";
import { startProvider, type TestProvider } from "./provider.ts";

const audience = "https://quay-mcp.example.com/mcp";
const metadataUrl = "https://quay-mcp.example.com/.well-known/oauth-protected-resource/mcp";

const people = {
  ann: { groups: ["devs", "strangers"], email: "ann@example.com" },
  bob: { groups: ["admins", "devs"], preferred_username: "bob", "https://acme.example/groups": ["devs"] },
  cid: { groups: ["strangers"], email: "cid@example.com", email_verified: false },
  dan: { realm_access: { roles: ["devs"] }, name: "Dan\u001b[2J\nD" },
  eve: { groups: "readers" },
};

const groupsFile = `
devs: { allow: "write,tag=destructive", namespaces: [acme, dev-*] }
readers: { allow: read, toolsets: tag }
admins: {}
`;

let directory: string;
let provider: TestProvider;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "quay-mcp-oidc-"));
  writeFileSync(join(directory, "groups.yaml"), groupsFile);
  provider = await startProvider(people);
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await provider.close();
});

interface Opening {
  readonly flags?: Readonly<Record<string, string>>;
  readonly now?: () => number;
  readonly cooldownMilliseconds?: number;
  readonly restMilliseconds?: number;
}

function open({ flags = {}, ...parts }: Opening = {}): Promise<Callers> {
  const settings = readHttpSettings(
    {
      url: "https://quay.example.com",
      auth: "oidc",
      oidcIssuer: provider.issuer,
      oidcAudience: audience,
      oidcGroupsFile: join(directory, "groups.yaml"),
      ...flags,
    },
    {},
  );
  return openCallers(settings, { token: "the server's own", tools: catalogue, ...parts });
}

async function callerWith(token: string, opening?: Opening): Promise<Caller> {
  return (await open(opening)).authenticate({ authorization: `Bearer ${token}` });
}

/** What keeps a token from being accepted. */
async function refusalOf(token: string, opening?: Opening): Promise<UnauthorizedError> {
  const refusal = await callerWith(token, opening).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(UnauthorizedError);
  return refusal as UnauthorizedError;
}

/** A token with the claims of a good one, signed by whoever asks. */
async function claimsOf(client: string) {
  return decodeJwt(await provider.token(client, audience));
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

describe("a caller with a token of the identity provider", () => {
  it("is named in the audit log, and calls Quay with the server's token", async () => {
    const caller = await callerWith(await provider.token("ann", audience));
    expect(caller).toMatchObject({ name: "ann@example.com (ann)", token: "the server's own" });
    expect(caller.id).toMatch(/^[0-9a-f]{64}$/);
  });

  it("stays the same one with another token", async () => {
    const [one, other] = [await provider.token("ann", audience), await provider.token("ann", audience)];
    expect(one).not.toBe(other);
    const [first, second] = [await callerWith(one), await callerWith(other)];
    expect([first.credential, second.credential]).toEqual([one, other]);
    expect({ ...first, credential: "" }).toEqual({ ...second, credential: "" });
  });

  it("may do what their group may", async () => {
    const { restrictions } = await callerWith(await provider.token("ann", audience));
    expect(restrictions).toEqual([
      {
        anyOf: [{ by: "the group devs", allow: ["write", "tag=destructive"], namespaces: ["acme", "dev-*"] }],
      },
    ]);
  });

  it("is not restricted if one of several groups is not", async () => {
    expect((await callerWith(await provider.token("bob", audience))).restrictions).toEqual([]);
  });

  it("may be in one group that is no list", async () => {
    const { name, restrictions } = await callerWith(await provider.token("eve", audience));
    expect(name).toBe("eve");
    expect(restrictions).toEqual([
      { anyOf: [{ by: "the group readers", allow: ["read"], toolsets: ["tag"] }] },
    ]);
  });

  it("is turned away with 403 if they are in no group that is known", async () => {
    const refusal = await refusalOf(await provider.token("cid", audience));
    expect(refusal.status).toBe(403);
    expect(refusal.message).toBe(
      "cid is in none of the groups that may use this server: the claim groups of the token names others. Ask its operator.",
    );
    expect((await refusalOf(await provider.token("dan", audience))).message).toContain("names no group");
  });

  it("has groups and a name where the settings say, and no control characters in it", async () => {
    const flags = { oidcGroupsClaim: "realm_access.roles", oidcNameClaim: "name" };
    const { name } = await callerWith(await provider.token("dan", audience), { flags });
    expect(name).toBe("Dan [2J D (dan)");
    const claim = { oidcGroupsClaim: "https://acme.example/groups" };
    const { restrictions } = await callerWith(await provider.token("bob", audience), { flags: claim });
    expect(restrictions).toHaveLength(1);
  });
});

describe("a token is refused with 401, and says where to sign in,", () => {
  const challenged = expect.stringContaining(`Bearer realm="quay-mcp", resource_metadata="${metadataUrl}"`);

  it("if there is none", async () => {
    const { authenticate } = await open({ flags: { oidcScopes: "openid,groups" } });
    const refusal = await authenticate({}).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      status: 401,
      challenge: `Bearer realm="quay-mcp", resource_metadata="${metadataUrl}", scope="openid groups"`,
      message: expect.stringContaining(`Sign in at ${provider.issuer}`),
    });
  });

  it("if it has expired", async () => {
    const token = await provider.token("ann", audience);
    const later = (seconds: number) => () => (decodeJwt(token).exp! + seconds) * 1000;
    expect(await callerWith(token, { now: later(-1) })).toHaveProperty("name");
    const refusal = await refusalOf(token, { now: later(10) });
    expect(refusal).toMatchObject({ status: 401, challenge: challenged });
    expect(refusal.message).toBe("The token has expired. Sign in again.");
  });

  it("if it is for another audience", async () => {
    const { message, challenge } = await refusalOf(await provider.token("ann", "https://other.example.com"));
    expect(message).toContain(`its audience must be ${audience}`);
    expect(challenge).toContain('error="invalid_token"');
  });

  it("if it is of another issuer, also of one that signs with the same keys", async () => {
    const [stranger, twin] = [await startProvider(people), await startProvider(people, provider)];
    try {
      const [foreign, alike] = [await stranger.token("ann", audience), await twin.token("ann", audience)];
      expect((await refusalOf(foreign)).message).toContain("not signed with a key of");
      expect((await refusalOf(alike)).message).toContain(`not of the issuer ${provider.issuer}`);
    } finally {
      await stranger.close();
      await twin.close();
    }
  });

  it("if it is not signed", async () => {
    const claims = await claimsOf("bob");
    for (const alg of ["none", "None", "NONE"]) {
      const refusal = await refusalOf(`${encode({ alg, typ: "at+jwt" })}.${encode(claims)}.`);
      expect(refusal.message).toContain("not signed with a private key");
    }
  });

  it("if the public key was taken for a secret to sign it with", async () => {
    const claims = await claimsOf("bob");
    const [{ kid, ...jwk } = {}] = provider.keys;
    const pem = createPublicKey({ key: jwk as never, format: "jwk" }).export({ type: "spki", format: "pem" });
    for (const key of [pem, JSON.stringify(jwk)]) {
      const signed = `${encode({ alg: "HS256", typ: "at+jwt", kid })}.${encode(claims)}`;
      const signature = createHmac("sha256", key).update(signed).digest("base64url");
      expect((await refusalOf(`${signed}.${signature}`)).message).toContain("not signed with a private key");
    }
  });

  it("if its claims were changed", async () => {
    const [header, , signature] = (await provider.token("ann", audience)).split(".");
    const forged = `${header}.${encode({ ...(await claimsOf("ann")), groups: ["admins"] })}.${signature}`;
    expect((await refusalOf(forged)).message).toContain("not signed with a key of");
  });

  it.each([
    ["never expires", { exp: undefined }, {}, "The claim exp"],
    ["is about nobody", { sub: undefined }, {}, "The claim sub"],
    ["is not valid yet", { nbf: 4_000_000_000 }, {}, "The claim nbf"],
    ["is for another purpose", {}, { typ: "logout+jwt" }, "no access token"],
  ])("if it %s", async (_, claims, header, said) => {
    const [jwk] = provider.keys;
    const payload = JSON.parse(JSON.stringify({ ...(await claimsOf("bob")), ...claims }));
    const token = await new SignJWT(payload)
      .setProtectedHeader({ alg: "RS256", kid: jwk!.kid!, ...header })
      .sign(await importJWK(jwk!));
    const refusal = await refusalOf(token);
    expect(refusal.status).toBe(401);
    expect(refusal.message).toContain(said);
  });

  it("if it is no token at all, and repeats nothing of it", async () => {
    for (const token of ["guess-me", "a.b.c", "..", encode({ alg: "RS256" })]) {
      const { status, message } = await refusalOf(token);
      expect(status).toBe(401);
      expect(message).not.toContain(token);
    }
  });
});

describe("the provider's keys", () => {
  const bring = async ({ authenticate }: Callers, token: string) =>
    authenticate({ authorization: `Bearer ${token}` });

  it("may change while the server runs", async () => {
    const callers = await open({ cooldownMilliseconds: 0 });
    const before = await provider.token("ann", audience);
    await bring(callers, before);
    await provider.rotate();
    expect(await bring(callers, await provider.token("ann", audience))).toMatchObject({
      name: "ann@example.com (ann)",
    });
    await expect(bring(callers, before)).rejects.toThrow("not signed with a key of");
  });

  it("are not asked for again with each token that names an unknown one", async () => {
    const callers = await open();
    const before = provider.asked;
    await bring(callers, await provider.token("ann", audience));
    await provider.rotate();
    const token = await provider.token("ann", audience);
    for (let tries = 0; tries < 5; tries += 1) await bring(callers, token).catch(() => undefined);
    expect(provider.asked).toBe(before + 1);
  });

  it("cannot be had while it is away: that is said with 503, and ends by itself", async () => {
    const callers = await open({ restMilliseconds: 0 });
    const token = await provider.token("ann", audience);
    provider.away = true;
    const refused = await bring(callers, token).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusedRequest);
    expect((refused as RefusedRequest).refusal).toMatchObject({
      reason: "provider",
      sentence: expect.stringContaining("answers 500 where its configuration should be"),
    });
    provider.away = false;
    expect(await bring(callers, token)).toHaveProperty("id");
  });

  it("that are known hold while it is away, whoever brings one that is not", async () => {
    const callers = await open({ cooldownMilliseconds: 0 });
    const token = await provider.token("ann", audience);
    await bring(callers, token);
    provider.away = true;
    const unknown = `${encode({ alg: "RS256", kid: "unknown" })}.${encode({})}.AAAA`;
    await expect(bring(callers, unknown)).rejects.toThrow("does not give its keys");
    expect(await bring(callers, token)).toHaveProperty("id");
    provider.away = false;
  });

  it("are not asked for again and again while it is away, whatever is brought", async () => {
    const callers = await open({ cooldownMilliseconds: 0 });
    const token = await provider.token("ann", audience);
    await bring(callers, token);
    provider.away = true;
    const before = provider.asked;
    for (let tries = 0; tries < 5; tries += 1) {
      const unknown = `${encode({ alg: "RS256", kid: `unknown ${tries}` })}.${encode({})}.AAAA`;
      await expect(bring(callers, unknown)).rejects.toThrow("does not give its keys");
    }
    expect(provider.asked).toBe(before + 1);
    expect(await bring(callers, token)).toHaveProperty("id");
    provider.away = false;
  });

  it("of a provider that calls itself otherwise are not asked for", async () => {
    const flags = { oidcIssuer: `${provider.issuer}/` };
    const callers = await open({ flags });
    const before = provider.asked;
    await expect(bring(callers, await provider.token("ann", audience))).rejects.toThrow(
      "it is another issuer",
    );
    expect(provider.asked).toBe(before);
  });
});

describe("an identity provider whose configuration", () => {
  it.each([
    ["leads to keys without TLS", { jwks_uri: "http://keys.example.com/jwks" }, "gives its keys without TLS"],
    ["names no keys", {}, "has no configuration of OpenID Connect"],
    [
      "is too long",
      { jwks_uri: "https://keys.example.com/", more: "x".repeat(1024 * 1024) },
      "says too much",
    ],
  ])("%s is not trusted", async (_, configuration, said) => {
    const server = createServer((_request, response) => {
      response.end(JSON.stringify({ issuer: issuerOf(server), ...configuration }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const token = `${encode({ alg: "RS256", kid: "one" })}.${encode({})}.AAAA`;
    const caller = callerWith(token, { flags: { oidcIssuer: issuerOf(server) } });
    await expect(caller).rejects.toThrow(said);
    server.close();
  });

  const issuerOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

describe("the metadata", () => {
  it("tells clients where to sign in, under the path of the resource as well", async () => {
    const { pages = new Map() } = await open({ flags: { oidcScopes: "openid" } });
    const paths = ["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"];
    expect([...pages.keys()]).toEqual(paths);
    const { status, type, text } = await pages.get(paths[1]!)!();
    expect([status, type]).toEqual([200, "application/json"]);
    expect(JSON.parse(text)).toEqual({
      resource: audience,
      authorization_servers: [provider.issuer],
      bearer_methods_supported: ["header"],
      scopes_supported: ["openid"],
      resource_name: "quay-mcp",
    });
  });

  it("names the public URL where the audience is none", async () => {
    const flags = { oidcAudience: "quay-mcp", publicUrl: "https://tools.example.com/quay/mcp" };
    const { pages = new Map() } = await open({ flags });
    const page = pages.get("/.well-known/oauth-protected-resource/quay/mcp");
    expect(JSON.parse((await page!()).text)).toHaveProperty("resource", flags.publicUrl);
  });
});

describe("the start is refused", () => {
  it.each([
    ["without a groups file", { oidcGroupsFile: undefined }, "--oidc-groups-file"],
    [
      "with an issuer without TLS",
      { oidcIssuer: "http://idp.example.com" },
      "--oidc-issuer must be a URL with https://",
    ],
    ["with an audience that is no URL alone", { oidcAudience: "quay-mcp" }, "--public-url"],
    ["with settings of another way", { auth: "passthrough" }, "for --auth oidc"],
  ])("%s", (_, flags, said) => {
    const base = {
      auth: "oidc",
      oidcIssuer: "https://idp.example.com",
      oidcAudience: audience,
      oidcGroupsFile: "groups.yaml",
    };
    expect(() => readHttpSettings({ ...base, ...flags }, {})).toThrow(said);
  });

  it("with a groups file that is wrong, naming all that is", async () => {
    const file = join(directory, "wrong.yaml");
    writeFileSync(file, "devs: { allow: everything, namespace: acme }\nreaders: { toolsets: [] }\n");
    await expect(open({ flags: { oidcGroupsFile: file } })).rejects.toThrow(
      /the group devs Unrecognized key: "namespace"\. the group readers toolsets must name at least one\./,
    );
    writeFileSync(file, "devs: { allow: everything, toolsets: tags }\nreaders: { namespaces: acme/app }\n");
    await expect(open({ flags: { oidcGroupsFile: file } })).rejects.toThrow(
      /allow of the group devs.*toolsets of the group devs.*namespaces of the group readers/,
    );
    writeFileSync(file, "");
    await expect(open({ flags: { oidcGroupsFile: file } })).rejects.toThrow(
      "it must hold at least one group",
    );
  });
});
