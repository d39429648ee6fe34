/** Arguments for any tool: mostly of the form that its schema asks for, with names meant to slip past a guard. */
import fc from "fast-check";
import { inputSchema } from "../../src/arguments.ts";
import type { Tool } from "../../src/operation.ts";

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly maximum?: number;
}

/** Inside of a fence of `acme`, `dev-*`. */
const insiders = ["acme", "ACME", "dev-1", "dev-x.y"];

/** They look like those, or lead to them or away from them. */
const outsiders = [
  ...[
    "other",
    "acme2",
    "xacme",
    "acme-",
    "dev-",
    "devx",
    "acmé",
    "ａcme",
    "acme\u200b",
    "ac%6de",
    "acme%2Fx",
  ],
  ...["acme+x", "acme ", "acme.", "..", ".", "", "other\nacme", "acme\u0000", "K", "dev-\u212a", "acme\\x"],
];
const words = [
  ...["app", "team/app", "prod-db", "PROD-DB", "prod-db/x", "prod-", "x/prod-db", "latest", "v1", "owners"],
  ...[
    "app/tag/v1",
    "app/autoprunepolicy/x",
    "prod-db/tag/v1",
    "app/permissions/user/other+ci",
    "a/../prod-db",
  ],
  ...[
    "prod％db",
    "ｐrod-db",
    "prod-db%2Ftag",
    "prod+db",
    "a b",
    "ümläut",
    "app/",
    "//",
    "app//x",
    "tag",
    "user",
  ],
];
const robots = ["ci", "a.b", "a+b", "Cı", ""];

const either = <Value>(good: fc.Arbitrary<Value>, bad: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 3, arbitrary: good }, { weight: 1, arbitrary: bad });
const insider = fc.constantFrom(...insiders);
const namespace = either(insider, fc.constantFrom(...outsiders));
const word = fc.constantFrom(...words);
const robot = either(
  insider.map((name) => `${name}+ci`),
  fc
    .tuple(namespace, fc.constantFrom("+", "＋", "++", "%2B"), fc.constantFrom(...robots))
    .map((parts) => parts.join("")),
);
const account = fc.oneof(namespace, robot, fc.constantFrom("bob", "bob@example.com", "Bob", "b\u0301ob"));
const repository = fc.tuple(namespace, word).map((parts) => parts.join("/"));
const text = fc.oneof(namespace, word, robot, repository, fc.string({ unit: "binary", maxLength: 8 }));

/** Forms that a schema's patterns ask for, which are not listed with it. */
const forms: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  orgname: namespace,
  namespace,
  name: fc.oneof(namespace, account),
  new_name: namespace,
  username: account,
  membername: account,
  performer: account,
  repository,
  robot,
  robot_username: robot,
  pull_robot: robot,
  robot_shortname: fc.constantFrom(...robots),
  digest: fc.constant(`sha256:${"0".repeat(64)}`),
  manifestref: fc.constant(`sha256:${"0".repeat(64)}`),
  manifest_digest: fc.constant(`sha256:${"0".repeat(64)}`),
  starttime: fc.constant("2026-11-21"),
  endtime: fc.constant("2026-11-21"),
  since: fc.constant("2026-11-21T00:00:00Z"),
  expiration: fc.constantFrom("never", "2026-11-21T00:00:00Z"),
  sync_start_date: fc.constant("2026-11-21T00:00:00Z"),
  limit: fc.constantFrom("10 GiB", 10),
  filter_tag_name: fc.constant("like:v"),
};

/** Arguments of a tool, optional ones given or not. */
export function argumentsFor(tool: Tool): fc.Arbitrary<Record<string, unknown>> {
  return objectFor(inputSchema(tool) as Schema);
}

function objectFor({ properties = {}, required = [] }: Schema): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(properties).map(([name, schema]) => [name, valueFor(name, schema)] as const);
  return fc.record(Object.fromEntries(fields), {
    requiredKeys: Object.keys(properties).filter((name) => required.includes(name)),
  });
}

function valueFor(name: string, schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((each) => valueFor(name, each)));
  if (schema.type === "object") return objectFor(schema);
  if (schema.type === "array") return fc.array(valueFor("", schema.items ?? {}), { maxLength: 2 });
  if (schema.type === "boolean") return fc.boolean();
  if (schema.type === "integer") return fc.integer({ min: 1, max: Math.min(schema.maximum ?? 5000, 5000) });
  const form = forms[name];
  return form === undefined ? text : fc.oneof({ weight: 9, arbitrary: form }, { weight: 1, arbitrary: text });
}
