/** The ways of the calls that only read: of one answer, of as many pages as were asked for, and of a task that reads. */
import { type Answer, answerOf } from "../answer/present.ts";
import { redact } from "../answer/redact.ts";
import { sendKeeping } from "../guard/credentials.ts";
import { placeRefusal } from "../guard/policy.ts";
import type { Tool } from "../operation.ts";
import type { Given } from "../targets/target.ts";
import type { ReadingTask } from "../tasks/task.ts";
import type { Call, CallContext, Entrance } from "./context.ts";
import { type Followed, followPages, type StoppedBy } from "./paging.ts";
import { parseArguments } from "./parse-arguments.ts";
import { prepare, refuseIf } from "./prepare.ts";

type Reading = Pick<Entrance, "signal" | "progress">;

/** Reads one answer of Quay's, or with `max_items` the pages that hold so many. */
export async function readOperation(
  context: CallContext,
  tool: Tool,
  written: Given,
  { signal, progress }: Reading,
): Promise<Answer> {
  const { max_items, ...rest } = written;
  const one = (given: Given) => readOnce(context, tool, given, signal);
  if (max_items === undefined || tool.paging === undefined) return one(written);
  const given = parseArguments(tool, written);
  const options = { maxItems: Number(given.max_items), signal, progress };
  return answerOfPages(await followPages((_name, each) => one(each), tool, rest, options), written);
}

async function readOnce(
  context: CallContext,
  tool: Tool,
  written: Given,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { quay, secrets, headers } = context;
  const { given, request, sent } = await prepare(context, tool, written, signal);
  const send = () => quay.request(request, { signal, headers });
  const { status, body, file } = await sendKeeping(tool, "", secrets, send);
  return answerOf(tool, given, { status, body: redact(body, tool, { ...secrets, sent }) }, { file });
}

const reasons: Readonly<Record<StoppedBy, string>> = {
  max_items: "That is max_items, and there may be more.",
  size: "The rest was not asked for, since this is as large as an answer may be.",
  cancelled: "The call was given up by its caller.",
  error: "The next page could not be read.",
  loop: "The registry gave the same page again, or empty ones without end, so that this may not be all.",
  last_page: "Quay shows no further pages.",
};

/** What was read, and where it stopped how to go on. */
function answerOfPages({ answer, stoppedBy, cursor, repeats, error, read }: Followed, given: Given): Answer {
  if (stoppedBy === undefined) return answer;
  const begins =
    repeats === undefined ? "" : ` The page of next begins with ${repeats} that are among these already.`;
  const more = cursor === undefined ? "" : ` Call again with next for the rest.${begins}`;
  const next = cursor === undefined ? {} : { next: { ...given, ...cursor } };
  return {
    ...answer,
    note: `${read} ${read === 1 ? "item" : "items"}. ${reasons[stoppedBy]}${more}`,
    error: stoppedBy === "error" ? error : undefined,
    ...next,
  };
}

/** Fields in which a task's answer holds this server's own words. */
const ownWords = ["note", "unread"];

/**
 * A task that reads: each of its calls is decided on by the guard.
 *
 * @param call makes them
 */
export async function readTask(
  { policy, now }: CallContext,
  task: ReadingTask,
  written: Given,
  { signal, progress, call }: Reading & { readonly call: Call },
): Promise<Answer> {
  const given = parseArguments(task, written);
  refuseIf(placeRefusal(task, written, policy));
  const value = await task.run(call, given as never, { signal, progress, now });
  return { status: undefined, body: redact(value, {}), ownWords };
}
