import { ArgumentError, RefusedError, UnknownToolError } from "../errors.ts";
import type { Confirmation, Reply } from "../guard/confirmation.ts";
import type { Access, Tool } from "../operation.ts";
import { QuayError } from "../quay/errors.ts";
import { PathError } from "../quay/path.ts";

/** What became of a call: nothing here names a person, a namespace or a repository. */
export interface CallEvent {
  /** Undefined where there is no such tool: the name that a caller wrote is nobody's to repeat. */
  readonly tool: string | undefined;
  readonly access: Access | undefined;
  readonly outcome: CallOutcome;
  readonly milliseconds: number;
}

/**
 * `invalid`: the arguments or the name; `failed`: Quay, or the way to it; `busy`: too many requests wait; `aborted`: its
 * caller gave it up; `mistake`: this program's own.
 */
export type CallOutcome =
  | "answered"
  | "asked"
  | "dry-run"
  | "refused"
  | "invalid"
  | "failed"
  | "busy"
  | "aborted"
  | "mistake";

/** What became of a destructive call on its way to being confirmed. */
export interface ConfirmationEvent {
  /** The human was asked, or given a code; said yes; said no; or what came back did not hold. */
  readonly outcome: "asked" | "confirmed" | "declined" | "refused";
  /** `policy never` where nobody had to be asked; undefined where nobody could be. */
  readonly by: "question" | "form" | "terminal" | "code" | "policy never" | undefined;
}

/** Hears what becomes of calls. What it does must neither throw nor take time. */
export interface CallObserver {
  readonly called?: (event: CallEvent) => void;
  readonly confirmation?: (event: ConfirmationEvent) => void;
}

/** Goes the way of a call and tells what became of it. */
export async function observeCall<Result extends { readonly kind: string }>(
  observer: CallObserver | undefined,
  tool: Pick<Tool, "name" | "access"> | undefined,
  way: () => Promise<Result>,
): Promise<Result> {
  if (observer?.called === undefined) return way();
  const begun = performance.now();
  const about = { tool: tool?.name, access: tool?.access };
  const tell = (outcome: CallOutcome) =>
    observer.called?.({ ...about, outcome, milliseconds: performance.now() - begun });
  try {
    const result = await way();
    tell(outcomeOf(result));
    return result;
  } catch (error) {
    tell(failureOf(error));
    throw error;
  }
}

function outcomeOf(result: { readonly kind: string; readonly notice?: object }): CallOutcome {
  if (result.kind === "answer") return "answered";
  return result.notice !== undefined && "dryRun" in result.notice ? "dry-run" : "asked";
}

function failureOf(error: unknown): CallOutcome {
  if (error instanceof RefusedError) return "refused";
  if (error instanceof ArgumentError || error instanceof PathError || error instanceof UnknownToolError)
    return "invalid";
  if (!(error instanceof QuayError)) return "mistake";
  return error.kind === "busy" || error.kind === "aborted" ? error.kind : "failed";
}

/** Has a call confirmed and tells what became of that. */
export async function observeConfirmation(
  observer: CallObserver | undefined,
  reply: Reply | undefined,
  confirming: Promise<Confirmation>,
): Promise<Confirmation> {
  const confirmation = await confirming.catch((error: unknown) => {
    const outcome = reply?.action === "decline" ? "declined" : "refused";
    if (error instanceof RefusedError) observer?.confirmation?.({ outcome, by: undefined });
    throw error;
  });
  observer?.confirmation?.(
    confirmation.confirmed === undefined
      ? { outcome: "asked", by: confirmation.as }
      : { outcome: "confirmed", by: confirmation.confirmed },
  );
  return confirmation;
}
