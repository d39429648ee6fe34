import { describe, expect, it } from "vitest";
import { accessSetting } from "../../src/guard/access.ts";
import { choiceFor, parseByName } from "../../src/guard/by-name.ts";
import { confirmationSetting } from "../../src/guard/confirmation-policy.ts";

const names = {
  tools: new Set(["delete_tag", "list_tags", "delete_repository"]),
  toolsets: new Set(["tag", "repository"]),
};
const deleteTag = { name: "delete_tag", toolset: "tag" };
const listTags = { name: "list_tags", toolset: "tag" };
const deleteRepository = { name: "delete_repository", toolset: "repository" };

describe("a setting by toolset and tool", () => {
  it("gives a tool its own choice before its toolset's before the general one", () => {
    const policy = parseByName(["auto", "tag=never", "delete_tag=ask"], confirmationSetting, names);
    expect([deleteTag, listTags, deleteRepository].map((tool) => choiceFor(tool, policy))).toEqual([
      "ask",
      "never",
      "auto",
    ]);
  });

  it("falls back where it names no general choice", () => {
    expect(choiceFor(listTags, parseByName(["delete_tag=write"], accessSetting, names))).toBe("read");
    expect(choiceFor(listTags, parseByName(["delete_tag=never"], confirmationSetting, names))).toBe("auto");
  });

  it.each([
    [
      ["asc"],
      /^--confirm asc: "asc" is no policy of confirmation\. Did you mean "ask"\? It takes auto, ask, code or never\.$/,
    ],
    [["tag=alway"], /"alway" is no policy/],
    [["tag=ask=code"], /^--confirm tag=ask=code/],
    [["=ask"], /no toolset or tool is named ""/],
    [["delete_tags=ask"], /no toolset or tool is named "delete_tags"\. Did you mean "delete_tag"\?/],
    [["ask", "never"], /names two at once, ask and never/],
    [["delete_tag=ask", "delete_tag=never"], /names two for delete_tag, ask and never/],
  ])("refuses %j", (words, message) => {
    expect(() => parseByName(words, confirmationSetting, names)).toThrow(message);
  });
});
