import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askOn } from "../../src/commands/call.ts";

const question = { message: "Delete tag: acme/app:v1", name: "acme/app:v1", state: "seal" };

describe("a question on a terminal", () => {
  it("is shown, and answered by what is typed", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.write("acme/app:v1\n");
    const reply = await askOn(input, output, question);
    expect(reply).toEqual({ state: "seal", action: "accept", name: "acme/app:v1" });
    expect(String(output.read())).toBe("Delete tag: acme/app:v1\n> ");
  });

  it("is cancelled by the end of the input", async () => {
    const input = new PassThrough();
    input.end();
    const reply = await askOn(input, new PassThrough(), question);
    expect(reply).toEqual({ state: "seal", action: "cancel", name: undefined });
  });
});
