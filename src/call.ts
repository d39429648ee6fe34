import { type Answer, answerOf } from "./answer/present.ts";
import { redact } from "./answer/redact.ts";
import type { Audit } from "./audit/audit.ts";
import { openTrail, type Trail } from "./audit/trail.ts";
import { escalatedRefusal } from "./guard/access.ts";
import type { Brake } from "./guard/brake.ts";
import {
  type Confirmable,
  type Confirmation,
  type ConfirmationDesk,
  type ConfirmingMeans,
  confirm,
  type Question,
  type Reply,
} from "./guard/confirmation.ts";
import { credentialRefusal, sendKeeping } from "./guard/credentials.ts";
import { type UnsentRequest, unsentRequest } from "./guard/dry-run.ts";
import { escalationOf } from "./guard/escalation.ts";
import { fenceRefusal, guardedTool } from "./guard/fence.ts";
import { placeOf } from "./guard/naming.ts";
import { type Policy, refusal } from "./guard/policy.ts";
import { type Preview, previewOf, questionText } from "./guard/preview.ts";
import { protectionRefusal } from "./guard/protection.ts";
import { undoOf } from "./guard/undo.ts";
import type { Tool } from "./operation.ts";
import type { Progress } from "./paging.ts";
import { parseArguments } from "./parse.ts";
import { operationNamed, type Prepared, prepare, readsOfTheGuard, refuseIf, unknownTool } from "./prepare.ts";
import type { QuayAnswer } from "./quay/answer.ts";
import type { ClientRequest, QuayClient } from "./quay/client.ts";
import { givenUpUnsent } from "./quay/deadline.ts";
import type { RouteTable } from "./quay/routes.ts";
import type { Secrets } from "./secrets/directory.ts";
import { readTarget, targetName } from "./targets/index.ts";
import type { Given } from "./targets/target.ts";
import { isTask } from "./tasks/index.ts";
import { type RepeatedCall, type RepeatingTask, repeat } from "./tasks/repeating.ts";

/** Calls a tool that only reads, by the way of every call. */
export type Call = (tool: string, given: Given) => Promise<Answer>;

/** What every call of one server shares. */
export interface CallContext extends Omit<ConfirmationDesk, "confirmation"> {
  readonly tools: ReadonlyMap<string, Tool | RepeatingTask>;
  readonly policy: Policy;
  readonly quay: QuayClient;
  readonly routes: RouteTable;
  readonly secrets: Secrets;
  readonly brake: Brake;
  readonly audit: Audit | undefined;
  /** Who calls, for the audit log, as far as the entrance knows. */
  readonly caller: string;
}

/** How a call came in. */
export interface Entrance {
  /** How its user can confirm it. */
  readonly means: ConfirmingMeans;
  /** What the user answered to the question that this call led to before. */
  readonly reply?: Reply | undefined;
  /** Gives up a read at once; a write only as long as it was not sent, since its outcome must be known. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many calls of a task are through. */
  readonly progress?: Progress | undefined;
}

/** What a call comes to. Nothing was sent where it is a question or a notice. */
export type Outcome =
  | { readonly kind: "answer"; readonly answer: Answer }
  /** The entrance puts it to its user and repeats the call with the reply. */
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "notice"; readonly notice: CodeNotice | DryRunNotice };

/** A preview, and the code with which the same call goes through. */
interface CodeNotice {
  readonly sent: false;
  readonly preview: Preview;
  readonly confirm: string;
  readonly next: string;
}

interface DryRunNotice {
  readonly sent: false;
  readonly dryRun: true;
  readonly request: UnsentRequest | readonly UnsentRequest[];
  readonly preview: Preview;
}

/**
 * One call, the same for every entrance: tools, resources, completions and the command line.
 *
 * @param written the arguments as the assistant wrote them
 * @throws UnknownToolError, RefusedError, ArgumentError, PathError when nothing was sent; QuayError when Quay did not
 *   answer with success
 */
