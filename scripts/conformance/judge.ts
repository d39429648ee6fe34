/** Whether what a server did is what was expected of it. */
import type { Exception, Revision } from "../../test/conformance/expectations.ts";
import type { Check, Results } from "./suite.ts";

export interface Verdict {
  readonly scenario: string;
  readonly outcome:
    | "passes"
    | Exception["apart"]
    | "fails"
    | "is listed, but passes"
    | "is listed, but not run";
  /** How many of its checks hold. */
  readonly held: number;
  /** What is wrong, or why it is set apart. */
  readonly because: readonly string[];
}

/** Holds for every scenario, those that are set apart as well: each message is what the protocol's schema says. */
const always = "wire-schema-valid";

/** Judges the scenarios of one revision on one server. */
export function judge(results: Results, revision: Revision, exceptions: readonly Exception[]): Verdict[] {
  const listed = new Map(
    exceptions
      .filter(({ revisions }) => revisions.includes(revision))
      .flatMap((exception) => exception.names.map((name) => [name, exception] as const)),
  );
  const verdicts = [...results].map(([scenario, checks]) => judgeScenario(scenario, checks, listed));
  const notRun = [...listed.keys()].filter((name) => !results.has(name.split(":", 1)[0]!));
  for (const scenario of notRun)
    verdicts.push({ scenario, outcome: "is listed, but not run", held: 0, because: [] });
  return verdicts;
}

function judgeScenario(
  scenario: string,
  checks: readonly Check[],
  listed: ReadonlyMap<string, Exception>,
): Verdict {
  const exception = listed.get(scenario);
  const isExcepted = ({ id }: Check) => (exception ?? listed.get(`${scenario}:${id}`)) !== undefined;
  const held = checks.filter(({ status }) => status === "SUCCESS").length;
  const holds = checks.some(({ id, status }) => status === "SUCCESS" && id !== always);
  const failed = checks.filter(isFailed);
  const wrong = failed.filter((check) => check.id === always || !isExcepted(check));
  const verdict = { scenario, held };
  if (wrong.length > 0) return { ...verdict, outcome: "fails", because: wrong.map(sentence) };
  if (exception !== undefined) {
    const passes = failed.length === 0 && holds;
    return passes
      ? { ...verdict, outcome: "is listed, but passes", because: [] }
      : { ...verdict, outcome: exception.apart, because: [exception.reason] };
  }
  const stale = [...listed.keys()]
    .filter((name) => name.startsWith(`${scenario}:`))
    .filter((name) => checks.every(({ id, status }) => name !== `${scenario}:${id}` || status === "SUCCESS"));
  if (stale.length > 0) return { ...verdict, outcome: "is listed, but passes", because: stale };
  if (!holds) return { ...verdict, outcome: "fails", because: ["No check of it was made."] };
  return { ...verdict, outcome: "passes", because: [] };
}

/** A warning is something that a server should do. */
const isFailed = ({ status }: Check) => status === "FAILURE" || status === "WARNING";

const sentence = ({ id, description, errorMessage }: Check) => `${id}: ${errorMessage ?? description}`;
