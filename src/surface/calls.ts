/** What calls of the surface's own tools come to. */
import type * as z from "zod";
import { parseArguments } from "../call/parse-arguments.ts";
import { ArgumentError, RefusedError } from "../errors.ts";
import { type Policy, refusal } from "../guard/policy.ts";
import type { Access } from "../operation.ts";
import type { Runtime } from "../runtime.ts";
import { quote } from "../sentences/cite.ts";
import { didYouMean } from "../sentences/words.ts";
import type { Given } from "../targets/target.ts";
import type { Listing, ListingEntry } from "./listing.ts";
import { readPartOf } from "./read-answer.ts";
import {
  describeTool,
  executorTools,
  findTools,
  readAnswer,
  type SurfaceTool,
  searchTools,
} from "./tools.ts";

/** What a caller is offered: by the policy, whether or not it is listed. */
export interface Offer {
  readonly listing: Listing;
  readonly policy: Policy;
}

/** A call of a tool that is not the surface's own, by its name or through an executor. */
export interface Called {
  readonly tool: string;
  readonly given: Given;
  /** The access of the executor. */
  readonly executor?: Access;
}

/** An answer in JSON, or the call that is meant: it goes the way of a direct one. */
export type Surfaced = { readonly text: string } | Called;

/** A call of one of the surface's own tools; undefined where the name is another's. */
export type CallSurface = (name: string, given: Given) => Promise<Surfaced | undefined>;

/** Its calls fail as all do, with an ArgumentError or a RefusedError; reading an answer with a SelectError besides. */
export function createSurfaceCalls(
  { listing, policy }: Offer,
  runtime: Pick<Runtime, "readAnswer" | "presenting">,
): CallSurface {
  const entries = new Map(listing.tools.map((entry) => [entry.listed.name, entry]));
  const ways = new Map([
    way(findTools, async ({ query }) => textOf(await found(query, listing, policy))),
    way(describeTool, async ({ name }) => {
      refuseOwn(describeTool, name);
      return textOf(described(name, entries, policy));
    }),
    ...Object.entries(executorTools).map(([access, tool]) =>
      way(tool, async ({ name, arguments: given = {} }) => {
        refuseOwn(tool, name);
        return { tool: name, given, executor: access as Access };
      }),
    ),
    way(readAnswer, async ({ id, ...reading }) =>
      textOf(await readPartOf(await runtime.readAnswer(id), reading, runtime.presenting)),
    ),
  ]);
  return async (name, given) => ways.get(name)?.(given);
}

type ArgumentsOf<Own extends SurfaceTool> = z.output<z.ZodObject<Own["arguments"]>>;

/** The arguments are checked as every call's are, and told about in the same words. */
function way<Own extends SurfaceTool>(
  tool: Own,
  run: (given: ArgumentsOf<Own>) => Promise<Surfaced>,
): [name: string, run: (given: Given) => Promise<Surfaced>] {
  return [tool.name, async (given) => run(parseArguments(tool, given) as ArgumentsOf<Own>)];
}

const textOf = (answer: object): Surfaced => ({ text: JSON.stringify(answer) });

/** The search is loaded with the first one. */
async function found(query: string, { tools }: Listing, policy: Policy): Promise<object> {
  const { findTools: find } = await import("../search/find-tools.ts");
  const refused = (entry: ListingEntry | undefined) => entry && refusal(entry.guarded, policy);
  const best = find(query, tools, { among: (entry) => refused(entry) === undefined });
  const [first] = find(query, tools, { limit: 1 });
  const why = refused(tools.find(({ listed }) => listed.name === first?.name));
  if (why !== undefined) return { tools: best, note: `What fits best is not permitted. ${why}` };
  if (best.length > 0) return { tools: best };
  return { tools: [], note: "No tool fits these words. Try others, in English." };
}

function described(name: string, entries: ReadonlyMap<string, ListingEntry>, policy: Policy): object {
  const entry = entries.get(name);
  if (entry === undefined)
    throw new ArgumentError(
      `There is no tool ${quote(name, 100)}.${didYouMean(name, entries.keys())} ${findTools.name} finds tools by what they do.`,
    );
  const refused = refusal(entry.guarded, policy);
  if (refused !== undefined) throw new RefusedError(refused);
  const { description, inputSchema } = entry.listed;
  return { name, description, access: entry.guarded.access, inputSchema };
}

const ownNames: ReadonlySet<string> = new Set([...searchTools, readAnswer].map(({ name }) => name));

/** Whether a name is that of one of the surface's own tools. */
export const isOwn = (name: string): boolean => ownNames.has(name);

/** They are not run or described by each other. */
function refuseOwn({ name: by }: SurfaceTool, name: string): void {
  if (isOwn(name)) throw new ArgumentError(`${by} is not for ${name}, which is called directly.`);
}