export async function callTool(
  context: CallContext,
  name: string,
  written: Given,
  entrance: Entrance,
): Promise<Outcome> {
  const known = context.tools.get(name);
  return audited(context, { name, tool: known, written }, (trail) => {
    const tool = known ?? unknownTool(context, name);
    return isTask(tool)
      ? wayOfTask(context, tool, written, entrance, trail)
      : wayOfCall(context, tool, written, entrance, trail);
  });
}

interface Incoming {
  readonly name: string;
  readonly tool: Tool | RepeatingTask | undefined;
  readonly written: Given;
}

/** Whatever becomes of a call, the audit log has it. */
async function audited(
  { audit, caller }: CallContext,
  { name, tool, written }: Incoming,
  way: (trail: Trail) => Promise<Outcome>,
): Promise<Outcome> {
  const target = () => tool && subjectOf(tool, written);
  const trail = openTrail(audit, { name, tool, target, caller });
  try {
    const outcome = await way(trail);
    if (outcome.kind === "answer") trail.end("sent", outcome.answer.status);
    else trail.end(outcome.kind === "notice" && "dryRun" in outcome.notice ? "dry-run" : "asked");
    return outcome;
  } catch (error) {
    trail.fail(error);
    throw error;
  }
}

/** What a call is about, for the audit log; undefined where its arguments cannot be understood, or name nothing. */
function subjectOf(tool: Tool | RepeatingTask, written: Given): string | undefined {
  try {
    parseArguments(tool, written);
    if (isTask(tool)) tool.check(written);
  } catch {
    return undefined;
  }
  if (isTask(tool)) return tool.targetName(written);
  return tool.access === "read" ? placeOf(tool, written) : targetName(tool, written);
}

/** Everything that can keep a call from being sent, in its order, and what becomes of the answer. */
async function wayOfCall(
  context: CallContext,
  tool: Tool,
  written: Given,
  { means, reply, signal }: Entrance,
  trail: Trail,
): Promise<Outcome> {
  const { policy, secrets, quay } = context;
  refuseIf(refusal(guardedTool(tool), policy) ?? credentialRefusal(tool, secrets));
  const prepared = await prepare(context, tool, written, signal);
  const { given, code, request, sent } = prepared;
  if (tool.access === "read") {
    const send = () => quay.request(request, { signal });
    const { status, body, file } = await sendKeeping(tool, "", secrets, send);
    return answered(answerOf(tool, status, redact(body, tool, { ...secrets, sent }), { file }));
  }

  const target = targetName(tool, given);
  const state = await readTarget(tool, given, readsOfTheGuard(context, signal));
  const escalation = escalationOf(tool, given, state, policy.hosts);
  if (escalation !== undefined) refuseIf(escalatedRefusal(tool, escalation, policy.access));
  const preview = previewOf({ tool, target, given, state, reason: escalation, hosts: policy.hosts });
  if (policy.dryRun) return dryRun(unsentRequest(tool, request), preview);

  const isGrave = tool.access === "destructive" || escalation !== undefined;
  // Whoever answers a question is heard, also where it need no longer be asked: the answer may be no.
  if (isGrave || reply !== undefined || code !== undefined) {
    const settled = await settle(context, { tool, name: target, state, given, code, reply, means }, preview);
    if (settled.confirmed === undefined) return settled;
    trail.note(settled);
  }
  if (isGrave) await brakeFor(context, tool);
  if (signal?.aborted) throw givenUpUnsent();
  return sendWrite(context, tool, prepared, state.now, trail);
}

/**
 * The way of a task: what keeps a call from being sent keeps all of its calls, and what is confirmed and counted once is
 * all of them. Then each goes on by itself, as any other: its fence, its protection, its request, its lines in the log.
 */
