import { ArgumentError, RefusedError, UnknownToolError, UsageError } from "./errors.ts";
import { QuayError } from "./quay/errors.ts";
import { PathError } from "./quay/path.ts";
import { redactText } from "./secrets/text.ts";

const written = [ArgumentError, RefusedError, UnknownToolError, UsageError, PathError];

/** Turns whatever a call threw into the sentences that an assistant or a person reads. */
export function errorText(error: unknown): string {
  if (error instanceof QuayError) return redactText(`${error.message} ${error.hint}`.trim());
  if (error instanceof Error && written.some((type) => error instanceof type))
    return redactText(error.message);
  return `quay-mcp itself failed (${error instanceof Error ? error.name : typeof error}). This is a mistake in the program, not in the call.`;
}
