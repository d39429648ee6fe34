import type { Settings } from "../config.ts";
import { type Policy, refusal } from "../guard/policy.ts";
import type { ListedTool, Listing } from "./listing.ts";

/** Clients refuse long lists, some of them more than 128 tools. */
const mostListed = 100;

/**
 * The tools that a client is shown under a policy, in their fixed order. `auto` is every permitted tool as long as they
 * are few, and otherwise the everyday ones beside the search. Answers that were cut can be read on every surface.
 */
export function surfaceOf(
  { tools, search, readAnswer }: Listing,
  policy: Policy,
  surface: Settings["surface"],
): readonly ListedTool[] {
  if (surface === "search") return [...search, readAnswer];
  const permitted = tools.filter(({ guarded }) => refusal(guarded, policy) === undefined);
  const isWhole = surface === "all" || permitted.length <= mostListed;
  const shown = permitted.filter(({ everyday }) => isWhole || everyday === true);
  return [...shown.map(({ listed }) => listed), ...(isWhole ? [] : search), readAnswer];
}

/** Whether the tools that are not shown can be found: the client is told so. */
export function hasSearch(shown: readonly ListedTool[]): boolean {
  return shown.some(({ name }) => name === "find_tools");
}
