/** How a tool differs from what is recorded about its operation, in short sentences that a list can hold. */
import * as z from "zod";
import type { Paging, ScopeRequirement, Shape, Tool } from "../../src/operation.ts";
import { samePath } from "./derive.ts";
import {
  type DiscoveryOperation,
  type DiscoveryPath,
  discovery,
  type JsonSchema,
  type RecordedOperation,
} from "./facts.ts";

/** Says `what: recorded x, tool y` unless both are the same. */
function difference(what: string, recorded: unknown, tool: unknown): string[] {
  const [one, other] = [shown(recorded), shown(tool)];
  return one === other ? [] : [`${what}: recorded ${one}, tool ${other}`];
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === false) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "nothing" : [...value].map(String).sort().join(" ");
  return String(value);
}

/** Everything in which a tool differs from its operation in Quay's source and API reference. */
export function differencesFromReference(tool: Tool, recorded: RecordedOperation): string[] {
  const { quay } = recorded;
  return [
    ...difference("operationId", recorded.operation_id, tool.operationId),
    ...difference("toolset", recorded.chapter, tool.toolset),
    ...difference("path", quay.path_in_source, tool.path),
    ...difference("access", recorded.access, tool.access),
    ...difference("irreversible", recorded.irreversible, tool.irreversible),
    ...difference("escalates when", recorded.escalates_when, tool.escalates?.when),
    ...difference("scopes", quay.effective_scopes.map(scopesIn), tool.scopes.map(scopesOf)),
    ...difference("features", quay.feature_flag?.replaceAll("FEATURE_", "").split(" and "), tool.features),
    ...difference("paging", pagingIn(recorded.pagination), tool.paging),
    ...difference("authentication", authenticationIn(quay.other_auth), tool.authentication),
    ...difference(
      "superuser_ prefix",
      quay.path_in_source.startsWith("/api/v1/superuser/"),
      tool.name.startsWith("superuser_"),
    ),
    ...difference(
      "secrets in the answer",
      recorded.risk.returns_secret !== undefined,
      hidesSecrets(tool, recorded),
    ),
    ...queryDifferences(tool, recorded),
    ...bodyDifferences(tool, recorded),
  ];
}

/** `org:admin or repo:create (member of the organization)` -> `org:admin|repo:create` */
function scopesIn(requirement: string): string {
  return [...new Set(requirement.match(/\b(?:repo|user|org|super):\w+/g) ?? [])].sort().join("|");
}

function scopesOf(requirement: ScopeRequirement): string {
  return typeof requirement === "string" ? requirement : [...requirement.anyOf].sort().join("|");
}

function pagingIn(text: string | null): Paging | undefined {
  if (text === null || text.startsWith("none")) return undefined;
  if (text.includes("next_page token")) return "next_page";
  if (text.startsWith("page")) return "page";
  return text.startsWith("limit only") ? "limit" : "start";
}

function authenticationIn(text: string | undefined): Tool["authentication"] {
  if (text === undefined) return undefined;
  return text.startsWith("registry") ? "registry-token" : "robot-federation";
}

/** Credentials that every answer loses by their names need no mark of their own. */
function hidesSecrets(tool: Tool, { risk }: RecordedOperation): boolean {
  const byName = /token|client_secret|password|private key/.test(risk.returns_secret ?? "");
  return byName || tool.yieldsCredential === true || (tool.secrets ?? []).length > 0;
}

function queryDifferences(tool: Tool, { query_parameters, quay }: RecordedOperation): string[] {
  const recorded = new Map(
    [...query_parameters, ...quay.query_in_source].map((parameter) => [parameter.name, parameter]),
  );
  for (const { name, maximum } of query_parameters) {
    if (maximum !== undefined) recorded.set(name, { ...recorded.get(name)!, maximum });
  }
  for (const name of Object.keys(tool.fixedQuery ?? {})) recorded.delete(name);
  const offered = schemaOf(tool.query ?? {});
  return [
    ...difference("query", [...recorded.keys()], Object.keys(tool.query ?? {})),
    ...[...recorded.values()].flatMap((parameter) => {
      const schema = offered.properties?.[parameter.name];
      if (schema === undefined) return [];
      return [
        ...difference(
          `query ${parameter.name} is required`,
          parameter.required,
          isRequired(offered, parameter.name),
        ),
        ...difference(`type of query ${parameter.name}`, parameter.type, schema.type),
        ...difference(`maximum of query ${parameter.name}`, parameter.maximum, maximumOf(schema)),
      ];
    }),
  ];
}

function bodyDifferences(tool: Tool, recorded: RecordedOperation): string[] {
  const expected = expectedBody(recorded);
  if (expected === undefined || tool.body === undefined) {
    return difference("takes a body", expected !== undefined, tool.body !== undefined);
  }
  const offered = schemaOf(tool.body);
  const body = tool.bodyIs === undefined ? offered : offered.properties![tool.bodyIs]!;
  return schemaDifferences("body", expected, joined(tool, body));
}

/** The arguments as Quay's fields: `repository` split again, `new_name` under its own name. */
function joined(tool: Tool, schema: JsonSchema): JsonSchema {
  const fieldsOf = (name: string) => {
    if (name === "repository" && tool.splitRepository) return Object.values(tool.splitRepository);
    const own = name.replace(/^new_/, "");
    return [tool.params?.[own] === undefined ? name : own];
  };
  if (schema.properties === undefined) return schema;
  return {
    ...schema,
    properties: Object.fromEntries(
      Object.entries(schema.properties).flatMap(([name, field]) => fieldsOf(name).map((own) => [own, field])),
    ),
    required: (schema.required ?? []).flatMap(fieldsOf),
  };
}

