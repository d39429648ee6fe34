/** Which names complete an argument. */
export type NameKind =
  /** An organization that the token sees. */
  | "organization"
  /** An organization, or the token's own account. */
  | "namespace"
  /** `namespace/name`; up to the slash, a namespace. */
  | "repository"
  /** `namespace+shortname`; up to the plus, a namespace. */
  | "robot"
  /** A team of the organization in `within`. */
  | "team"
  /** A user, or a robot of the organization in `within`: what `search_entities` finds. */
  | "user"
  | "none";

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly completes: NameKind;
  /** The argument of the same prompt that names the organization where the names are sought. */
  readonly within?: string;
}

/** The parts of a prompt; tools stand in backticks, and nothing else does. */
export interface PromptText {
  /** The job, in a sentence. */
  readonly job: string;
  /** What to read, in this order. Names only tools that read. */
  readonly steps: readonly string[];
  /** The form of the result. */
  readonly answer: string;
  /** What to ask the person before anything is changed, and the tools that would change it. */
  readonly ask: string;
}

/** The arguments as they stand in the text: quoted, and undefined where an optional one was not given. */
type Given<Arguments extends readonly PromptArgument[]> = {
  readonly [Argument in Arguments[number] as Argument["name"]]: Argument["required"] extends true
    ? string
    : string | undefined;
};

/** A job that people have, as a request which they can send to the assistant. */
export interface Prompt<Arguments extends readonly PromptArgument[] = readonly PromptArgument[]> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: Arguments;
  text(given: Given<Arguments>): PromptText;
}

/** Infers the names of the arguments. */
export function definePrompt<const Arguments extends readonly PromptArgument[]>(
  prompt: Prompt<Arguments>,
): Prompt<Arguments> {
  return prompt;
}
