/**
 * The routes that no Quay has, by which tests in other processes steer the registry: `/_control/faults` and `/_control/clock`.
 * They need no token, since the registry listens on loopback only, and no fault befalls them.
 */
import * as z from "zod";
import { type Answer, json, message, methodNotAllowed, pageNotFound } from "./answers.ts";
import type { Clock } from "./clock.ts";
import { FaultPlan, type Faults } from "./faults.ts";

export const controlPrefix = "/_control/";

const ClockBody = z.strictObject({ now: z.iso.datetime({ offset: true }) });

export interface Controlled {
  readonly faults: Faults;
  readonly clock: Clock;
}

/** Answers a request to a control route: GET shows, PUT changes, DELETE goes back to what is ordinary. */
export function control(
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: string },
  { faults, clock }: Controlled,
): Answer {
  const things = {
    faults: {
      show: faults.plan,
      change: (given: unknown) => faults.change(FaultPlan.parse(given)),
      reset: () => faults.change(FaultPlan.parse({})),
    },
    clock: {
      show: () => ({ now: clock.now().toISOString() }),
      change: (given: unknown) => clock.set(new Date(ClockBody.parse(given).now)),
      reset: clock.reset,
    },
  };
  const name = path.slice(controlPrefix.length);
  if (!Object.hasOwn(things, name)) return pageNotFound();
  const { show, change, reset } = things[name as keyof typeof things];
  try {
    if (method === "PUT") change(JSON.parse(body));
    else if (method === "DELETE") reset();
    else if (method !== "GET") return methodNotAllowed(["GET", "PUT", "DELETE"]);
  } catch (error) {
    if (error instanceof z.ZodError) return message(z.prettifyError(error));
    if (error instanceof SyntaxError) return message("The body is not JSON.");
    throw error;
  }
  return json(show());
}
