import { defineTemplate, lastDay, mostEntries, type ResourceTemplate } from "./template.ts";

const repository = "quay://repositories/{namespace}/{repository}";

interface Named {
  readonly namespace: string;
  readonly repository: string;
}

const whole = (variables: Named) => `${variables.namespace}/${variables.repository}`;

export const repositoryTemplates: readonly ResourceTemplate[] = [
  defineTemplate({
    uriTemplate: repository,
    name: "repository",
    title: "Repository",
    description: "A repository with its settings; a slash in its name is written %2F",
    tool: "get_repository",
    arguments: (variables) => ({ repository: whole(variables) }),
  }),
  defineTemplate({
    uriTemplate: `${repository}/tags`,
    name: "repository-tags",
    title: "Tags of a repository",
    description: "The active tags of a repository, at most 500",
    tool: "list_tags",
    arguments: (variables) => ({
      repository: whole(variables),
      onlyActiveTags: true,
      max_items: mostEntries,
    }),
  }),
  defineTemplate({
    uriTemplate: `${repository}/tags/{tag}`,
    name: "tag",
    title: "Tag",
    description: "A tag with its digest, size and times",
    tool: "list_tags",
    arguments: (variables) => ({
      repository: whole(variables),
      onlyActiveTags: true,
      specificTag: variables.tag,
    }),
    absence: { empty: "tags" },
  }),
  defineTemplate({
    uriTemplate: `${repository}/manifests/{manifestref}`,
    name: "manifest",
    title: "Manifest",
    description: "A manifest by its digest: layers and sizes, or the manifests of an index",
    tool: "get_manifest",
    arguments: (variables) => ({ repository: whole(variables), manifestref: variables.manifestref }),
  }),
  defineTemplate({
    uriTemplate: `${repository}/manifests/{manifestref}/security`,
    name: "manifest-security",
    title: "Security of a manifest",
    description: "What the scanner found in a manifest, the gravest first",
    tool: "get_manifest_security",
    arguments: (variables) => ({
      repository: whole(variables),
      manifestref: variables.manifestref,
      vulnerabilities: true,
    }),
  }),
  defineTemplate({
    uriTemplate: `${repository}/mirror`,
    name: "repository-mirror",
    title: "Mirror of a repository",
    description: "From where a repository is mirrored, and the state of it",
    tool: "get_repository_mirror",
    arguments: (variables) => ({ repository: whole(variables) }),
  }),
  defineTemplate({
    uriTemplate: `${repository}/logs`,
    name: "repository-logs",
    title: "Logs of a repository",
    description:
      "Who pulled, pushed or changed a repository since yesterday (UTC), newest first, at most 200",
    tool: "list_repository_logs",
    arguments: (variables, now) => ({ repository: whole(variables), ...lastDay(now) }),
  }),
];
