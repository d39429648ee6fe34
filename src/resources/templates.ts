/** Everything that can be browsed. */
import { organizationTemplates } from "./organization-templates.ts";
import { repositoryTemplates } from "./repository-templates.ts";
import { defineTemplate, type ResourceTemplate } from "./template.ts";

export const resourceMimeType = "application/json";

/** A resource as it is listed. `tools` are those that give the same. */
export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly mimeType: string;
  readonly _meta?: { readonly "quay-mcp/tools": readonly string[] };
}

/** The one resource without a variable: it is listed, and put together from several calls. */
export const organizationsResource = {
  uri: "quay://organizations",
  name: "organizations",
  title: "Organizations",
  description: "The organizations that the token sees",
  mimeType: resourceMimeType,
  _meta: { "quay-mcp/tools": ["get_my_user", "superuser_list_organizations"] },
} as const satisfies ListedResource;

const keptAnswer = defineTemplate({
  uriTemplate: "quay://answers/{id}",
  name: "answer",
  title: "Kept answer",
  description:
    "An answer that was cut to fit, for 15 minutes: its first page, the further ones by read_answer",
  tool: "read_answer",
  arguments: ({ id }) => ({ id }),
});

export const resourceTemplates: readonly ResourceTemplate[] = [
  ...organizationTemplates,
  ...repositoryTemplates,
  keptAnswer,
];

/** The templates as a client lists them. */
export function listedTemplates() {
  return resourceTemplates.map(({ uriTemplate, name, title, description, tool }) => ({
    uriTemplate,
    name,
    title,
    description,
    mimeType: resourceMimeType,
    _meta: { "quay-mcp/tools": [tool] },
  }));
}
