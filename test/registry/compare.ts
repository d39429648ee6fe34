/** Whether an answer agrees with a recorded one: shape, formats, and the values that follow from the request. */

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const formats: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["RFC 2822 time", /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d -0000$/],
  ["RFC 2822 time in GMT", /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/],
  ["ISO 8601 time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/],
  ["ISO 8601 day", /^\d{4}-\d\d-\d\d$/],
  ["uuid", /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/],
  ["digest", /^sha256:[0-9a-f]{64}$/],
  ["hash", /^[0-9a-f]{64}$/],
  ["nothing", /^$/],
];

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "string") return formats.find(([, pattern]) => pattern.test(value))?.[0] ?? "text";
  return typeof value;
}

function leaves(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

/** Everything a request says: segments of its path, values of its query, leaves of its body. */
function said(exchange: Exchange): Set<unknown> {
  const url = new URL(exchange.path, "http://127.0.0.1");
  return new Set([
    ...url.pathname.split("/").slice(3).map(decodeURIComponent),
    ...url.searchParams.values(),
    ...leaves(exchange.requestBody),
  ]);
}

/** Lists of which the recorded start shows only the newest entries: compared kind by kind. */
const incomplete = new Set(["logs", "aggregated"]);

/** How an answer differs from the recorded one; nothing where it agrees. */
export function differences(recorded: Exchange, status: number, type: string, body: unknown): string[] {
  if (status !== recorded.status) return [`status ${status} instead of ${recorded.status}`];
  const recordedType = recorded.headers["Content-Type"]?.split(";")[0];
  if (status !== 204 && recordedType !== undefined && type.split(";")[0] !== recordedType) {
    return [`${type} instead of ${recordedType}`];
  }
  if (recordedType === "text/html" && typeof body === "string") return [];
  const expected = recorded.body as Record<string, unknown> | null;
  if (typeof expected === "object" && expected !== null && "_truncated" in expected) return [];
  return [...compare(recorded.body, body, "", said(recorded), status >= 400)];
}

function* compare(
  recorded: unknown,
  ours: unknown,
  at: string,
  request: ReadonlySet<unknown>,
  exact: boolean,
): Generator<string> {
  const [expected, got] = [kindOf(recorded), kindOf(ours)];
  if (expected !== got) {
    yield `${at || "the body"} is ${got} (${brief(ours)}) instead of ${expected} (${brief(recorded)})`;
    return;
  }
  if (Array.isArray(recorded) && Array.isArray(ours)) {
    yield* incomplete.has(at.slice(1))
      ? compareByKind(recorded, ours, at, request)
      : compareArrays(inOrder(recorded, at), inOrder(ours, at), at, request, exact);
  } else if (expected === "object") {
    yield* compareObjects(recorded as object, ours as object, at, request, exact);
  } else if (recorded !== ours && !at.endsWith(".type")) {
    const follows = at === "" || exact || request.has(recorded) || typeof recorded === "boolean";
    if (follows && firstLine(recorded) !== firstLine(ours)) {
      yield `${at || "the body"} is ${brief(ours)} instead of ${brief(recorded)}`;
    }
  }
}

function* compareArrays(
  recorded: readonly unknown[],
  ours: readonly unknown[],
  at: string,
  request: ReadonlySet<unknown>,
  exact: boolean,
): Generator<string> {
  if (recorded.length !== ours.length) yield `${at} has ${ours.length} entries instead of ${recorded.length}`;
  for (const [index, each] of recorded.entries()) {
    if (index < ours.length) yield* compare(each, ours[index], `${at}.${index}`, request, exact);
  }
}

function* compareByKind(
  recorded: readonly unknown[],
  ours: readonly unknown[],
  at: string,
  request: ReadonlySet<unknown>,
): Generator<string> {
  if (recorded.length > 0 && ours.length === 0) yield `${at} is empty`;
  const kind = (entry: unknown) => (entry as { kind: string }).kind;
  for (const each of ours) {
    const candidates = recorded
      .filter((other) => kind(other) === kind(each))
      .map((other) => [
        ...compare(withoutFlags(other), withoutFlags(each), `${at}.${kind(each)}`, request, false),
      ]);
    candidates.sort((one, other) => one.length - other.length);
    yield* candidates[0] ?? [];
  }
}

/** An entry without what it says was true or false: another one of its kind may say otherwise. */
function withoutFlags(entry: unknown): unknown {
  return JSON.parse(JSON.stringify(entry, (_key, value) => (typeof value === "boolean" ? "flag" : value)));
}

/** Repositories come in the order of their making, which the recorded start does not tell. */
function inOrder(list: readonly unknown[], at: string): readonly unknown[] {
  const path = (each: unknown) => JSON.stringify([(each as Namesake).namespace, (each as Namesake).name]);
  return at === ".repositories" && list.every((each) => Object(each) === each)
    ? [...list].sort((one, other) => (path(one) < path(other) ? -1 : 1))
    : list;
}

interface Namesake {
  readonly namespace?: unknown;
  readonly name?: unknown;
}

function* compareObjects(
  recorded: object,
  ours: object,
  at: string,
  request: ReadonlySet<unknown>,
  exact: boolean,
): Generator<string> {
  const missing = Object.keys(recorded).filter((key) => !Object.hasOwn(ours, key));
  const surplus = Object.keys(ours).filter((key) => !Object.hasOwn(recorded, key));
  if (missing.length > 0) yield `${at || "the body"} lacks ${missing.join(", ")}`;
  if (surplus.length > 0) yield `${at || "the body"} has ${surplus.join(", ")} besides`;
  for (const [key, value] of Object.entries(recorded)) {
    if (Object.hasOwn(ours, key)) {
      yield* compare(value, (ours as Record<string, unknown>)[key], `${at}.${key}`, request, exact);
    }
  }
}

/** What follows the first line of a schema's error is the schema itself, which Quay's own has prose in. */
const firstLine = (value: unknown) => (typeof value === "string" ? value.split("\n")[0] : value);

const brief = (value: unknown) => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 90 ? `${text.slice(0, 90)}…` : text;
};

const generated = /^([0-9a-f]{8}-[0-9a-f-]{27}|[A-Z0-9]{20}|[\w-]{43})$/;

/** Learns which of our identifiers stands for which recorded one. */
export function learn(recorded: unknown, ours: unknown, names: Map<string, string>): void {
  if (typeof recorded === "string" && typeof ours === "string") {
    if (recorded !== ours && generated.test(recorded) && generated.test(ours)) names.set(recorded, ours);
  } else if (Object(recorded) === recorded && Object(ours) === ours) {
    for (const [key, value] of Object.entries(recorded as object)) {
      learn(value, (ours as Record<string, unknown>)[key], names);
    }
  }
}

/** Puts our identifiers in the place of the recorded ones. */
export function rewritten(text: string, names: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [recorded, ours] of names) result = result.replaceAll(recorded, ours);
  return result;
}
