import { describe, expect, it } from "vitest";
import { readSettings, settings } from "../src/config.ts";

describe("a setting that is not given", () => {
  const given = readSettings({}, {});

  it("lets nothing but reads run, asks before what destroys, and keeps answers within 8,000 tokens", () => {
    expect(given).toMatchObject({
      allow: ["read"],
      surface: "auto",
      confirm: ["auto"],
      brake: 10,
      dryRun: false,
      timeout: 30,
      maxAnswerBytes: 16 * 1024 ** 2,
      answerTokens: 8000,
      revealSecrets: false,
    });
  });

  const told = settings.flatMap(({ flag, name, help }) => {
    const [, words] = /\(default: (.*)\)$/.exec(help) ?? [];
    const value = (given as Readonly<Record<string, unknown>>)[name];
    return words === undefined || value === undefined || String(value) === "" ? [] : [{ flag, words, value }];
  });

  it.each(told)("is what the help of $flag says: $words", ({ words, value }) => {
    expect(String(value)).toBe(words);
  });
});
