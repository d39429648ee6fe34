/** `quay-mcp doctor` as a person or a script starts it, and registries for it to look at. */
import { readFileSync } from "node:fs";
import { createServer as createHttp, type RequestListener } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { ScopeFinding } from "../../src/doctor/scopes.ts";
import type { Scope } from "../../src/operation.ts";
import { type Ended, run } from "../support/program.ts";

export const certificateFile = fileURLToPath(new URL("../data/tls/certificate.pem", import.meta.url));
const keyFile = new URL("../data/tls/key.pem", import.meta.url);

/** The part of the report that tests look at. */
export interface Report {
  readonly ok: boolean;
  readonly findings: readonly { readonly check: string; readonly level: string; readonly message: string }[];
  readonly registry: { readonly reachable: boolean; readonly isQuay: boolean };
  readonly tls: { readonly trusted: boolean; readonly reason: string | null; readonly issuer: string } | null;
  readonly token: { readonly state: string; readonly owner: string | null };
  readonly roles: Readonly<Record<string, unknown>>;
  readonly scopes: readonly ScopeFinding[];
  readonly features: {
    readonly off: readonly (readonly string[])[];
    readonly missing: readonly string[];
  } | null;
  readonly guard: {
    readonly total: number;
    readonly listed: number;
    readonly byAccess: Readonly<Record<string, number>>;
    readonly lackScope: readonly string[];
    readonly notOffered: readonly string[];
  };
  readonly settings: { readonly flags: readonly string[]; readonly note: string | null };
  readonly clients: readonly {
    readonly client: string;
    readonly content: Readonly<Record<string, Readonly<Record<string, ClientServer>>>>;
  }[];
  readonly probes: readonly { readonly tool: string; readonly outcome: string }[];
}

export interface ClientServer {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the doctor for people. */
export function doctor(settings: Readonly<Record<string, string>>, ...flags: string[]): Promise<Ended> {
  return run({ settings, flags: ["doctor", ...flags] });
}

/** Runs the doctor for programs. */
export async function doctorReport(
  settings: Readonly<Record<string, string>>,
  ...flags: string[]
): Promise<Report & { readonly status: number | null; readonly said: string }> {
  const { status, stdout, stderr } = await doctor(settings, "--json", ...flags);
  if (stderr !== "") throw new Error(stderr);
  return { ...(JSON.parse(stdout) as Report), status, said: stdout };
}

/** The scopes with this verdict. */
export const scopesOf = ({ scopes }: Report, verdict: string): readonly Scope[] =>
  scopes.filter((each) => each.verdict === verdict).map(({ scope }) => scope);

/** The level of a finding, such as `tls: problem`; undefined where there is none about it. */
export const levelOf = ({ findings }: Report, check: string): string | undefined =>
  findings.find((each) => each.check === check)?.level;

/** Serves for one test. */
export async function serve(listener: RequestListener, { tls = false } = {}): Promise<string> {
  const server = tls
    ? createHttps({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) }, listener)
    : createHttp(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http${tls ? "s" : ""}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Stands before a registry, and may change the text of its answers. */
export function before(
  url: string,
  change: (path: string, text: string) => string = (_, text) => text,
): RequestListener {
  return async (request, response) => {
    const { authorization = "" } = request.headers;
    const answer = await fetch(url + request.url, { headers: { authorization } });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(change(request.url ?? "", await answer.text()));
  };
}
