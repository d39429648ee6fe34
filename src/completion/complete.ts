/** `completion/complete`, for the variables of resources and the arguments of prompts. */
import { ArgumentError } from "../errors.ts";
import type { NameKind } from "../prompts/prompt.ts";
import { promptVariable } from "../prompts/prompts.ts";
import { PathError } from "../quay/path.ts";
import { resourceTemplates } from "../resources/templates.ts";
import { begins, type Names, noNames, orNone, type Source } from "./names.ts";

/** What is being filled in, and what was filled in before. */
export interface Completing {
  /** The template, or the prompt by its name, as it was listed. */
  readonly of: { readonly uriTemplate: string } | { readonly prompt: string };
  readonly variable: string;
  readonly typed: string;
  readonly others: Readonly<Record<string, string>>;
}

/** As MCP has it; `total` is there where it is known. */
export interface Completion {
  values: string[];
  total?: number;
  hasMore: boolean;
}

/** MCP takes at most a hundred. */
const mostValues = 100;

/** All that names in Quay are made of: what is not, nobody has named so in good faith. */
const nameLetters = /^[\w.@:/+-]{1,511}$/;

/** Names that begin with what was typed; none for what is no variable or argument. */
export async function complete(
  source: Source,
  { of, variable, typed, others }: Completing,
): Promise<Completion> {
  const names =
    "prompt" in of
      ? namesForPrompt(source, of.prompt, { variable, typed, others })
      : namesForTemplate(source, of.uriTemplate, { variable, typed, others });
  const { names: known, isWhole } = await orNone(names.catch(noneForWhatIsNoName));
  const values = [...new Set(known)].filter((name) => begins(name, typed) && nameLetters.test(name));
  return {
    values: values.slice(0, mostValues),
    ...(isWhole && { total: values.length }),
    hasMore: !isWhole || values.length > mostValues,
  };
}

/** What was filled in before cannot be the name of anything, and so nothing belongs to it. */
function noneForWhatIsNoName(error: unknown): Names {
  if (error instanceof ArgumentError || error instanceof PathError) return noNames;
  throw error;
}

type Filling = Omit<Completing, "of">;

/** The names for each variable of a template. */
const variables: Readonly<Record<string, (source: Source, filling: Filling) => Promise<Names> | Names>> = {
  organization: (source) => organizations(source),
  namespace: (source) => source.namespaces(),
  repository: (source, { typed, others: { namespace } }) =>
    namespace ? source.repositories(namespace, typed) : noNames,
  teamname: (source, { others: { organization } }) => (organization ? source.teams(organization) : noNames),
  async robot_shortname(source, { others: { organization } }) {
    if (!organization) return noNames;
    const { names, isWhole } = await source.robots(organization);
    return { names: names.map((name) => name.slice(name.indexOf("+") + 1)), isWhole };
  },
  tag: (source, { typed, others }) => ofRepository(others, (repository) => source.tags(repository, typed)),
  manifestref: (source, { others }) => ofRepository(others, (repository) => source.digests(repository)),
};

async function namesForTemplate(source: Source, uriTemplate: string, filling: Filling): Promise<Names> {
  const { variable } = filling;
  const isKnown = resourceTemplates.some((template) => template.uriTemplate === uriTemplate);
  if (!isKnown || !uriTemplate.includes(`{${variable}}`)) return noNames;
  return (await variables[variable]?.(source, filling)) ?? noNames;
}

function ofRepository(
  { namespace, repository }: Readonly<Record<string, string>>,
  names: (repository: string) => Promise<Names>,
): Promise<Names> | Names {
  return namespace && repository ? names(`${namespace}/${repository}`) : noNames;
}

/** What completes an argument of a prompt; `within` is the value of the argument that it belongs to. */
type Completes = (source: Source, typed: string, within: string | undefined) => Promise<Names> | Names;

const kinds: Readonly<Record<NameKind, Completes>> = {
  organization: (source) => organizations(source),
  namespace: (source) => source.namespaces(),
  repository: (source, typed) => wholeNames(source, typed, "/", wholeRepositories),
  robot: (source, typed) => wholeNames(source, typed, "+", (each, namespace) => each.robots(namespace)),
  team: (source, _typed, within) => (within ? source.teams(within) : noNames),
  user: (source, typed, within) => (within ? source.users(within, typed) : noNames),
  none: () => noNames,
};

async function namesForPrompt(source: Source, prompt: string, filling: Filling): Promise<Names> {
  const { variable, typed, others } = filling;
  const found = promptVariable(prompt, variable);
  if (found === undefined) return noNames;
  return kinds[found.completes](source, typed, found.within && others[found.within]);
}

async function organizations(source: Source): Promise<Names> {
  const { names, account, isWhole } = await source.namespaces();
  return { names: names.filter((name) => name !== account), isWhole };
}

type InNamespace = (source: Source, namespace: string, typed: string) => Promise<Names>;

/** Up to the separator namespaces, and what is in one as soon as no other begins like it; after it, what is in that one. */
async function wholeNames(
  source: Source,
  typed: string,
  separator: string,
  inside: InNamespace,
): Promise<Names> {
  const end = typed.indexOf(separator);
  if (end >= 0) return inside(source, typed.slice(0, end), typed.slice(end + 1));
  const { names, isWhole } = await source.namespaces();
  const [only, ...others] = names.filter((name) => begins(name, typed));
  if (only === undefined || others.length > 0) return { names, isWhole };
  const within = await orNone(inside(source, only, ""));
  return { names: [only, ...within.names], isWhole: isWhole && within.isWhole };
}

async function wholeRepositories(source: Source, namespace: string, typed: string): Promise<Names> {
  const { names, isWhole } = await source.repositories(namespace, typed);
  return { names: names.map((name) => `${namespace}/${name}`), isWhole };
}
