/** Checks a body by a JSON schema and words what is wrong as Python's `jsonschema` does, which Quay hands on. */

export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly not?: Schema;
}

interface Problem {
  readonly message: string;
  readonly keyword: string;
  readonly schema: Schema;
  readonly instance: unknown;
  readonly schemaPath: readonly (string | number)[];
  readonly path: readonly (string | number)[];
}

/** What is wrong with a body, or undefined. Quay tells the gravest problem only: the one least deep. */
export function problemWith(body: unknown, schema: Schema): string | undefined {
  const problems = [...check(body, schema, [], [])];
  const [first, ...others] = problems;
  if (first === undefined) return undefined;
  const worst = others.reduce((best, each) => (each.path.length < best.path.length ? each : best), first);
  return worded(worst);
}

const worded = (problem: Problem) =>
  [
    problem.message,
    "",
    `Failed validating '${problem.keyword}' in schema${subscripts(problem.schemaPath)}:`,
    `    ${python(problem.schema)}`,
    "",
    `On instance${subscripts(problem.path)}:`,
    `    ${python(problem.instance)}`,
  ].join("\n");

const subscripts = (path: readonly (string | number)[]) => path.map((step) => `[${python(step)}]`).join("");

type Steps = readonly (string | number)[];

function* check(value: unknown, schema: Schema, schemaPath: Steps, path: Steps): Generator<Problem> {
  const problem = (keyword: string, message: string): Problem => ({
    keyword,
    message,
    schema,
    instance: value,
    schemaPath,
    path,
  });
  const shown = () => python(value);
  if (schema.type !== undefined) {
    const types = typeof schema.type === "string" ? [schema.type] : schema.type;
    if (!types.some((type) => isOfType(value, type))) {
      yield problem("type", `${shown()} is not of type ${types.map((type) => `'${type}'`).join(", ")}`);
    }
  }
  if (schema.enum !== undefined && !schema.enum.some((each) => python(each) === shown())) {
    yield problem("enum", `${shown()} is not one of ${python(schema.enum)}`);
  }
  if (schema.oneOf !== undefined) yield* checkOneOf(value, schema, problem);
  if (schema.anyOf !== undefined && !schema.anyOf.some((each) => isValid(value, each))) {
    yield problem("anyOf", `${shown()} is not valid under any of the given schemas`);
  }
  if (schema.not !== undefined && isValid(value, schema.not)) {
    yield problem("not", `${shown()} should not be valid under ${python(schema.not)}`);
  }
  if (typeof value === "string") yield* checkText(value, schema, problem);
  if (typeof value === "number") yield* checkNumber(value, schema, problem);
  if (Array.isArray(value)) yield* checkArray(value, schema, problem, schemaPath, path);
  else if (isOfType(value, "object")) yield* checkObject(value as object, schema, problem, schemaPath, path);
}

type Make = (keyword: string, message: string) => Problem;

function* checkOneOf(value: unknown, schema: Schema, problem: Make): Generator<Problem> {
  const valid = schema.oneOf!.filter((each) => isValid(value, each));
  const [only, ...more] = valid;
  if (only === undefined) {
    const inner = schema.oneOf!.flatMap((each) => [...check(value, each, [], [])]);
    const deepest = inner.reduce(
      (best, each) => (each.path.length > best.path.length ? each : best),
      inner[0]!,
    );
    yield { ...deepest, path: [], instance: value };
  } else if (more.length > 0) {
    yield problem(
      "oneOf",
      `${python(value)} is valid under each of ${more.map(python).join(", ")}, ${python(only)}`,
    );
  }
}

function* checkText(value: string, schema: Schema, problem: Make): Generator<Problem> {
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) {
    yield problem("pattern", `${python(value)} does not match ${python(schema.pattern)}`);
  }
  if (schema.maxLength !== undefined && [...value].length > schema.maxLength) {
    yield problem("maxLength", `${python(value)} is too long`);
  }
}

function* checkNumber(value: number, schema: Schema, problem: Make): Generator<Problem> {
  if (schema.minimum !== undefined && value < schema.minimum) {
    yield problem("minimum", `${python(value)} is less than the minimum of ${schema.minimum}`);
  }
  if (schema.maximum !== undefined && value > schema.maximum) {
    yield problem("maximum", `${python(value)} is greater than the maximum of ${schema.maximum}`);
  }
}

function* checkArray(
  value: readonly unknown[],
  schema: Schema,
  problem: Make,
  schemaPath: Steps,
  path: Steps,
): Generator<Problem> {
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    yield problem(
      "minItems",
      `${python(value)} ${value.length === 0 ? "should be non-empty" : "is too short"}`,
    );
  }
  if (schema.uniqueItems && new Set(value.map(python)).size < value.length) {
    yield problem("uniqueItems", `${python(value)} has non-unique elements`);
  }
  for (const [index, each] of value.entries()) {
    if (schema.items !== undefined) {
      yield* check(each, schema.items, [...schemaPath, "items"], [...path, index]);
    }
  }
}

function* checkObject(
  value: object,
  schema: Schema,
  problem: Make,
  schemaPath: Steps,
  path: Steps,
): Generator<Problem> {
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) yield problem("required", `${python(name)} is a required property`);
  }
  const properties = schema.properties ?? {};
  if (schema.additionalProperties === false) {
    const unknown = Object.keys(value).filter((name) => !Object.hasOwn(properties, name));
    if (unknown.length > 0) {
      const names = unknown.map(python).join(", ");
      const verb = unknown.length === 1 ? "was" : "were";
      yield problem(
        "additionalProperties",
        `Additional properties are not allowed (${names} ${verb} unexpected)`,
      );
    }
  }
  for (const [name, inner] of Object.entries(properties)) {
    if (Object.hasOwn(value, name)) {
      const member = (value as Record<string, unknown>)[name];
      yield* check(member, inner, [...schemaPath, "properties", name], [...path, name]);
    }
  }
}

const isValid = (value: unknown, schema: Schema) => check(value, schema, [], []).next().done === true;

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** A value as Python's `repr` writes it. */
export function python(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") {
    const text = value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
    return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`;
  }
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value === "object") {
    const members = Object.entries(value).map(([name, member]) => `${python(name)}: ${python(member)}`);
    return `{${members.join(", ")}}`;
  }
  return String(value);
}
