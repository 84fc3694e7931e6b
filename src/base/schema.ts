/**
 * JSON Schema at the borders (ajv). A schema is compiled when it is first needed: compiling all of
 * them would cost every command a tenth of a second before it begins.
 */

import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";

export type SchemaError = ErrorObject;

let ajv: Ajv | undefined;

/** The first error of a value against a schema, or undefined; compiled once. */
export function validator(schema: object): (value: unknown) => SchemaError | undefined {
  let validate: ValidateFunction | undefined;
  return (value) => {
    ajv ??= new Ajv({ strict: true, allowUnionTypes: true });
    validate ??= ajv.compile(schema);
    return validate(value) ? undefined : validate.errors?.[0];
  };
}
