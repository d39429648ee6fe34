import type { Tool } from "../../src/operation.ts";
import type { Recording } from "./facts.ts";
import type { WireRequest } from "./playback.ts";

/** In what a request on the wire differs from the recorded one, in short sentences that a list can hold. */
export function wireDifferences(tool: Tool, recording: Recording, request: WireRequest): string[] {
  const [recordedPath = "", recordedQuery = ""] = recording.path.split("?");
  const [path = "", query = ""] = request.path.split("?");
  return [
    ...(recording.method === request.method ? [] : [`method ${request.method} for ${recording.method}`]),
    ...pathDifferences(recordedPath, path),
    ...queryDifferences(new URLSearchParams(recordedQuery), new URLSearchParams(query)),
    ...bodyDifferences("body", recording.requestBody ?? undefined, request.body),
  ].map((difference) => `${tool.name}: ${difference}`);
}

function pathDifferences(recorded: string, sent: string): string[] {
  if (decodeURIComponent(recorded) === decodeURIComponent(sent)) return [];
  const [one, other] = [recorded, sent].map((path) => decodeURIComponent(path).replace(/\/$/, ""));
  if (one !== other) return [`path ${sent} for ${recorded}`];
  return [sent.endsWith("/") ? "path with the slash that ends it" : "path without a slash at its end"];
}

function queryDifferences(recorded: URLSearchParams, sent: URLSearchParams): string[] {
  const names = new Set([...recorded.keys(), ...sent.keys()]);
  return [...names].flatMap((name) => {
    const [one, other] = [recorded.get(name), sent.get(name)];
    return one === other ? [] : [`query ${name}=${other ?? ""} for ${one === null ? "nothing" : one}`];
  });
}

function bodyDifferences(where: string, recorded: unknown, sent: unknown): string[] {
  if (isRecord(recorded) && isRecord(sent)) {
    const names = new Set([...Object.keys(recorded), ...Object.keys(sent)]);
    return [...names].flatMap((name) => bodyDifferences(`${where}.${name}`, recorded[name], sent[name]));
  }
  const [one, other] = [said(recorded), said(sent)];
  return one === other ? [] : [`${where} ${other} for ${one}`];
}

function said(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
