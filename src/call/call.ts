import { type Answer, answerOf } from "../answer/present.ts";
import { redact } from "../answer/redact.ts";
import { openTrail, type Trail } from "../audit/trail.ts";
import { RefusedError } from "../errors.ts";
import { type Confirmable, type Confirmation, confirm } from "../guard/confirmation.ts";
import { credentialRefusal, sendKeeping } from "../guard/credentials.ts";
import { unsentRequest } from "../guard/dry-run.ts";
import { escalationOf } from "../guard/escalation.ts";
import { escalatedExecutorRefusal, executorRefusal } from "../guard/executor.ts";
import { guardedTool } from "../guard/fence.ts";
import { placeOf } from "../guard/naming.ts";
import {
  callRefusal,
  graveRefusal,
  hasChoices,
  placeRefusal,
  policyOfCall,
  refusal,
} from "../guard/policy.ts";
import { type Preview, previewOf, questionText } from "../guard/preview.ts";
import { undoOf } from "../guard/undo.ts";
import type { Tool } from "../operation.ts";
import type { QuayAnswer } from "../quay/answer.ts";
import { givenUpUnsent } from "../quay/deadline.ts";
import { readTarget, targetName } from "../targets/index.ts";
import type { Given } from "../targets/target.ts";
import { missingPlace } from "../targets/within.ts";
import { isRepeating, isTask, type Task } from "../tasks/index.ts";
import { type RepeatedCall, type RepeatingTask, repeat } from "../tasks/repeating.ts";
import type { Call, CallContext, DryRunNotice, Entrance, Outcome } from "./context.ts";
import { observeCall, observeConfirmation } from "./observer.ts";
import { parseArguments } from "./parse-arguments.ts";
import { operationNamed, type Prepared, prepare, readsOfTheGuard, refuseIf, unknownTool } from "./prepare.ts";
import { readOperation, readTask } from "./reads.ts";

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
  return audited(context, { name, tool: known, written }, async (trail) => {
    const tool = known ?? unknownTool(context, name);
    refuseIf(refusal(guardedTool(tool), context.policy) ?? executorRefusal(tool, entrance.executor));
    const own = hasChoices(context.policy) ? contextOfCall(context, tool, written) : context;
    if (!isTask(tool)) return wayOfCall(own, tool, written, entrance, trail);
    if (isRepeating(tool)) return wayOfTask(own, tool, written, entrance, trail);
    const call: Call = (each, given) => readTool(context, each, given, entrance.signal);
    return answered(await readTask(context, tool, written, { ...entrance, call }));
  });
}

/** The context with those of the caller's rights that let this call through: it goes on by no others. */
function contextOfCall(context: CallContext, tool: Tool | Task, written: Given): CallContext {
  parseArguments(tool, written);
  refuseIf(callRefusal(tool, written, context.policy));
  return { ...context, policy: policyOfCall(tool, written, context.policy) };
}

/**
 * A call of a tool that only reads: it is answered or it fails, and never asks.
 *
 * @throws what callTool throws; RefusedError where the tool does not only read
 */
export async function readTool(
  context: CallContext,
  name: string,
  given: Given,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const access = context.tools.get(name)?.access ?? "read";
  const outcome = access === "read" && (await callTool(context, name, given, { means: "nothing", signal }));
  if (outcome && outcome.kind === "answer") return outcome.answer;
  throw new RefusedError(`${name} does not only read.`);
}

interface Incoming {
  readonly name: string;
  readonly tool: Tool | Task | undefined;
  readonly written: Given;
}

/** Whatever becomes of a call, the audit log has it. */
async function audited(
  { audit, caller, observer }: CallContext,
  { name, tool, written }: Incoming,
  way: (trail: Trail) => Promise<Outcome>,
): Promise<Outcome> {
  const target = () => tool && subjectOf(tool, written);
  const trail = openTrail(audit, { name, tool, target, caller });
  try {
    const outcome = await observeCall(observer, tool, () => way(trail));
    if (outcome.kind === "answer") trail.end("sent", outcome.answer.status);
    else trail.end(outcome.kind === "notice" && "dryRun" in outcome.notice ? "dry-run" : "asked");
    return outcome;
  } catch (error) {
    trail.fail(error);
    throw error;
  }
}

/** What a call is about, for the audit log; undefined where its arguments cannot be understood, or name nothing. */
function subjectOf(tool: Tool | Task, written: Given): string | undefined {
  try {
    parseArguments(tool, written);
    if (isTask(tool) && isRepeating(tool)) tool.check(written);
  } catch {
    return undefined;
  }
  if (isTask(tool) && isRepeating(tool)) return tool.targetName(written);
  return isTask(tool) || tool.access === "read" ? placeOf(tool, written) : targetName(tool, written);
}

