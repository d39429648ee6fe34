import { catalogue } from "../../tools/index.ts";
import { tasks } from "../tasks/index.ts";
import { createListing, type Listing } from "./listing.ts";
import { listedTool, readAnswer, searchTools } from "./tools.ts";

/** Everything that may be listed. The build writes it beside the program: it takes every schema of the catalogue. */
export function createWholeListing(): Listing {
  return {
    tools: createListing([...catalogue, ...tasks]),
    search: searchTools.map(listedTool),
    readAnswer: listedTool(readAnswer),
  };
}
