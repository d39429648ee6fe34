import type { ByNameSetting } from "./by-name.ts";

/** How destructive and escalated calls are confirmed. */
export type ConfirmationPolicy = "auto" | "ask" | "code" | "never";

export const confirmationSetting: ByNameSetting<ConfirmationPolicy> = {
  flag: "--confirm",
  kind: "policy of confirmation",
  choices: ["auto", "ask", "code", "never"],
  fromStrictest: ["ask", "auto", "code", "never"],
  fallback: "auto",
};

/** How long a question may stay unanswered, and a code unused. */
export const confirmationMilliseconds = 10 * 60 * 1000;
