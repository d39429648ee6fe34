import { expect, it } from "vitest";
import { readSettings } from "../../src/config.ts";
import { createPolicy } from "../../src/guard/policy.ts";
import { catalogue } from "../../tools/index.ts";

const flags = { namespaces: "acme, dev-*", protect: "acme/prod-*", hosts: "Hooks.example.com" };
const environment = {
  QUAY_MCP_NAMESPACES: flags.namespaces,
  QUAY_MCP_PROTECT: flags.protect,
  QUAY_MCP_HOSTS: flags.hosts,
};

it.each([
  ["flags", flags, {}],
  ["environment variables", {}, environment],
])("fence, protection and hosts are set by %s", (_, given, variables) => {
  const { fence, protection, hosts } = createPolicy(readSettings(given, variables), catalogue);
  expect(fence?.words).toEqual(["acme", "dev-*"]);
  expect(protection?.words).toEqual(["acme/prod-*"]);
  expect(hosts).toEqual(["hooks.example.com"]);
});

it("without them there is no fence, no protection, and no host but the one in use", () => {
  const { fence, protection, hosts } = createPolicy(readSettings({}, {}), catalogue);
  expect({ fence, protection, hosts }).toEqual({ fence: undefined, protection: undefined, hosts: [] });
});

it.each([
  [{ namespaces: "acme/app" }, "--namespaces acme/app"],
  [{ protect: "acme" }, "--protect acme"],
  [{ hosts: "https://a.example" }, "--hosts https://a.example"],
])("a word that means nothing in %j ends the start", (given, said) => {
  expect(() => createPolicy(readSettings(given, {}), catalogue)).toThrow(said);
});

it("a list that names nothing is not taken for no list", () => {
  expect(() => readSettings({ namespaces: " , " }, {})).toThrow("--namespaces must name at least one");
  expect(() => readSettings({ protect: "" }, {})).toThrow("--protect must name at least one");
});
