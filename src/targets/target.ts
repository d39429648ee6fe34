import type { Operation } from "../operation.ts";

/** The arguments of a call, under their names and in the form the assistant wrote them. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * Reads something of the registry by the way of every call: a tool's name and its arguments.
 *
 * @returns the redacted body
 * @throws QuayError where Quay does not answer with success
 */
export type Read = (tool: string, given: Given) => Promise<unknown>;

/** The thing that a call would change, as it is now. */
export interface TargetState {
  /** What makes it this one and no other: a tag's digest, a policy's uuid. Undefined where it is not there or has none. */
  readonly identity: string | undefined;
  /** Whether it is there; undefined where that could not be read. */
  readonly exists: boolean | undefined;
  /** What escalation rules compare and undo calls bring back, in the form of arguments. */
  readonly now: Readonly<Record<string, unknown>>;
  /** What would be lost or changed, in the words of a preview. */
  readonly preview: Readonly<Record<string, unknown>>;
  /** What could not be read, and why, each as a sentence. */
  readonly unread: readonly string[];
}

/** The call that would change a target: a grave one is worth more requests, to see what would be lost. */
export type Change = Pick<Operation, "access">;

/** A kind of thing that calls change. */
export interface Target {
  /** What a preview of it shows, for the documentation. */
  readonly shows: string;
  /** As a person would write it: `acme/app`, `acme/app:v1`, `acme+ci`, `acme/teams/devs`. */
  readonly name: (given: Given) => string;
  /** Its state, in one or two requests; in a few more where all of an organization would be lost. */
  readonly read: (given: Given, read: Read, change: Change) => Promise<TargetState>;
}
