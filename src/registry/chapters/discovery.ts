/** What the registry says of its own API: Swagger 2.0, made from the catalogue, and the types of errors in words. */
import * as z from "zod";
import { catalogue } from "../../../tools/index.ts";
import type { Scope, Tool } from "../../operation.ts";
import { isUnlisted } from "../../quay/unlisted.ts";
import { errorTypePath, json, notFound } from "../answers.ts";
import { type Handlers, param } from "../call.ts";
import bodies from "../data/bodies.json" with { type: "json" };

const errorTypes: Readonly<Record<string, string>> = {
  external_service_timeout: "An external service timed out. Retrying the request may resolve the issue.",
  invalid_request:
    "The request was invalid. It may have contained invalid values or was improperly formatted.",
  invalid_response: "The response was invalid.",
  invalid_token: "The access token provided was invalid.",
  expired_token: "The access token provided has expired.",
  insufficient_scope: "The access token did not have sufficient scope to access the requested resource.",
  fresh_login_required: "The action requires a fresh login to succeed.",
  exceeds_license: "The action was refused because the current license does not allow it.",
  not_found: "The resource was not found.",
  downstream_issue: "An error occurred in a downstream service.",
  tag_immutable: "The tag is immutable and cannot be modified or deleted.",
  token_rotation_failed: "Token rotation failed.",
};

const bodySchemas: Readonly<Record<string, unknown>> = bodies;

function operationView(tool: Tool) {
  const shape = z.toJSONSchema(z.object(tool.query ?? {}), { io: "output", unrepresentable: "any" });
  const query = Object.entries(shape.properties ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    type: (typeof schema === "object" && schema.type) || "string",
  }));
  const body = { $ref: `#/definitions/${tool.operationId}` };
  const scopes = tool.scopes.map((each): Scope => (typeof each === "string" ? each : each.anyOf[0]!));
  return {
    operationId: tool.operationId,
    parameters: [
      ...query,
      ...(bodySchemas[tool.operationId] ? [{ name: "body", in: "body", required: true, schema: body }] : []),
    ],
    tags: [tool.toolset],
    security: scopes.length === 0 ? [] : [{ oauth2_implicit: scopes }],
  };
}

/** Operations by path, and by method within one. */
function paths() {
  const found: Record<string, Record<string, unknown>> = {};
  for (const tool of catalogue) {
    if (isUnlisted(tool)) continue;
    found[tool.path] ??= {
      "x-path": tool.path,
      "x-tag": tool.toolset,
      parameters: Object.keys(tool.params ?? {}).map((name) => ({
        name,
        in: "path",
        required: true,
        type: "string",
      })),
    };
    found[tool.path]![tool.method.toLowerCase()] = operationView(tool);
  }
  return found;
}

export const discovery: Handlers = {
  discovery: ({ url }) =>
    json({
      swagger: "2.0",
      host: url.replace("http://", ""),
      basePath: "/",
      schemes: ["http"],
      info: { version: "v1", title: "Quay Frontend", contact: { email: "quay@localhost" } },
      securityDefinitions: {
        oauth2_implicit: { type: "oauth2", flow: "implicit", authorizationUrl: `${url}/oauth/authorize` },
      },
      paths: paths(),
      definitions: bodySchemas,
      tags: [...new Set(catalogue.map(({ toolset }) => toolset))].map((name) => ({ name })),
    }),

  getErrorDescription(call) {
    const title = param(call, "error_type");
    if (!Object.hasOwn(errorTypes, title)) return notFound();
    return json({ type: `${call.url}${errorTypePath}${title}`, title, description: errorTypes[title] });
  },
};
