/**
 * Stands in for `@modelcontextprotocol/server/_shims` in the bundle: the SDK's own loads AJV when the server starts (a
 * fifth of its start-up time), although only pushed elicitations of 2025-era clients ever validate anything.
 */
import { createRequire } from "node:module";
import process from "node:process";
import type { AjvJsonSchemaValidator } from "@modelcontextprotocol/server/validators/ajv";

export { process };

type Validator = Pick<AjvJsonSchemaValidator, "getValidator">;

/** The validator that the SDK expects, loaded with the first schema. */
export class DefaultJsonSchemaValidator implements Validator {
  #loaded: Validator | undefined;

  readonly getValidator: Validator["getValidator"] = (schema) => {
    this.#loaded ??= load();
    return this.#loaded.getValidator(schema);
  };
}

function load(): Validator {
  const require = createRequire(import.meta.url);
  const { AjvJsonSchemaValidator: Ajv } = require("./json-schema-validator.cjs");
  return new Ajv();
}
