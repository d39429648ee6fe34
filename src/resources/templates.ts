/** What can be browsed, as data: each resource is one call of a named tool. */
export interface ResourceTemplate {
  readonly uriTemplate: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The call that reads it, made from the variables of the URI. */
  readonly read: (variables: Readonly<Record<string, string>>) => {
    readonly tool: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  };
}

export const resourceMimeType = "application/json";

/** The one resource without a variable: it is listed, and put together from several calls. */
export const organizationsResource = {
  uri: "quay://organizations",
  name: "organizations",
  title: "Organizations",
  description: "The organizations that the token sees",
  mimeType: resourceMimeType,
} as const;

export const resourceTemplates: readonly ResourceTemplate[] = [
  {
    uriTemplate: "quay://organizations/{organization}",
    name: "organization",
    title: "Organization",
    description: "An organization with its teams, quota and settings",
    read: ({ organization }) => ({ tool: "get_organization", arguments: { orgname: organization } }),
  },
  {
    uriTemplate: "quay://organizations/{organization}/repositories",
    name: "organization-repositories",
    title: "Repositories of an organization",
    description: "The repositories of an organization, the first hundred",
    read: ({ organization }) => ({ tool: "list_repositories", arguments: { namespace: organization } }),
  },
  {
    uriTemplate: "quay://repositories/{namespace}/{repository}",
    name: "repository",
    title: "Repository",
    description: "A repository with its settings; a slash in its name is written %2F",
    read: ({ namespace, repository }) => ({
      tool: "get_repository",
      arguments: { repository: `${namespace}/${repository}` },
    }),
  },
  {
    uriTemplate: "quay://repositories/{namespace}/{repository}/tags",
    name: "repository-tags",
    title: "Tags of a repository",
    description: "The active tags of a repository, the latest hundred",
    read: ({ namespace, repository }) => ({
      tool: "list_tags",
      arguments: { repository: `${namespace}/${repository}`, onlyActiveTags: true, limit: 100 },
    }),
  },
];
