import type { Operation, ScopeRequirement } from "../operation.ts";
import type { ErrorContext, Headers } from "./errors.ts";
import { retryAfter } from "./retry.ts";

/** An error that Quay answered, as far as it has been understood. */
export interface AnsweredError extends Pick<ErrorContext, "request" | "authorized"> {
  readonly status: number;
  readonly headers: Headers;
  readonly words: string | undefined;
  readonly errorType: string | undefined;
  readonly html: boolean;
}

/** What to do about an error that Quay answered. */
export function answerHint(error: AnsweredError): string {
  const wait = retryAfter(error.headers);
  const hint = hintFor(error);
  return wait === undefined ? hint : `${hint} Wait ${Math.ceil(wait / 1000)} seconds before you try again.`;
}

/** What to do after a request without an answer: a write may have been carried out all the same. */
export function outcomeHint(method: string, hint: string): string {
  return method === "GET"
    ? hint
    : `It is not known whether Quay carried the change out: look before you repeat it. ${hint}`;
}

function hintFor(error: AnsweredError): string {
  switch (error.status) {
    case 400:
      return malformed(error);
    case 401:
      return unauthenticated(error);
    case 402:
      return "The namespace's plan or quota does not allow more: it must be raised, or something freed, first.";
    case 403:
      return forbidden(error);
    case 404:
      return error.html ? notOffered(error.request.operation) : notFound(error.request.operation);
    case 405:
      return notOffered(error.request.operation);
    case 409:
      return error.errorType === "tag_immutable"
        ? "The tag is immutable: it can be moved or deleted only after its immutability is lifted."
        : "It exists already, or its state does not allow this: read it, and change it instead.";
    case 410:
      return "Quay no longer offers this. Trying again does not help.";
    case 415:
      return "Quay did not get the JSON it wants: something between here and the registry may change requests.";
    case 429:
      return "Quay, or what stands before it, takes no more for the moment. Try again later, and more slowly.";
    case 500:
      return "Quay failed. Often a name in the arguments is unknown to it (a namespace, a repository, a kind of event): check them before you try again.";
    case 503:
      return unavailable(error);
    case 520:
      return "A service behind Quay failed, such as its security scanner. Try again later, or ask whoever runs the registry.";
    default:
      return error.status >= 500
        ? outcomeHint(
            error.request.method,
            "The registry, or a proxy before it, failed. Try again later, or ask whoever runs it.",
          )
        : "Check the arguments, and that QUAY_URL is the address of a Quay registry.";
  }
}

function malformed({ words }: AnsweredError): string {
  if (/invalid date range/i.test(words ?? "")) {
    return "Quay counts the logs of a month at most: give an endtime within a month of starttime, since without one the range goes on until today.";
  }
  return "Check the arguments: Quay also answers 400 about what exists already or is not there.";
}

function unauthenticated({ request, authorized, words }: AnsweredError): string {
  const { operation } = request;
  if (operation?.authentication === "robot-federation") {
    return "Quay does not take this OIDC token for this robot: it may have expired, or the robot's federation does not name its issuer and subject.";
  }
  if (operation?.authentication === "registry-token") {
    return /invalid username or password/i.test(words ?? "")
      ? "The token is invalid or has expired: set QUAY_TOKEN to a new one."
      : "The repository is not there, or the token's owner or its scopes (repo:read) do not allow reading it: Quay does not tell which.";
  }
  if (!authorized) return "No token was sent, and this is not public: set QUAY_TOKEN or --token-file.";
  if (operation?.operationId === "getLoggedInUser") {
    return "The token is invalid or has expired, or it is good but lacks the scope user:read: Quay answers the same to both.";
  }
  return "Quay took the caller for anonymous: the token is invalid or has expired. Set QUAY_TOKEN to a new one.";
}

function forbidden({ request, authorized, words }: AnsweredError): string {
  if (/csrf/i.test(words ?? "")) {
    return authorized
      ? "Quay did not know the token, and took the write for one from a browser: the token is invalid or has expired. Set QUAY_TOKEN to a new one."
      : "No token was sent, and a write needs one: set QUAY_TOKEN or --token-file.";
  }
  if (!authorized) return "No token was sent, and this needs one: set QUAY_TOKEN or --token-file.";
  const scopes = request.operation?.scopes ?? [];
  const needed =
    scopes.length === 0
      ? ""
      : ` ${request.operation?.name} needs the scope ${scopes.map(scopeWords).join(" and ")}.`;
  return `Either the token lacks a scope, or its owner lacks a role on what this is about: Quay does not tell which.${needed}`;
}

function scopeWords(requirement: ScopeRequirement): string {
  return typeof requirement === "string" ? requirement : requirement.anyOf.join(" or ");
}

function notFound(operation: Operation | undefined): string {
  const features = featureWords(operation);
  const off = features === undefined ? "" : ` Quay may also answer this where ${features} is switched off.`;
  return `It is not there, or the token's owner may not see it: check the names.${off}`;
}

function notOffered(operation: Operation | undefined): string {
  const features = featureWords(operation);
  return features === undefined
    ? "This registry does not know the operation: its Quay may be another version, or QUAY_URL is not the address of a Quay registry."
    : `This registry does not offer the operation: ${features} is switched off, or its Quay is too old for it.`;
}

/** The feature flags of an operation under the names that Quay's configuration has for them. */
export function featureWords(operation: Operation | undefined): string | undefined {
  return operation?.features?.map((feature) => `FEATURE_${feature}`).join(" or ") || undefined;
}

function unavailable({ words }: AnsweredError): string {
  if (/read.?only or mirror/i.test(words ?? "")) {
    return "The repository is read-only or a mirror, and takes no writes in that state: trying again does not help, changing the repository's state does.";
  }
  return words === undefined
    ? "The registry is not available: it may be starting or under maintenance. Try again later."
    : "Quay does not do this in the state it is in: trying again at once does not help.";
}
