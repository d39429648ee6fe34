import { expect, it } from "vitest";
import { stem, stems } from "../../src/search/stem.ts";

it.each([
  ["mirror", "mirrors", "mirrored", "mirroring"],
  ["policy", "policies"],
  ["delete", "deletes", "deleted", "deleting", "deletion"],
  ["replicate", "replicates", "replication"],
  ["prune", "prunes", "pruned", "pruning"],
  ["stop", "stops", "stopped", "stopping"],
  ["push", "pushes", "pushed", "pushing"],
])("the forms of %s are one word", (...forms) => {
  expect(new Set(forms.map(stem)).size).toBe(1);
});

it("words that only look alike stay apart", () => {
  expect(stem("access")).toBe("access");
  expect(stem("status")).toBe("status");
  expect(stem("ping")).toBe("ping");
  expect(stem("organization")).not.toBe(stem("organize"));
});

it("an operationId, a tool's name and plain words are alike", () => {
  expect(stems("deleteFullTag")).toEqual(stems("delete full tag"));
  expect(stems("delete_full_tag")).toEqual(stems("delete full tag"));
});
