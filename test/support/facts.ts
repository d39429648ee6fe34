/** The recorded facts of `test/data`, typed. */
import { readFileSync } from "node:fs";
import type { Access, Method } from "../../src/operation.ts";

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8"));

/** A JSON schema, as far as Quay uses one. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

interface QueryParameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly maximum?: number;
}

interface BodyField {
  readonly name: string;
  readonly required?: boolean;
  readonly required_from?: string;
  readonly enum?: readonly unknown[];
}

/** One operation of the API reference, with what Quay's source says about it. */
export interface RecordedOperation {
  readonly chapter: string;
  readonly operation_id: string;
  readonly method: Method;
  readonly path: string;
  readonly query_parameters: readonly QueryParameter[];
  readonly body: readonly BodyField[];
  readonly access: Access;
  readonly irreversible: boolean;
  readonly escalates_when: string | null;
  readonly risk: { readonly returns_secret?: string };
  readonly pagination: string | null;
  readonly quay: {
    readonly nickname: string | null;
    readonly path_in_source: string;
    readonly effective_scopes: readonly string[];
    readonly body_schema_in_source: JsonSchema | null;
    readonly body_optional: boolean;
    readonly query_in_source: readonly QueryParameter[];
    readonly success_statuses: readonly number[];
    readonly feature_flag: string | null;
    readonly in_public_discovery: boolean;
    readonly undocumented_body_fields: readonly BodyField[];
    readonly other_auth?: string;
  };
}

interface DiscoveryParameter {
  readonly name: string;
  readonly in: "path" | "query" | "body";
  readonly required?: boolean;
  readonly type?: string;
  readonly schema?: { readonly $ref: string };
}

export interface DiscoveryOperation {
  readonly operationId: string;
  readonly parameters: readonly DiscoveryParameter[];
  readonly security: readonly { readonly oauth2_implicit: readonly string[] }[];
}

export type DiscoveryPath = { readonly parameters?: readonly DiscoveryParameter[] } & {
  readonly [Verb in Lowercase<Method>]?: DiscoveryOperation;
};

export interface Discovery {
  readonly paths: Readonly<Record<string, DiscoveryPath>>;
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** One exchange with a real Quay. `path` holds the query; a long body is cut: `_head` of `_truncated` characters. */
export interface Recording {
  readonly phase: "happy" | "get" | "error" | "delete" | "v2";
  readonly operationId: string | null;
  /** Which of the recording's tokens asked, or null for nobody. */
  readonly token: string | null;
  readonly method: string;
  readonly path: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyIsJson: boolean;
  readonly body: unknown;
  readonly note?: string;
}

export const recordedOperations = read("operations.json") as readonly RecordedOperation[];
export const discovery = read("discovery.json") as Discovery;
export const recordings = read("recordings.json") as readonly Recording[];
