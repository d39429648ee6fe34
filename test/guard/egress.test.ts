import { expect, it } from "vitest";
import { egressOf } from "../../src/guard/egress.ts";
import { previewOf, questionText } from "../../src/guard/preview.ts";
import type { TargetState } from "../../src/targets/target.ts";
import { catalogue } from "../../tools/index.ts";

const state = (now: Record<string, unknown>): TargetState => ({
  identity: "x",
  exists: true,
  now,
  preview: {},
  unread: [],
});

it("egress says where a call sends data, and where it went before", () => {
  const given = {
    repository: "acme/app",
    external_reference: "evil.example/x",
    external_registry_config: { proxy: { https_proxy: "http://proxy.example:3128", http_proxy: "none" } },
  };
  expect(egressOf(given, state({ external_reference: "quay.io/x" }), [])).toEqual([
    { argument: "external_reference", host: "evil.example", before: "quay.io", isNew: true },
    { argument: "external_registry_config.proxy.https_proxy", host: "proxy.example:3128", isNew: true },
  ]);
});

it.each([
  ["config", { url: "https://new.example/x" }, "config.url"],
  ["config", { email: "a@new.example" }, "config.email"],
  ["callback_url", "https://new.example/", "callback_url"],
  ["callback_email", "a@new.example", "callback_email"],
  ["archive_url", "https://new.example/a.tar.gz", "archive_url"],
  ["redirect_uri", "https://new.example/", "redirect_uri"],
  ["upstream_registry", "new.example/x", "upstream_registry"],
  ["external_reference", "new.example/x", "external_reference"],
  ["external_registry_url", "https://new.example", "external_registry_url"],
  [
    "external_registry_config",
    { proxy: { http_proxy: "http://new.example" } },
    "external_registry_config.proxy.http_proxy",
  ],
])("egress knows %s %j", (name, value, argument) => {
  const host = "new.example";
  expect(egressOf({ [name]: value }, state({}), [])).toEqual([{ argument, host, isNew: true }]);
  expect(egressOf({ [name]: value }, state({}), [host])).toEqual([{ argument, host, isNew: false }]);
});

it("the host already in use is not new", () => {
  const given = { callback_url: "https://A.example/new" };
  expect(egressOf(given, state({ callback_url: "https://a.example/old" }), [])).toEqual([
    { argument: "callback_url", host: "a.example", before: "a.example", isNew: false },
  ]);
});

it("a host that cannot be told is new, unless the whole value is the one in use", () => {
  const odd = { redirect_uri: "myapp://callback" };
  expect(egressOf(odd, state({}), [])).toEqual([{ argument: "redirect_uri", host: undefined, isNew: true }]);
  expect(egressOf(odd, state({ redirect_uri: "x:y" }), [])).toMatchObject([{ isNew: true }]);
  expect(egressOf(odd, state(odd), [])).toMatchObject([{ isNew: false }]);
});

it("what is not given, empty or cleared sends nothing anywhere", () => {
  const given = { callback_url: "", callback_email: undefined, redirect_uri: null, tag: "https://a.example" };
  expect(egressOf(given, state({}), [])).toEqual([]);
  // The word clears a proxy only.
  expect(egressOf({ external_reference: "none" }, state({}), [])).toMatchObject([{ host: "docker.io" }]);
});

const previewed = (
  name: string,
  given: Record<string, unknown>,
  now = {},
  reason: string | undefined = undefined,
) =>
  previewOf({
    tool: catalogue.find((tool) => tool.name === name)!,
    target: "acme/app",
    given,
    state: state(now),
    reason,
    hosts: ["known.example"],
  });

it.each([
  [
    "update_repository_mirror",
    { external_reference: "evil.example/x" },
    { external_reference: "quay.io/x" },
    "external_reference sends data to the new host evil.example instead of quay.io",
  ],
  [
    "export_repository_logs",
    { callback_url: "https://known.example/x" },
    {},
    "callback_url sends data to known.example",
  ],
  [
    "export_repository_logs",
    { callback_email: "no address" },
    {},
    "callback_email sends data to a host that cannot be told",
  ],
])("the preview of %s with %j says where data goes", (name, given, now, sentence) => {
  const preview = previewed(name, given, now);
  expect(preview.sends).toEqual([sentence]);
  expect(questionText(preview)).toContain(`\n- ${sentence}\n`);
});

it("a question says once where data goes, and nothing where none goes", () => {
  const sentence = "config.url sends data to the new host evil.example";
  const given = { config: { url: "https://evil.example/" } };
  const question = questionText(previewed("create_repository_notification", given, {}, `${sentence}.`));
  expect(question.split(sentence)).toHaveLength(2);
  expect(previewed("delete_repository", {})).not.toHaveProperty("sends");
});
