/** What every sequential specification offers, and the equality that all of them use. */

import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../../../src/base/json.js";

/** An operation that may have taken effect: acknowledged, or pending with its answer unknown. */
export interface EffectiveOperation {
  process: number;
  f: string;
  key: Json | undefined;
  input: Json;
  /** Undefined when the operation is pending: then any answer would do. */
  output: Json | undefined;
}

export interface SequentialObject {
  /** The state at first, given the initial value (null when there is none). */
  initial(init: Json): Json;
  /** The state afterwards, or undefined when an object in this state cannot have answered so. */
  step(state: Json, operation: EffectiveOperation): Json | undefined;
}

export function equal(left: Json, right: Json): boolean {
  return typeof left === "object" ? isDeepStrictEqual(left, right) : left === right;
}

/** Whether an answer that is known, or would be anything when pending, is this one. */
export function answers(output: Json | undefined, expected: Json): boolean {
  return output === undefined || equal(output, expected);
}

export function contains(elements: readonly Json[], element: Json): boolean {
  return elements.some((other) => equal(other, element));
}

export function unknownFunction(f: string): never {
  throw new Error(`no such function: ${f}`);
}
