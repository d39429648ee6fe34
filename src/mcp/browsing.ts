import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from "@modelcontextprotocol/server";
import type { Call, Origin } from "../call/context.ts";
import { createCache } from "../completion/cache.ts";
import { type Completing, type Completion, complete } from "../completion/complete.ts";
import { createSource } from "../completion/names.ts";
import { ArgumentError } from "../errors.ts";
import { fenceWords } from "../guard/policy.ts";
import { type ListedPage, listResources } from "../resources/listing.ts";
import { isAbsent, isNotThere, organizations, partOf, resourceCall } from "../resources/resources.ts";
import type { Runtime } from "../runtime.ts";
import { shortened } from "../sentences/words.ts";
import type { CallSurface, Offer } from "../surface/calls.ts";

/** The requests for resources, and for what completes their variables and the arguments of prompts. */
export interface Browsing {
  listResources(cursor: string | undefined, asker: Asker): Promise<ListedPage>;
  /** The text of a resource, in JSON. */
  readResource(uri: string, asker: Asker): Promise<string>;
  complete(completing: Completing, asker: Asker): Promise<Completion>;
}

/** Who waits for an answer. */
interface Asker {
  readonly signal: AbortSignal;
  readonly origin?: Origin | undefined;
}

/** What a caller has completed is asked for once in a minute; it is never another caller's. */
const cacheLimits = { milliseconds: 60_000, entries: 32 };

/**
 * Browsing for one caller.
 *
 * @param now milliseconds since 1970
 */
export function createBrowsing(
  runtime: Runtime,
  { policy }: Pick<Offer, "policy">,
  callSurface: CallSurface,
  now: () => number,
): Browsing {
  const cache = createCache({ ...cacheLimits, now });
  const fence = fenceWords(policy);
  const callWith =
    (asker: Asker): Call =>
    (tool, given) =>
      runtime.read(tool, given, asker);
  const failure = (error: unknown, code = ProtocolErrorCode.InternalError) =>
    new ProtocolError(code, runtime.presentError(error));

  const textOf = async (uri: string, asker: Asker): Promise<string | undefined> => {
    const all = await organizations(callWith(asker), uri, { fence, signal: asker.signal });
    if (all !== undefined) return runtime.present(all);
    const call = resourceCall(uri, now());
    if (call === undefined) return undefined;
    const surfaced = await callSurface(call.tool, call.given);
    if (surfaced !== undefined && "text" in surfaced) return surfaced.text;
    const answer = await runtime.read(call.tool, call.given, asker);
    if (await isAbsent(callWith(asker), answer, call))
      throw notFound(uri, "Resource not found: it is not there, or the token's owner may not see it.");
    return runtime.present(partOf(answer, call.field));
  };

  return {
    async listResources(cursor, asker) {
      try {
        return await listResources(callWith(asker), { cursor, fence, signal: asker.signal });
      } catch (error) {
        const isCursor = error instanceof ArgumentError && cursor !== undefined;
        throw failure(error, isCursor ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError);
      }
    },
    async readResource(uri, asker) {
      try {
        const text = await textOf(uri, asker);
        if (text !== undefined) return text;
      } catch (error) {
        if (error instanceof ResourceNotFoundError) throw error;
        if (isNotThere(error)) throw notFound(uri, runtime.presentError(error));
        throw failure(error);
      }
      throw notFound(
        uri,
        "Resource not found: resources/templates/list has the forms of the URIs that there are.",
      );
    },
    async complete(completing, asker) {
      try {
        const { signal } = asker;
        return await complete(createSource({ call: callWith(asker), cache, fence, signal }), completing);
      } catch (error) {
        throw failure(error);
      }
    },
  };
}

/** As long as the URI of anything there is. */
const longestUri = 2048;

/** The error repeats the URI, but not one of any length. */
function notFound(uri: string, sentence: string): ResourceNotFoundError {
  return new ResourceNotFoundError(shortened(uri, longestUri), sentence);
}
