/** What a client sees, as readable files: one for each surface, tool, resource, template and prompt. */
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import type { ClientView } from "./view.ts";

/** Where the snapshots stand, from the root of the project. */
export const snapshotFolder = "test/snapshots";

const toolsets = new Map([...catalogue, ...tasks].map(({ name, toolset }) => [name, toolset]));

/** The files by their path from the root of the project. */
export function snapshotsOf(view: ClientView): Record<string, string> {
  const entries: [string, unknown][] = [
    ...Object.entries(view.surfaces).map(([name, surface]): [string, unknown] => [
      `surfaces/${name}`,
      { ...surface, instructions: sentencesOf(surface.instructions) },
    ]),
    ...view.tools.map((tool): [string, unknown] => [
      `tools/${toolsets.get(tool.name) ?? "surface"}/${tool.name}`,
      tool,
    ]),
    ...view.resources.map((resource): [string, unknown] => [`resources/${resource.name}`, resource]),
    ...view.resourceTemplates.map((template): [string, unknown] => [
      `resource-templates/${template.name}`,
      template,
    ]),
    ...view.prompts.map(({ rendered, ...prompt }): [string, unknown] => [
      `prompts/${prompt.name}`,
      { ...prompt, rendered: rendered.map((each) => ({ ...each, messages: each.messages.map(inLines) })) },
    ]),
  ];
  return Object.fromEntries(
    entries.map(([path, value]) => [
      `${snapshotFolder}/${path}.json`,
      `${JSON.stringify(value, undefined, 2)}\n`,
    ]),
  );
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=\.) (?=[A-Z])/);
}

/** A message whose text is a list of lines: a changed line shows as one. */
function inLines({ role, content }: ClientView["prompts"][number]["rendered"][number]["messages"][number]) {
  return {
    role,
    content: content.type === "text" ? { ...content, text: content.text.split("\n") } : content,
  };
}
