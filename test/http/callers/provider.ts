/** An identity provider in this process: it signs tokens for its clients, who stand for people here. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import Provider, { type Configuration } from "oidc-provider";

/** The claims of a client's tokens besides those that every token has. */
export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface TestProvider {
  readonly issuer: string;
  /** A token that it signs for a client, for an audience. */
  token(client: string, audience: string): Promise<string>;
  /** The keys that it signs with, private parts and all. */
  readonly keys: readonly JWK[];
  /** From now on it signs with another key, and no longer knows the one before. */
  rotate(): Promise<void>;
  /** How often it was asked for its keys. */
  readonly asked: number;
  /** Answers everything with 500 from now on, or no longer. */
  away: boolean;
  close(): Promise<void>;
}

/** @param likeness another provider, with whose keys it signs */
export async function startProvider(people: People, likeness?: TestProvider): Promise<TestProvider> {
  let answer: RequestListener = () => undefined;
  let keys = likeness?.keys ?? [await newKey()];
  let asked = 0;
  let away = false;
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/jwks")) asked += 1;
    if (away) response.writeHead(500).end();
    else answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const open = () => {
    answer = new Provider(issuer, configurationOf(people, keys)).callback() as RequestListener;
  };
  open();
  return {
    issuer,
    get keys() {
      return keys;
    },
    get asked() {
      return asked;
    },
    get away() {
      return away;
    },
    set away(value) {
      away = value;
    },
    async token(client, audience) {
      const response = await fetch(`${issuer}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString("base64")}` },
        body: new URLSearchParams({ grant_type: "client_credentials", resource: audience, scope: "quay" }),
      });
      const { access_token: token } = (await response.json()) as { access_token: string };
      return token;
    },
    async rotate() {
      keys = [await newKey()];
      open();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const secret = "a secret of the tests alone";

let made = 0;

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  made += 1;
  return { ...(await exportJWK(privateKey)), kid: `key-${made}`, alg: "RS256", use: "sig" };
}

function configurationOf(people: People, keys: readonly JWK[]): Configuration {
  return {
    clients: Object.keys(people).map((client) => ({
      client_id: client,
      client_secret: secret,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    })),
    jwks: { keys: [...keys] as never },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, audience) => ({
          audience,
          scope: "quay",
          accessTokenFormat: "jwt",
          accessTokenTTL: 3600,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    extraTokenClaims: (_context, { clientId = "" }) => people[clientId] ?? {},
  };
}
