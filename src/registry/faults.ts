/** What goes wrong on the way to a registry, when asked for: latency, refusals, and answers that never arrive. */
import * as z from "zod";
import type { Answer } from "./answers.ts";
import { seededRandom } from "./random.ts";

/**
 * - `429`, `503`: the web server in front refuses; nothing is done
 * - `reset`, `hang`: what was asked is done, but instead of the answer the connection breaks off, or nothing comes
 */
export const faultKinds = ["429", "503", "reset", "hang"] as const;
export type Fault = (typeof faultKinds)[number];

/** How much goes wrong; as an option, and as the body of the control route. */
export const FaultPlan = z
  .strictObject({
    /** Milliseconds before anything else happens. */
    latency: z.int().min(0).max(600_000).default(0),
    /** The share of requests, from 0 to 1, that each fault befalls. */
    faults: z.partialRecord(z.enum(faultKinds), z.number().min(0).max(1)).default({}),
  })
  .refine(({ faults }) => Object.values(faults).reduce((sum, share) => sum + share, 0) <= 1.000_001, {
    message: "the shares of the faults add up to more than 1",
  });
export type FaultPlan = z.output<typeof FaultPlan>;

export interface Faults {
  readonly plan: () => FaultPlan;
  /** Changes the plan; the draw begins anew, so that the same requests meet the same faults. */
  readonly change: (plan: FaultPlan) => void;
  /** What befalls the next request, if anything. The same plan, seed and order give the same faults. */
  readonly next: () => Fault | undefined;
}

/** Makes the faults of one registry. The same seed brings them in the same order. */
export function createFaults(first: FaultPlan, seed: number): Faults {
  let plan = first;
  let random = seededRandom(seed);
  return {
    plan: () => plan,
    change(changed) {
      plan = changed;
      random = seededRandom(seed);
    },
    next() {
      let left = random.next();
      for (const kind of faultKinds) {
        left -= plan.faults[kind] ?? 0;
        if (left < 0) return kind;
      }
      return undefined;
    },
  };
}

/** The page of the web server in front of Quay; it says neither why nor for how long. */
export function frontPage(fault: "429" | "503"): Answer {
  const title = fault === "429" ? "429 Too Many Requests" : "503 Service Temporarily Unavailable";
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return { status: Number(fault), body, type: "text/html" };
}
