/**
 * Which scenarios of the conformance suite are set apart, and why. Whatever is not named here must pass: on the program
 * itself, and on the server with the suite's fixtures, which has the same HTTP layer. What is named must not pass.
 *
 * A name is a scenario's, or a single check's, written `scenario:check` as the suite writes it.
 */
export const revisions = ["2025-11-25", "2026-07-28"] as const;

export type Revision = (typeof revisions)[number];

export interface Exception {
  /**
   * It does not apply to either server, since what it looks at is not offered on purpose; or it needs fixtures, and passes
   * on the server that has them.
   */
  readonly apart: "does not apply" | "needs fixtures";
  readonly names: readonly string[];
  readonly revisions: readonly Revision[];
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [
  {
    apart: "does not apply",
    names: [
      "server-session-lifecycle",
      "server-sse-polling",
      "server-sse-multiple-streams",
      "tools-call-sampling",
      "tools-call-elicitation",
      "elicitation-sep1034-defaults",
      "elicitation-sep1330-enums",
    ],
    revisions: ["2025-11-25"],
    reason:
      "They need a session, to which a server pushes questions and a client comes back. Any replica answers any request here, so there are none: clients of this revision get a code where others are asked.",
  },
  {
    apart: "does not apply",
    names: ["resources-subscribe", "resources-unsubscribe"],
    revisions: ["2025-11-25"],
    reason:
      "Quay does not tell when something changes, and without a session there is nowhere to say it: subscriptions are not declared.",
  },
  {
    apart: "does not apply",
    names: [
      "server-stateless:sep-2575-server-sends-prompts-list-changed-on-subscription",
      "server-stateless:sep-2575-server-sends-tools-list-changed-on-subscription",
    ],
    revisions: ["2026-07-28"],
    reason: "Tools and prompts stay the same while the program runs: no changes of the lists are declared.",
  },
  {
    apart: "needs fixtures",
    names: [
      "tools-call-simple-text",
      "tools-call-image",
      "tools-call-audio",
      "tools-call-embedded-resource",
      "tools-call-mixed-content",
      "tools-call-error",
      "tools-call-with-progress",
      "json-schema-2020-12",
      "resources-read-text",
      "resources-read-binary",
      "resources-templates-read",
      "prompts-get-simple",
      "prompts-get-with-args",
      "prompts-get-embedded-resource",
      "prompts-get-with-image",
    ],
    revisions,
    reason: "Asks for a tool, a prompt or a resource by a name that only a test server has.",
  },
  {
    apart: "needs fixtures",
    names: ["logging-set-level", "tools-call-with-logging"],
    revisions: ["2025-11-25"],
    reason:
      "The program declares no logging, which revision 2026-07-28 deprecates: its log is for its operator.",
  },
  {
    apart: "needs fixtures",
    names: ["http-custom-header-server-validation"],
    revisions: ["2026-07-28"],
    reason: "No tool of the program asks clients to repeat a parameter in a header.",
  },
  {
    apart: "needs fixtures",
    names: [
      "input-required-result-basic-elicitation",
      "input-required-result-basic-sampling",
      "input-required-result-basic-list-roots",
      "input-required-result-request-state",
      "input-required-result-multiple-input-requests",
      "input-required-result-multi-round",
      "input-required-result-missing-input-response",
      "input-required-result-non-tool-request",
      "input-required-result-result-type",
      "input-required-result-tampered-state",
      "input-required-result-capability-check",
      "input-required-result-ignore-extra-params",
    ],
    revisions: ["2026-07-28"],
    reason:
      "Asks for a tool or a prompt by a name that only a test server has. How the program itself asks is in the tests of the guard.",
  },
  {
    apart: "needs fixtures",
    names: [
      "server-stateless:sep-2575-server-rejects-undeclared-capability",
      "server-stateless:sep-2575-missing-capability-http-400",
      "server-stateless:sep-2575-http-server-no-independent-requests-on-stream",
      "server-stateless:sep-2575-server-no-log-without-loglevel",
    ],
    revisions: ["2026-07-28"],
    reason: "Asks for a tool by a name that only a test server has; the other checks of the scenario hold.",
  },
];
