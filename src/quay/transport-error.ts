import { QuayError, type QuayErrorKind } from "./errors.ts";
import { outcomeHint } from "./hints.ts";

/** A connection that failed, and whether an answer had begun. */
export class TransportFailure extends Error {
  readonly code: string | undefined;
  readonly answered: boolean;

  constructor(error: Error, answered: boolean) {
    super(error.message);
    this.code = codeOf(error);
    this.answered = answered;
  }
}

function codeOf(error: Error): string | undefined {
  const { code, cause } = error as Error & { code?: unknown };
  if (typeof code === "string") return code;
  return cause instanceof Error ? codeOf(cause) : undefined;
}

interface Explanation {
  readonly kind: QuayErrorKind;
  readonly message: string;
  readonly hint: string;
  /** It failed before anything was sent, so that the outcome is known. */
  readonly unsent?: true;
}

const checkUrl = "Check QUAY_URL, the network, and the proxy settings.";
const certificate: Explanation = {
  kind: "tls",
  message: "The registry's certificate is not trusted",
  hint: "If it is signed by a private authority, give that authority's certificate with --ca-file.",
  unsent: true,
};
const noHost: Explanation = {
  kind: "unreachable",
  message: "The registry's host name is not known",
  hint: checkUrl,
  unsent: true,
};
const noRoute: Explanation = {
  kind: "unreachable",
  message: "The registry cannot be reached",
  hint: checkUrl,
  unsent: true,
};
const broken: Explanation = {
  kind: "unreachable",
  message: "The registry closed the connection without an answer",
  hint: "Try again later; if it happens each time, check QUAY_URL and the proxies before the registry.",
};

const explanations: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: {
    kind: "unreachable",
    message: "Nothing listens at the registry's address",
    hint: checkUrl,
    unsent: true,
  },
  ENOTFOUND: noHost,
  EAI_AGAIN: noHost,
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  UND_ERR_CONNECT_TIMEOUT: {
    kind: "timeout",
    message: "No connection to the registry in time",
    hint: checkUrl,
    unsent: true,
  },
  ECONNRESET: broken,
  EPIPE: broken,
  UND_ERR_SOCKET: broken,
  UND_ERR_ABORTED: {
    kind: "unreachable",
    message: "The proxy refused the connection",
    hint: "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.",
    unsent: true,
  },
  UND_ERR_DESTROYED: { kind: "aborted", message: "The program is ending", hint: "", unsent: true },
  UND_ERR_CLOSED: { kind: "aborted", message: "The program is ending", hint: "", unsent: true },
  UND_ERR_HEADERS_OVERFLOW: {
    kind: "too-large",
    message: "The answer's headers are too long",
    hint: "Check that QUAY_URL is the address of a Quay registry.",
  },
  EPROTO: {
    kind: "tls",
    message: "The registry does not speak TLS at this address",
    hint: "Check whether QUAY_URL must begin with http:// or name another port.",
    unsent: true,
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate,
  SELF_SIGNED_CERT_IN_CHAIN: certificate,
  UNABLE_TO_GET_ISSUER_CERT: certificate,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate,
  CERT_HAS_EXPIRED: {
    ...certificate,
    message: "The registry's certificate has expired",
    hint: "Whoever runs the registry must renew it.",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    ...certificate,
    message: "The registry's certificate is for another host name",
    hint: "Check the host name in QUAY_URL.",
  },
};

const brokenOff: Explanation = {
  kind: "unreachable",
  message: "The registry broke its answer off",
  hint: "Try again later.",
};
const notHttp: Explanation = {
  kind: "unreachable",
  message: "What answered does not speak HTTP",
  hint: "Check QUAY_URL: host, port, and http or https.",
};

/** Turns a failed connection into the one error type. undici's own words are left out: they can quote what was received. */
export function transportError(failure: TransportFailure, method: string): QuayError {
  const { kind, message, hint, unsent } = explain(failure);
  const code = failure.code === undefined ? "" : ` (${failure.code})`;
  return new QuayError({
    kind,
    message: `${message}${code}.`,
    hint: unsent ? `Nothing was sent. ${hint}`.trim() : outcomeHint(method, hint),
  });
}

function explain({ code, answered }: TransportFailure): Explanation {
  if (answered) return brokenOff;
  if (code === undefined) return broken;
  if (code.startsWith("HPE_")) return notHttp;
  if (code.startsWith("ERR_SSL_")) return explanations.EPROTO!;
  return explanations[code] ?? broken;
}