async function wayOfTask(
  context: CallContext,
  task: RepeatingTask,
  written: Given,
  { means, reply, signal, progress }: Entrance,
  trail: Trail,
): Promise<Outcome> {
  const { fence, protection, hosts, dryRun: isDryRun } = context.policy;
  refuseIf(refusal(guardedTool(task), context.policy));
  parseArguments(task, written);
  const { confirm: code, ...given } = written;
  task.check(given);
  refuseIf(fenceRefusal(task, given, fence) ?? protectionRefusal(task, given, protection));

  const tool = operationNamed(context, task.repeats);
  const read = readsOfTheGuard(context, signal);
  const [name, undo] = [task.targetName(given), task.takenBackBy(given)];
  const sight = await task.look(given, read);
  const { state, calls } = sight;
  const preview = previewOf({ tool: task, target: name, given, state, reason: undefined, hosts, undo });
  if (isDryRun) {
    const prepared = await Promise.all(calls.map((call) => prepare(context, tool, call.given, signal)));
    return dryRun(
      prepared.map(({ request }) => unsentRequest(tool, request)),
      preview,
    );
  }
  const settled = await settle(context, { tool: task, name, state, given, code, reply, means }, preview);
  if (settled.confirmed === undefined) return settled;
  trail.note(settled);
  await brakeFor(context, task);

  const one = (call: RepeatedCall) =>
    audited(context, { name: tool.name, tool, written: call.given }, async (ownTrail) => {
      ownTrail.note({ confirmed: `${settled.confirmed} for ${task.name}` });
      const prepared = await prepare(context, tool, call.given, signal);
      const changed = await call.changed(read);
      if (signal?.aborted) throw givenUpUnsent();
      refuseIf(changed);
      return sendWrite(context, tool, prepared, call.now, ownTrail);
    });
  const done = await repeat(calls, one, { signal, progress });
  return answered({ status: undefined, body: redact(task.report(given, sight, done), tool) });
}

/** Has a call confirmed: how it was, or what must come first. */
async function settle(
  context: CallContext,
  call: Confirmable,
  preview: Preview,
): Promise<{ readonly confirmed: string } | (Outcome & { readonly confirmed?: never })> {
  const confirmation = await confirm(call, { ...context, confirmation: context.policy.confirmation });
  const { confirmed } = confirmation;
  return confirmed === undefined ? unconfirmed(confirmation, call.name, preview) : { confirmed };
}

async function brakeFor({ brake, bound }: CallContext, { name }: Pick<Tool, "name">): Promise<void> {
  refuseIf(await brake.refusal(name, bound.caller));
}

/** Sends what the guard let through, and says beside the answer how it is taken back. */
async function sendWrite(
  { quay, secrets }: CallContext,
  tool: Tool,
  { given, request, sent }: Prepared,
  now: Given,
  trail: Trail,
): Promise<Outcome> {
  const send = () => announceAndSend(quay, request, trail);
  const { status, body, file } = await sendKeeping(tool, targetName(tool, given), secrets, send);
  const redacted = redact(body, tool, { ...secrets, sent });
  return answered(answerOf(tool, status, redacted, { undo: undoOf(tool, given, now, redacted.value), file }));
}

/** Once it is announced it is sent, and what comes of it is awaited. */
async function announceAndSend(quay: QuayClient, request: ClientRequest, trail: Trail): Promise<QuayAnswer> {
  await trail.announce();
  return quay.request(request);
}

function dryRun(request: DryRunNotice["request"], preview: Preview): Outcome {
  return { kind: "notice", notice: { sent: false, dryRun: true, request, preview } };
}

function unconfirmed(
  { seal, as }: Extract<Confirmation, { seal: string }>,
  name: string,
  preview: Preview,
): Outcome {
  if (as === "question") {
    return { kind: "question", question: { message: questionText(preview), name, state: seal } };
  }
  const next =
    "Nothing was sent. Show the user the preview; if they agree, make the same call again with this code as confirm. It holds once, for ten minutes.";
  return { kind: "notice", notice: { sent: false, preview, confirm: seal, next } };
}

function answered(answer: Answer): Outcome {
  return { kind: "answer", answer };
}