/** Quay's schema, with the fields, required marks and enums that only its handlers know. */
function expectedBody({ body, quay }: RecordedOperation): JsonSchema | undefined {
  const known = [
    ...body.filter(({ required_from }) => required_from !== "not in the source schema"),
    ...quay.undocumented_body_fields,
  ];
  const schema = quay.body_schema_in_source;
  if (schema === null && known.length === 0) return undefined;
  if (schema?.type === "array") return schema;
  const properties: Record<string, JsonSchema> = {};
  for (const alternative of [schema ?? {}, ...(schema?.oneOf ?? [])]) {
    for (const [name, field] of Object.entries(alternative.properties ?? {})) {
      if (field.not === undefined) properties[name] = field;
    }
  }
  for (const { name, enum: values } of known) {
    properties[name] = { ...(values === undefined ? {} : { enum: values }), ...properties[name] };
  }
  return {
    type: "object",
    properties,
    required: [
      ...new Set([
        ...(schema?.required ?? []),
        ...known.filter(({ required }) => required).map(({ name }) => name),
      ]),
    ],
  };
}

function schemaDifferences(where: string, recorded: JsonSchema, offered: JsonSchema): string[] {
  const fields = Object.keys(recorded.properties ?? {});
  return [
    ...difference(
      `type of ${where}`,
      typesOf(recorded),
      typesOf(recorded).length === 0 ? [] : typesOf(offered),
    ),
    ...difference(`values of ${where}`, valuesOf(recorded), valuesOf(offered)),
    ...difference(
      `minimum of ${where}`,
      recorded.minimum,
      recorded.minimum === undefined ? undefined : offered.minimum,
    ),
    ...difference(`maximum of ${where}`, recorded.maximum ?? recorded.maxLength, maximumOf(offered)),
    ...difference(
      `fields of ${where}`,
      fields,
      fields.length === 0 && where !== "body" ? [] : Object.keys(offered.properties ?? {}),
    ),
    ...difference(
      `required in ${where}`,
      recorded.required,
      fields.length === 0 ? recorded.required : offered.required,
    ),
    ...fields.flatMap((name) => {
      const field = offered.properties?.[name];
      return field === undefined
        ? []
        : schemaDifferences(`${where}.${name}`, recorded.properties![name]!, field);
    }),
    ...(recorded.items === undefined
      ? []
      : schemaDifferences(`${where}[]`, recorded.items, offered.items ?? {})),
  ];
}

/** The types of a schema without null, which no argument takes: a word or leaving it out stands for it. */
function typesOf({ type, anyOf, enum: values }: JsonSchema): string[] {
  const all =
    anyOf === undefined ? [type ?? (values === undefined ? [] : "string")].flat() : anyOf.flatMap(typesOf);
  return all.filter((name) => name !== "null");
}

function valuesOf({ enum: values }: JsonSchema): unknown[] {
  return (values ?? []).filter((value) => value !== null);
}

function maximumOf({ maximum, maxLength }: JsonSchema): number | undefined {
  return maximum === Number.MAX_SAFE_INTEGER ? undefined : (maximum ?? maxLength);
}

function isRequired(schema: JsonSchema, name: string): boolean {
  return schema.required?.includes(name) ?? false;
}

function schemaOf(shape: Shape): JsonSchema {
  return z.toJSONSchema(z.strictObject(shape), { io: "input" }) as JsonSchema;
}

/** The operation of Quay's own discovery with a tool's method and path. */
function discoveredOperation(
  tool: Tool,
): (DiscoveryOperation & { readonly path: string; readonly item: DiscoveryPath }) | undefined {
  const verb = tool.method.toLowerCase() as Lowercase<Tool["method"]>;
  for (const [path, item] of Object.entries(discovery.paths)) {
    const operation = item[verb];
    if (operation !== undefined && samePath(path, tool.path)) return { ...operation, path, item };
  }
  return undefined;
}

/** Everything in which a tool differs from Quay's discovery. */
export function differencesFromDiscovery(tool: Tool): string[] {
  const found = discoveredOperation(tool);
  if (found === undefined) return ["is not there"];
  const parameters = [...(found.item.parameters ?? []), ...found.parameters];
  const named = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const schema = named("body")[0]?.schema?.$ref.replace("#/definitions/", "");
  const definition = schema === undefined ? undefined : discovery.definitions[schema];
  const offered = schemaOf(tool.body ?? {});
  const query = named("query").filter(({ name }) => tool.fixedQuery?.[name] === undefined);
  return [
    ...difference("operationId", found.operationId, tool.operationId),
    ...difference("path", found.path, tool.path),
    ...difference(
      "path parameters",
      named("path").map(({ name }) => name),
      Object.keys(tool.params ?? {}),
    ),
    ...difference(
      "query",
      query.map(({ name }) => name),
      Object.keys(tool.query ?? {}),
    ),
    ...difference(
      "required query",
      query.filter(({ required }) => required).map(({ name }) => name),
      schemaOf(tool.query ?? {}).required,
    ),
    ...difference("takes a body", definition !== undefined, tool.body !== undefined),
    ...(definition === undefined || tool.body === undefined || tool.bodyIs !== undefined
      ? []
      : difference("required in body", definition.required, joined(tool, offered).required)),
    ...difference(
      "scopes",
      found.security.flatMap(({ oauth2_implicit: scopes }) => scopes),
      tool.scopes.map(scopesOf),
    ),
  ];
}
