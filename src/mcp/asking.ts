import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  inputResponse,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Origin } from "../call/context.ts";
import type { Progress } from "../call/paging.ts";
import type { Question, Reply } from "../guard/confirmation.ts";
import { confirmationMilliseconds } from "../guard/confirmation-policy.ts";

type RequestContext = ServerContext["mcpReq"];

/** How the client that made a request can be asked something. */
export interface Asking {
  /** Whether it can show its user a form. */
  readonly canAsk: boolean;
  /** What its user answered, where this request brings the answer to a question of an earlier one. */
  readonly reply: Reply | undefined;
  /**
   * Puts a question to the user while the request waits (revisions before 2026-07-28). Undefined where the question is the
   * answer to the request, and the client repeats it with the user's.
   */
  readonly ask: ((question: Question) => Promise<Reply>) | undefined;
  readonly signal: AbortSignal;
  readonly origin?: Origin | undefined;
  /** Tells the client, if it asked for it, how far the work is. */
  readonly progress: Progress;
}

/** The SDK's type of it is loose. */
type Envelope = Readonly<{ [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities }>;

/** How the user of the client that made a request can be asked, and what else the request brings along. */
export function askingOf(server: Server, request: RequestContext, origin?: Origin): Asking {
  const { envelope, signal } = request;
  const reporter = createReporter(request);
  const { progress } = reporter;
  if (envelope === undefined) {
    const canAsk = canShowForms(server.getClientCapabilities());
    return {
      canAsk,
      reply: undefined,
      ask: (question) => push(request, question, reporter),
      signal,
      origin,
      progress,
    };
  }
  const { [CLIENT_CAPABILITIES_META_KEY]: capabilities } = envelope as Envelope;
  const canAsk = canShowForms(capabilities);
  return { canAsk, reply: replyOf(request), ask: undefined, signal, origin, progress };
}

/** Clients that can only open a URL declare `{ url: {} }`; an empty object is the older word for forms. */
function canShowForms(capabilities: ClientCapabilities | undefined): boolean {
  const { elicitation } = capabilities ?? {};
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

function replyOf({ inputResponses, requestState }: RequestContext): Reply | undefined {
  const state: unknown = requestState();
  if (inputResponses === undefined && state === undefined) return undefined;
  const response = inputResponse(inputResponses, field);
  const accepted = response.kind === "elicit" ? response : undefined;
  return {
    state: typeof state === "string" ? state : undefined,
    action: accepted?.action,
    name: accepted?.content?.name,
  };
}

const field = "confirm";

function formOf({ message, name }: Question) {
  return {
    message,
    requestedSchema: {
      type: "object" as const,
      properties: {
        name: { type: "string" as const, title: "Name", description: `Type ${name} to confirm` },
      },
      required: ["name"],
    },
  };
}

/** The question as the answer to a request of revision 2026-07-28. */
export function questionResult(question: Question) {
  return inputRequired({
    inputRequests: { [field]: inputRequired.elicit(formOf(question)) },
    requestState: question.state,
  });
}

/**
 * The SDK's own bridge to earlier revisions is not used: nothing can be done while it waits, and a client that hears
 * nothing gives up after a minute.
 *
 * @returns a cancellation, too, where the client fails, gives up or is too late
 */
async function push(request: RequestContext, question: Question, reporter: Reporter): Promise<Reply> {
  const stop = sayThatWeWait(reporter);
  try {
    const { action, content } = await request.send(
      { method: "elicitation/create", params: formOf(question) },
      { signal: request.signal, timeout: confirmationMilliseconds },
    );
    return { state: question.state, action, name: content?.name };
  } catch {
    return { state: question.state, action: "cancel", name: undefined };
  } finally {
    stop();
  }
}

const progressMilliseconds = 10_000;

interface Reporter {
  readonly progress: Progress;
  /** Says that nothing goes on yet. */
  wait(message: string): void;
}

/** What a client is told must grow from message to message: what was said while waiting counts as done. */
function createReporter({ _meta, notify }: RequestContext): Reporter {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return { progress() {}, wait() {} };
  let waited = 0;
  const say = (said: { progress: number; total?: number; message?: string }) => {
    // A client that no longer listens is told by the request's own signal.
    notify({ method: "notifications/progress", params: { progressToken, ...said } }).catch(() => {});
  };
  return {
    progress(done, total) {
      say({ progress: waited + done, ...(total === undefined ? {} : { total: waited + total }) });
    },
    wait(message) {
      waited += 1;
      say({ progress: waited, message });
    },
  };
}

/** Sends progress at once and then every ten seconds. */
function sayThatWeWait({ wait }: Reporter): () => void {
  const say = () => wait("Waiting for the user's confirmation");
  say();
  const timer = setInterval(say, progressMilliseconds);
  return () => clearInterval(timer);
}
