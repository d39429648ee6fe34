import { presentAnswer } from "../answer/present.ts";
import type { Call } from "../call.ts";
import { organizationsResource, resourceMimeType, resourceTemplates } from "./templates.ts";
import { matchUri, resourceUri } from "./uri.ts";
import { repositoryPages, visibleNamespaces } from "./visible.ts";

export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly mimeType: string;
}

/** How many resources a listing holds at most. */
const mostListed = 1000;

/** MCP takes at most a hundred completions. */
const mostCompletions = 100;

/** The organizations and repositories that the token sees, organizations first. */
export async function listResources(call: Call): Promise<ListedResource[]> {
  const { organizations, account } = await visibleNamespaces(call);
  const resources: ListedResource[] = [
    organizationsResource,
    ...organizations.map((organization) => ({
      uri: resourceUri("organizations", organization),
      name: organization,
      title: `Organization ${organization}`,
      mimeType: resourceMimeType,
    })),
  ];
  for (const namespace of account === undefined ? organizations : [account, ...organizations]) {
    if (resources.length >= mostListed) break;
    resources.push(...(await listedRepositories(call, namespace, mostListed - resources.length)));
  }
  return resources.slice(0, mostListed);
}

async function listedRepositories(call: Call, namespace: string, most: number): Promise<ListedResource[]> {
  const found: ListedResource[] = [];
  for await (const page of repositoryPages(call, { namespace })) {
    found.push(
      ...page.map(({ name }) => ({
        uri: resourceUri("repositories", namespace, name),
        name: `${namespace}/${name}`,
        title: `Repository ${namespace}/${name}`,
        mimeType: resourceMimeType,
      })),
    );
    if (found.length >= most) break;
  }
  return found;
}

/**
 * Reads one resource.
 *
 * @returns its JSON, or undefined where the URI names none
 */
export async function readResource(call: Call, uri: string): Promise<string | undefined> {
  if (uri === organizationsResource.uri) return JSON.stringify(await visibleNamespaces(call));
  for (const template of resourceTemplates) {
    const variables = matchUri(template.uriTemplate, uri);
    if (variables === undefined) continue;
    const read = template.read(variables);
    return presentAnswer(await call(read.tool, read.arguments));
  }
  return undefined;
}

/** A variable of a template that is being filled in, and those that were filled in before. */
export interface Completing {
  /** The template, as it was listed. */
  readonly uriTemplate: string;
  readonly variable: string;
  readonly typed: string;
  readonly others: Readonly<Record<string, string>>;
}

/** Names that begin with what was typed; none for what is no variable of a template. */
export async function completeVariable(
  call: Call,
  { uriTemplate, variable, typed, others }: Completing,
): Promise<{ values: string[]; total: number; hasMore: boolean }> {
  const known = resourceTemplates.some((template) => template.uriTemplate === uriTemplate);
  const names =
    known && uriTemplate.includes(`{${variable}}`) ? await completions(call, variable, others) : [];
  const values = names.filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()));
  return {
    values: values.slice(0, mostCompletions),
    total: values.length,
    hasMore: values.length > mostCompletions,
  };
}

async function completions(
  call: Call,
  variable: string,
  others: Readonly<Record<string, string>>,
): Promise<string[]> {
  if (variable === "repository") {
    const { namespace } = others;
    if (namespace === undefined) return [];
    const names: string[] = [];
    for await (const page of repositoryPages(call, { namespace })) {
      names.push(...page.map(({ name }) => name));
      if (names.length >= mostListed) break;
    }
    return names;
  }
  const { organizations, account } = await visibleNamespaces(call);
  return variable === "namespace" && account !== undefined ? [account, ...organizations] : [...organizations];
}
