import type { Answer } from "../answer/present.ts";
import { redact } from "../answer/redact.ts";
import type { Call } from "../call.ts";
import type { Given } from "../targets/target.ts";
import { organizationsResource, resourceTemplates } from "./templates.ts";
import { matchUri } from "./uri.ts";
import { visibleNamespaces } from "./visible.ts";

/** The call that reads a resource. */
export interface ResourceCall {
  readonly tool: string;
  readonly given: Given;
  readonly field?: string | undefined;
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
    return { tool: template.tool, given: template.arguments(variables, now), field: template.field };
  }
  return undefined;
}

/** The part of an answer that is the resource. */
export function partOf(answer: Answer, field: string | undefined): Answer {
  if (field === undefined) return answer;
  const whole = answer.body.value as Readonly<Record<string, unknown>> | null;
  return { ...answer, body: { ...answer.body, value: { [field]: whole?.[field] ?? {} } } };
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
