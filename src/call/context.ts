/** What the parts of the way of a call have in common. */
import type { Answer } from "../answer/present.ts";
import type { Audit } from "../audit/audit.ts";
import type { Brake } from "../guard/brake.ts";
import type { ConfirmationDesk, ConfirmingMeans, Question, Reply } from "../guard/confirmation.ts";
import type { UnsentRequest } from "../guard/dry-run.ts";
import type { Policy } from "../guard/policy.ts";
import type { Preview } from "../guard/preview.ts";
import type { Access, Tool } from "../operation.ts";
import type { QuayClient } from "../quay/client.ts";
import type { RouteTable } from "../quay/routes.ts";
import type { Secrets } from "../secrets/directory.ts";
import type { Given } from "../targets/target.ts";
import type { Task } from "../tasks/index.ts";
import type { CallEvent, CallObserver } from "./observer.ts";
import type { Progress } from "./paging.ts";

/** Calls a tool that only reads, by the way of every call. */
export type Call = (tool: string, given: Given) => Promise<Answer>;

/** What every call of one server shares. */
export interface CallContext extends Omit<ConfirmationDesk, "confirmation"> {
  readonly tools: ReadonlyMap<string, Tool | Task>;
  readonly policy: Policy;
  readonly quay: QuayClient;
  readonly routes: RouteTable;
  readonly secrets: Secrets;
  readonly brake: Brake;
  readonly audit: Audit | undefined;
  readonly observer: CallObserver | undefined;
  /** Names and values, in turn, of headers that go along with each request to Quay. */
  readonly headers?: readonly string[] | undefined;
  /** Who calls, for the audit log, as far as the entrance knows. */
  readonly caller: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How a call came in. */
export interface Entrance {
  /** How its user can confirm it. */
  readonly means: ConfirmingMeans;
  /** What the user answered to the question that this call led to before. */
  readonly reply?: Reply | undefined;
  /** The access of the executor that the call came through, where it was not made by the tool's own name. */
  readonly executor?: Access | undefined;
  /** Gives up a read at once; a write only as long as it was not sent, since its outcome must be known. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many calls of a task are through, or how many items of a long list are read. */
  readonly progress?: Progress | undefined;
  readonly origin?: Origin | undefined;
}

/** The request of a client that a call was made for, where that is one of its own, as over HTTP. */
export interface Origin {
  /** Names and values, in turn, of headers that go along with each request to Quay, such as `x-request-id`. */
  readonly headers: readonly string[];
  /** Hears what becomes of its calls, besides the observer of all. */
  readonly called: (event: CallEvent) => void;
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

export interface DryRunNotice {
  readonly sent: false;
  readonly dryRun: true;
  readonly request: UnsentRequest | readonly UnsentRequest[];
  readonly preview: Preview;
}
