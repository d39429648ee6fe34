import { escapeText } from "../answer/escape.ts";
import type { Callable } from "../operation.ts";
import { showCited } from "../sentences/cite.ts";
import { firstNames, shortened } from "../sentences/words.ts";
import type { Given, TargetState } from "../targets/target.ts";
import { egressInWords, egressOf } from "./egress.ts";
import { type TakingBack, undoOf } from "./undo.ts";

/** What a call would do, before it is done: for a human to decide on, and for a model to look at. */
export interface Preview {
  /** The tool's title. */
  readonly call: string;
  readonly target: string;
  /** What makes the call as grave as a destructive one, where only its arguments or the target's state do. */
  readonly because?: string;
  /** What would be lost or changed. */
  readonly now?: Readonly<Record<string, unknown>>;
  /** Where Quay would send data, and to which host it did before. */
  readonly sends?: readonly string[];
  /** What could not be read. */
  readonly unread?: readonly string[];
  readonly undo: TakingBack;
}

/** A call that passed the guard so far, and what it would change. */
export interface Previewed {
  readonly tool: Callable;
  readonly target: string;
  readonly given: Given;
  readonly state: TargetState;
  /** What makes it grave. */
  readonly reason: string | undefined;
  /** Where data may be sent, from `parseHosts`. */
  readonly hosts: readonly string[];
  /** How it is taken back, where the tool's own data does not say it. */
  readonly undo?: TakingBack;
}

/** What a call would do, from the state of its target as it was read just now. */
export function previewOf({ tool, target, given, state, reason, hosts, undo }: Previewed): Preview {
  const sends = egressOf(given, state, hosts).map(egressInWords);
  return {
    call: tool.title,
    target,
    ...(reason === undefined ? {} : { because: reason }),
    ...(Object.keys(state.preview).length === 0 ? {} : { now: state.preview }),
    ...(sends.length === 0 ? {} : { sends }),
    ...(state.unread.length === 0 ? {} : { unread: state.unread }),
    undo: undo ?? undoOf(tool, given, state.now, undefined) ?? { none: "No single call takes it back." },
  };
}

/** Tokens or not, nobody reads more in a form. What a usual call of `delete_tags` is about fits. */
const longestQuestion = 20_000;

/** How much of what is long a question shows. */
interface Detail {
  /** Of a list in lines of its own. */
  readonly items: number;
  /** Of a value, and of what a sentence cites. */
  readonly characters: number;
}

/**
 * The preview as a question for a form or a terminal. Names and texts in it were written by strangers: they can break
 * neither a line nor, by invisible characters, the look of one.
 */
export function questionText(preview: Preview): string {
  let detail: Detail = { items: Number.POSITIVE_INFINITY, characters: 400 };
  for (;;) {
    const text = textOf(preview, detail);
    // As a form shows it.
    if (escapeText(text).length <= longestQuestion || detail.characters < 20) return text;
    detail = { items: Math.min(detail.items, 400) / 2, characters: detail.characters * 0.7 };
  }
}

function textOf(
  { call, target, because, now = {}, sends = [], unread = [], undo }: Preview,
  detail: Detail,
): string {
  const said = (sentence: string) =>
    oneLine(showCited(sentence, (text) => JSON.stringify(shortened(text, detail.characters))));
  return [
    `${call}: ${oneLine(target)}`,
    ...(because === undefined ? [] : [said(because)]),
    ...Object.entries(now).map(
      ([name, value]) => `- ${name.replaceAll("_", " ")}: ${inLines(value, detail)}`,
    ),
    // What is grave about a call may be this already.
    ...sends.filter((each) => !because?.includes(each)).map((each) => `- ${said(each)}`),
    ...unread.map((sentence) => `- not known: ${said(sentence)}`),
    "none" in undo
      ? `It cannot be taken back: ${oneLine(undo.none)}`
      : `It can be taken back with ${undo.tool} (${inWords(undo.arguments, detail)})`,
    `To go ahead, type ${oneLine(target)}`,
  ].join("\n");
}

/** What a call is about is shown whole, as long as it can be: of a long list, each element in a line of its own. */
function inLines(value: unknown, detail: Detail): string {
  if (!Array.isArray(value) || withoutBrackets(value).length <= detail.characters)
    return inWords(value, detail);
  const items = firstNames(
    value.map((element) => inWords(element, detail)),
    Math.ceil(detail.items),
  );
  return items.map((item) => `\n  - ${item}`).join("");
}

function inWords(value: unknown, { characters }: Detail): string {
  return oneLine(shortened(withoutBrackets(value), Math.ceil(characters)));
}

/** JSON reads badly in a form. */
function withoutBrackets(value: unknown): string {
  if (Array.isArray(value)) return value.map(withoutBrackets).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name.replaceAll("_", " ")} ${withoutBrackets(inner)}`)
    .join("; ");
}

/** Shows control characters, line ends and those that change the direction of a text as the escapes that they are. */
function oneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}