/** Everything that can keep a call from being sent, in its order, and what becomes of the answer. */
async function wayOfCall(
  context: CallContext,
  tool: Tool,
  written: Given,
  entrance: Entrance,
  trail: Trail,
): Promise<Outcome> {
  const { means, reply, signal, executor } = entrance;
  const { policy, secrets } = context;
  refuseIf(credentialRefusal(tool, secrets));
  if (tool.access === "read") return answered(await readOperation(context, tool, written, entrance));

  const prepared = await prepare(context, tool, written, signal);
  const { given, code, request } = prepared;
  const target = targetName(tool, given);
  const read = readsOfTheGuard(context, signal);
  const state = await readTarget(tool, given, read);
  const escalation = escalationOf(tool, given, state, policy.hosts);
  if (escalation !== undefined) refuseIf(graveRefusal(tool, escalation, policy));
  refuseIf(escalatedExecutorRefusal(tool, escalation, executor));
  const preview = previewOf({ tool, target, given, state, reason: escalation, hosts: policy.hosts });
  if (policy.dryRun) return dryRun(unsentRequest(tool, request), preview);

  const isGrave = tool.access === "destructive" || escalation !== undefined;
  // Whoever answers a question is heard, also where it need no longer be asked: the answer may be no.
  if (isGrave || reply !== undefined || code !== undefined) {
    if (isGrave) await lookAtBrake(context, tool);
    const missing = () => missingPlace(tool, given, read);
    const call = { tool, name: target, state, missing, given, code, reply, means };
    const settled = await settle(context, call, preview);
    if (settled.confirmed === undefined) return settled;
    trail.note(settled);
  }
  if (isGrave) await brakeFor(context, tool, code);
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
  const { hosts, dryRun: isDryRun } = context.policy;
  parseArguments(task, written);
  const { confirm: code, ...given } = written;
  task.check(given);
  refuseIf(placeRefusal(task, given, context.policy));

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
  await lookAtBrake(context, task);
  const settled = await settle(context, { tool: task, name, state, given, code, reply, means }, preview);
  if (settled.confirmed === undefined) return settled;
  trail.note(settled);
  await brakeFor(context, task, code);

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
  const body = redact(task.report(given, sight, done), tool);
  return answered({ status: undefined, body, ownWords: ["failed", "skipped", "stopped"] });
}

/** Has a call confirmed: how it was, or what must come first. */
async function settle(
  context: CallContext,
  call: Confirmable,
  preview: Preview,
): Promise<{ readonly confirmed: string } | (Outcome & { readonly confirmed?: never })> {
  const confirming = confirm(call, { ...context, confirmation: context.policy.confirmation });
  const confirmation = await observeConfirmation(context.observer, call.reply, confirming);
  const { confirmed } = confirmation;
  return confirmed === undefined ? unconfirmed(confirmation, call.name, preview) : { confirmed };
}

/** Before a call is asked about, or what confirms it is used up: no code is lost, and no answer of a human, to the brake. */
async function lookAtBrake({ brake, bound }: CallContext, { name }: Pick<Tool, "name">): Promise<void> {
  refuseIf(await brake.outlook(name, bound.caller));
}

/** Another call may have come between. Then the code is used up. */
async function brakeFor(
  { brake, bound }: CallContext,
  { name }: Pick<Tool, "name">,
  code: unknown,
): Promise<void> {
  const refused = await brake.refusal(name, bound.caller);
  const anew = code === undefined ? "" : " The code is used up: call without confirm to get another.";
  refuseIf(refused && `${refused}${anew}`);
}

/** Sends what the guard let through, and says beside the answer how it is taken back. */
async function sendWrite(
  { quay, secrets, headers }: CallContext,
  tool: Tool,
  { given, request, sent }: Prepared,
  now: Given,
  trail: Trail,
): Promise<Outcome> {
  const send = () => announceAndSend(trail, () => quay.request(request, { headers }));
  const { status, body, file, hides } = await sendKeeping(tool, targetName(tool, given), secrets, send);
  const redacted = redact(body, tool, { ...secrets, sent });
  const undo = undoOf(tool, given, now, redacted.value);
  const answer = answerOf(tool, given, { status, body: redacted }, { undo, file });
  return answered(hides === undefined ? answer : { ...answer, note: hides });
}

/** Once it is announced it is sent, and what comes of it is awaited. */
async function announceAndSend(trail: Trail, send: () => Promise<QuayAnswer>): Promise<QuayAnswer> {
  await trail.announce();
  return send();
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
