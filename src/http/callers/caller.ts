import type { IncomingHttpHeaders } from "node:http";
import type { Restriction } from "../../guard/restriction.ts";

/** Who sent a request, and with which token Quay is asked in their name. */
export interface Caller {
  /** For the audit log; never a credential. */
  readonly name: string;
  /** A hash that tells this caller from all others: it binds seals, stores and queues. */
  readonly id: string;
  /** The one for Quay. */
  readonly token: string;
  /** What they showed, where that is not the token for Quay: it is for this server alone. */
  readonly credential?: string;
  /** What makes their calls stricter than the server's settings. */
  readonly restrictions: readonly Restriction[];
}

/**
 * Finds out who calls from the headers of a request.
 *
 * @throws UnauthorizedError
 */
export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Caller>;

/** Nobody, or nobody who may, sent the request. */
export class UnauthorizedError extends Error {
  override readonly name = "UnauthorizedError";
  readonly status: 401 | 403;
  /** The value of the header `WWW-Authenticate`. */
  readonly challenge: string;

  constructor(sentence: string, { status = 401, challenge }: { status?: 401 | 403; challenge: string }) {
    super(sentence);
    this.status = status;
    this.challenge = challenge;
  }
}
