/** docs/tools.md: what an assistant can do with a registry, for those who decide about it. */
import { inputSchema } from "../../src/arguments.ts";
import type { CallableTool, Paging, Tool } from "../../src/operation.ts";
import { isRepeating, isTask, type Task, tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import { toolsetSubjects } from "./chapters.ts";
import { scopesOf, tableOf, undoOf } from "./markdown.ts";
import { argumentRows, type JsonSchema } from "./schema.ts";
import type { ClientView } from "./view.ts";

type ShownTool = ClientView["tools"][number];

const pages: Record<Paging, string> = {
  next_page: "Comes in pages: `next_page` of the answer gets the next.",
  page: "Comes in pages, counted from 1 by `page`.",
  limit: "Comes whole up to `limit`.",
  start: "Comes from the line `start` on.",
};

/** The document as it must be. */
export function toolsDocument(view: ClientView): string {
  const toolsets = [...new Set(catalogue.map(({ toolset }) => toolset))];
  const surfaceTools = view.tools.filter(({ name }) => !known.has(name));
  return `# What an assistant can do

Made from the catalogue and from what a client sees by \`npm run docs\`. [guard.md](guard.md) says more about what is asked before
a call and what its preview shows.

- **Access** is \`read\`, \`write\` or \`destructive\`; \`--allow\` says how much of that may run. A write marked *(or destructive)* is
  as grave as a destructive call in the cases that are told with it.
- **Scopes** are what the OAuth token needs. Which role its owner needs besides is Quay's to say.
- **Arguments** have Quay's own names. Two are the server's, and not repeated below: \`confirm\`, the code of a preview, for whatever can
  be destructive, and \`max_items\` for lists that come in pages, which are then followed and put together.

## Contents

${tableOf(
  ["", "tools", "about"],
  [
    ["[Tasks](#tasks)", String(tasks.length), "questions and jobs that take several calls"],
    ...toolsets.map((toolset) => [
      `[${toolset}](#toolset-${toolset})`,
      String(catalogue.filter((tool) => tool.toolset === toolset).length),
      toolsetSubjects[toolset] ?? "",
    ]),
    ["[Search and kept answers](#search-and-kept-answers)", String(surfaceTools.length), "tools about tools"],
    ["[Resources](#resources)", "", "what can be browsed"],
    ["[Prompts](#prompts)", "", "jobs to start from"],
  ],
)}

## Tasks

Tools that make several calls, each of which the guard decides about as about any other.

${sectionsOf(tasks)}

${toolsets
  .map((toolset) => {
    const tools = catalogue.filter((tool) => tool.toolset === toolset);
    return `## Toolset ${toolset}\n\nAbout ${toolsetSubjects[toolset]}.\n\n${sectionsOf(tools)}`;
  })
  .join("\n\n")}

## Search and kept answers

Listed beside or instead of the others, as \`--surface\` says. What they run goes the same way as a direct call.

${surfaceTools.map(surfaceSection).join("\n\n")}

## Resources

${tableOf(
  ["URI", "what it is"],
  [
    ...view.resources.map(({ uri, description = "" }) => [`\`${uri}\``, description]),
    ...view.resourceTemplates.map(({ uriTemplate, description = "" }) => [`\`${uriTemplate}\``, description]),
  ],
)}

## Prompts

None changes anything by itself: each asks the assistant to look, to report, and to ask.

${tableOf(
  ["prompt", "what it is for", "arguments"],
  view.prompts.map(({ name, description = "", arguments: taken = [] }) => [
    `\`${name}\``,
    description,
    taken.map((argument) => `\`${argument.name}\`${argument.required ? "" : "?"}`).join(", "),
  ]),
)}
`;
}

const known = new Set([...catalogue, ...tasks].map(({ name }) => name));

function sectionsOf(tools: readonly (Tool | Task)[]): string {
  const overview = tableOf(
    ["tool", "what it does", "access"],
    tools.map((tool) => [`[\`${tool.name}\`](#${tool.name})`, tool.title, accessOf(tool)]),
  );
  return [overview, ...tools.map(section)].join("\n\n");
}

function section(tool: Tool | Task): string {
  const facts = [
    ...(isTask(tool) ? [] : [`\`${tool.method} ${tool.path}\``, `\`${tool.operationId}\``]),
    `**${accessOf(tool)}**`,
    `scopes: ${scopesOf(tool)}`,
    ...(isTask(tool) && isRepeating(tool) ? [`repeats ${linked(tool.repeats)}`] : []),
  ];
  return withArguments(
    [`### ${tool.name}`, linked(tool.description), facts.join(" · "), ...notesOf(tool)],
    inputSchema(tool),
  );
}

function surfaceSection({ name, description = "", inputSchema: schema }: ShownTool): string {
  return withArguments([`### ${name}`, linked(description)], schema as JsonSchema);
}

function withArguments(paragraphs: readonly string[], schema: JsonSchema): string {
  const rows = argumentRows(schema).filter(([name]) => name !== "`confirm`" && name !== "`max_items`");
  const table = rows.length === 0 ? [] : [tableOf(["argument", "", "type", "meaning"], rows)];
  return [...paragraphs.filter((paragraph) => paragraph !== ""), ...table].join("\n\n");
}

function accessOf({ access, irreversible, escalates }: CallableTool): string {
  if (escalates !== undefined) return `${access} (or destructive)`;
  return irreversible === true ? `${access}, irreversible` : access;
}

/** What an administrator would want to know before allowing it. */
function notesOf(tool: CallableTool): string[] {
  const { escalates, paging, yieldsCredential, undo, openWorld } = tool;
  const takenBack = undoOf(tool);
  const isSentence = typeof undo === "string" || !takenBack.startsWith("`");
  const sentences = [
    ...(escalates === undefined ? [] : [`Destructive when ${escalates.when}.`]),
    ...(takenBack === "" ? [] : [isSentence ? linked(takenBack) : `Taken back by ${linked(takenBack)}.`]),
    ...(openWorld === true ? ["Quay itself reaches out to another host."] : []),
    ...(yieldsCredential === true ? ["Hands out a credential that Quay shows once."] : []),
    ...(paging === undefined ? [] : [pages[paging]]),
  ];
  return sentences.length === 0 ? [] : [sentences.join(" ").replaceAll("..", ".")];
}

/** The text with the names of tools as links to where they are told. */
function linked(text: string): string {
  return text.replace(/`?\b[a-z]+(?:_[a-z]+)+\b`?/g, (word) => {
    const name = word.replaceAll("`", "");
    return known.has(name) ? `[\`${name}\`](#${name})` : word;
  });
}
