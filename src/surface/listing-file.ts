import { readFileSync } from "node:fs";
import type { Listing } from "./listing.ts";

/** The listing that the build wrote beside the program. */
export function readListing(): Listing {
  return JSON.parse(readFileSync(new URL("./listing.json", import.meta.url), "utf8"));
}
