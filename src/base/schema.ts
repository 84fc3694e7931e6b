/**
 * JSON Schema at the borders (ajv). It is loaded, and a schema compiled, when first needed: all of
 * that would cost every command more than a tenth of a second before it begins.
 */

import { createRequire } from "node:module";
import type { Ajv, ErrorObject, ValidateFunction } from "ajv";

type Library = typeof import("ajv");

export type SchemaError = ErrorObject;

let ajv: Ajv | undefined;

/** The first error of a value against a schema, or undefined; compiled once. */
export function validator(schema: object): (value: unknown) => SchemaError | undefined {
  let validate: ValidateFunction | undefined;
  return (value) => {
    ajv ??= compiler();
    validate ??= ajv.compile(schema);
    return validate(value) ? undefined : validate.errors?.[0];
  };
}

function compiler(): Ajv {
  const { Ajv } = createRequire(import.meta.url)("ajv") as Library;
  return new Ajv({ strict: true, allowUnionTypes: true });
}
