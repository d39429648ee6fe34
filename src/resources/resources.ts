import type { Answer } from "../answer/present.ts";
import { redact } from "../answer/redact.ts";
import type { Call } from "../call/context.ts";
import { ArgumentError } from "../errors.ts";
import { QuayError } from "../quay/errors.ts";
import { PathError } from "../quay/path.ts";
import { noSuchRobot } from "../targets/robot.ts";
import type { Given } from "../targets/target.ts";
import type { Absence } from "./template.ts";
import { organizationsResource, resourceTemplates } from "./templates.ts";
import { matchUri } from "./uri.ts";
import { visibleNamespaces } from "./visible.ts";

/** The call that reads a resource. */
export interface ResourceCall {
  readonly tool: string;
  readonly given: Given;
  readonly field?: string | undefined;
  readonly absence?: Absence | undefined;
}

/**
 * The call that a URI stands for, or undefined where it names no resource that one call reads.
 *
 * @param now milliseconds since 1970
 */
export function resourceCall(uri: string, now: number): ResourceCall | undefined {
  for (const template of resourceTemplates) {
    const variables = matchUri(template.uriTemplate, uri);
    if (variables === undefined) continue;
    const { tool, field, absence } = template;
    return { tool, given: template.arguments(variables, now), field, absence };
  }
  return undefined;
}

/** The part of an answer that is the resource. */
export function partOf(answer: Answer, field: string | undefined): Answer {
  if (field === undefined) return answer;
  const whole = answer.body.value as Readonly<Record<string, unknown>> | null;
  return { ...answer, body: { ...answer.body, value: { [field]: whole?.[field] ?? {} } } };
}

/** Quay knows no such thing, or the names in the URI could not be one's. */
export function isNotThere(error: unknown): boolean {
  if (!(error instanceof QuayError)) return error instanceof ArgumentError || error instanceof PathError;
  return error.status === 404 || (error.status === 400 && noSuchRobot.test(error.quayMessage ?? ""));
}

/** Whether an answer that lists nothing means that the resource is not there. */
export async function isAbsent(
  call: Call,
  answer: Answer,
  { given, absence }: ResourceCall,
): Promise<boolean> {
  if (absence === undefined) return false;
  const list = (answer.body.value as Readonly<Record<string, unknown>> | null)?.[absence.empty];
  if (!Array.isArray(list) || list.length > 0) return false;
  if (absence.unless === undefined) return true;
  // An organization that may not be looked at is there as far as anybody knows.
  return call(absence.unless, { orgname: given.orgname ?? given.namespace }).then(() => false, isNotThere);
}

/** The resource that is put together from several calls; undefined for any other URI. */
export async function organizations(
  call: Call,
  uri: string,
  options: Parameters<typeof visibleNamespaces>[1],
): Promise<Answer | undefined> {
  if (uri !== organizationsResource.uri) return undefined;
  const { isWhole, ...namespaces } = await visibleNamespaces(call, options);
  const note = isWhole ? undefined : "There are more: superuser_list_organizations lists them by page.";
  return { status: undefined, body: redact(namespaces, {}), note };
}
