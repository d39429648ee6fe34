import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { passthrough } from "../../../src/http/callers/passthrough.ts";

const token = "4Wd1pQzTestTokenOfACaller";
const hash = createHash("sha256").update(token).digest("hex");

it("a caller's own token goes to Quay, and only its hash into the audit log", async () => {
  expect(await passthrough({ authorization: `Bearer ${token}` })).toEqual({
    name: `token ${hash.slice(0, 8)}`,
    id: hash,
    token,
    restrictions: [],
  });
});

it.each([
  [undefined],
  [""],
  ["Bearer"],
  ["Bearer "],
  [`Basic ${token}`],
  [`Bearer ${token} and more`],
  [`Bearer ${token}\u0000`],
  [`bearer${token}`],
])("%j is answered with 401, and with no metadata, since Quay has none", async (authorization) => {
  const refused = await passthrough(authorization === undefined ? {} : { authorization }).catch(
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({
    name: "UnauthorizedError",
    status: 401,
    challenge: 'Bearer realm="quay-mcp"',
  });
  expect((refused as Error).message).not.toContain(token);
});

it("a token that is longer than any of Quay's is refused, since anybody can send one", async () => {
  const refused = passthrough({ authorization: `Bearer ${"x".repeat(4097)}` });
  await expect(refused).rejects.toMatchObject({
    status: 401,
    challenge: 'Bearer realm="quay-mcp", error="invalid_token"',
  });
});
