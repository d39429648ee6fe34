import { RefusedError } from "../errors.ts";
import type { CallableTool } from "../operation.ts";
import { cite, quote } from "../sentences/cite.ts";
import type { Given, TargetState } from "../targets/target.ts";
import { type ByName, choiceFor } from "./by-name.ts";
import type { ConfirmationPolicy } from "./confirmation-policy.ts";
import { canonical, type Sealed, type Sealer, type SealTrouble } from "./seal.ts";

/**
 * How an entrance can have a call confirmed: its human can be asked in a form or on a terminal, it can carry a code to and
 * fro, or none of these.
 */
export type ConfirmingMeans = "form" | "terminal" | "code" | "nothing";

/** What a human answered to a question, as it came back: nothing of it is trusted. */
export interface Reply {
  /** The question's seal. */
  readonly state: string | undefined;
  readonly action: string | undefined;
  /** What was typed into the form's field. */
  readonly name: unknown;
}

/** A question to the human before a call is sent. */
export interface Question {
  /** What would happen, for the human to read. */
  readonly message: string;
  /** What must be typed to confirm it. */
  readonly name: string;
  /** The seal that must come back with the reply. */
  readonly state: string;
}

/** What confirmations are made and checked with, for one server and caller. */
export interface ConfirmationDesk {
  readonly confirmation: ByName<ConfirmationPolicy>;
  readonly sealer: Sealer;
  /** What seals are bound to besides the call. */
  readonly bound: Pick<Sealed, "registry" | "caller" | "policy">;
}

/** A call that must be confirmed. */
export interface Confirmable {
  readonly tool: CallableTool;
  /** The target as a person would write it. */
  readonly name: string;
  readonly state: TargetState;
  /** What of the places that the target is in is known not to be there, within a sentence. */
  readonly missing?: () => Promise<string | undefined>;
  /** The arguments without `confirm`. */
  readonly given: Given;
  /** The argument `confirm`. */
  readonly code: unknown;
  readonly reply: Reply | undefined;
  readonly means: ConfirmingMeans;
}

/** How a call was confirmed, or the seal with which it must come back, in an answered question or as a code. */
export type Confirmation =
  | { readonly confirmed: "form" | "terminal" | "code" | "policy never" }
  | { readonly confirmed?: never; readonly seal: string; readonly as: "question" | "code" };

/**
 * Has a call confirmed. A first call is given a seal, to be put to a human or shown with a preview; the call that brings
 * it back goes on, if it is the same call, of the same caller, for a target that is still the same.
 *
 * @throws RefusedError where the policy asks for what the client cannot do, the human did not confirm, the seal does not
 *   hold, or the target cannot be identified
 */
export async function confirm(
  call: Confirmable,
  { confirmation, sealer, bound }: ConfirmationDesk,
): Promise<Confirmation> {
  const { tool, given, reply, means } = call;
  const purpose = purposeOf(tool, confirmation, means);
  if (purpose === undefined) return { confirmed: "policy never" };
  const sealed: Sealed = { purpose, ...bound, tool: tool.name, given, identity: await identityOf(call) };
  const seal = purpose === "question" ? reply?.state : call.code;
  if (purpose === "question" ? reply === undefined : call.code === undefined)
    return { seal: await sealer.seal(sealed), as: purpose };
  const trouble = typeof seal === "string" ? await sealer.open(seal, sealed) : "strange";
  if (purpose === "question") requireConsent(call);
  if (trouble !== undefined)
    throw new RefusedError(`${tool.name} was not sent: ${troubles[purpose][trouble]}`);
  return { confirmed: purpose === "question" && means === "terminal" ? means : formOrCode[purpose] };
}

const formOrCode = { question: "form", code: "code" } as const;

/** What a seal is for, by the policy and by what the entrance can do; undefined where no confirmation is needed. */
function purposeOf(
  tool: CallableTool,
  confirmation: ByName<ConfirmationPolicy>,
  means: ConfirmingMeans,
): Sealed["purpose"] | undefined {
  const policy = choiceFor(tool, confirmation);
  if (policy === "never") return undefined;
  if (means === "form" || means === "terminal") return "question";
  const instead = `--confirm ${confirmation.general},${tool.name}=`;
  if (means === "nothing") {
    throw new RefusedError(
      `${tool.name} was not sent: it must be confirmed (--confirm ${policy}), and there is no terminal to ask on. Run it on one, or with ${instead}never.`,
    );
  }
  if (policy === "code" || (policy === "auto" && tool.irreversible === undefined)) return "code";
  const why =
    policy === "ask" ? "its user must confirm it" : "it cannot be taken back, so its user must confirm it";
  throw new RefusedError(
    `${tool.name} was not sent: ${why} (--confirm ${policy}), and this client cannot show a form (MCP elicitation). Use a client that can, or start the server with ${instead}code or ${instead}never.`,
  );
}

/**
 * @throws RefusedError where the target is not known well enough to be recognised when the confirmation comes back, or there
 *   is nothing to confirm
 */
async function identityOf({ tool, name, state, missing }: Confirmable): Promise<string> {
  const unread = state.unread.length === 0 ? "" : ` ${state.unread.join(" ")}`;
  const refused = (why: string) => new RefusedError(`${tool.name} was not sent: ${why}`);
  const nothing = (what: string) => refused(`there is no ${what}, or this token may not see it.`);
  // What is in a repository that is not there is not there either, and cannot be made.
  const place = state.exists === true ? undefined : await missing?.();
  if (place !== undefined) throw nothing(place);
  if (state.exists === undefined)
    throw refused(`${cite(name)} could not be read, so nobody could say what it would change.${unread}`);
  if (state.exists === false) {
    if (tool.creates === undefined) throw nothing(cite(name));
    return canonical(["absent", state.now]);
  }
  if (state.identity === undefined)
    throw refused(`nothing tells this ${cite(name)} from another that takes its place.${unread}`);
  // What the call would change is part of it: the human confirmed to change this, and not what came after.
  return canonical(["present", state.identity, state.now]);
}

/** A form's answer comes from a client, which does not check it: only the target's name, typed exactly, is a yes. */
function requireConsent({ tool, name, reply }: Confirmable): void {
  const refused = (why: string) => new RefusedError(`${tool.name} was not sent: ${why} Nothing was changed.`);
  if (reply?.action === "decline") throw refused("the user declined.");
  if (reply?.action !== "accept") throw refused("the user did not answer.");
  if (reply.name !== name) throw refused(`the user typed another name than ${quote(name)}.`);
}

const changed =
  "what it would change is no longer what it was when it was asked for. Look at it again, and call again.";

const troubles: Record<Sealed["purpose"], Record<SealTrouble, string>> = {
  question: {
    strange: "the user's answer does not belong to this call. Call again, and the user is asked again.",
    used: "the user's answer was already used. Call again, and the user is asked again.",
    expired: "the user's answer came after more than ten minutes. Call again, and the user is asked again.",
    changed,
  },
  code: {
    strange:
      "this is not a code for this call with these arguments. Call it without confirm to get one, and then again with the same arguments.",
    used: "the code was already used, and holds once. Call without confirm to get another.",
    expired: "the code is older than ten minutes. Call without confirm to get another.",
    changed,
  },
};
