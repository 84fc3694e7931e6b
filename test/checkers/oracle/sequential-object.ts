/**
 * The sequential specifications, read as a question: could an object that holds `value` have
 * answered so, and what does it hold afterwards?
 *
 * Written from the definitions alone and shared with nothing under test, equality included: a
 * fault common to a checker and its oracle would never show.
 *
 * - register      read, write
 * - cas-register  and cas with `[from, to]`: acknowledged means that it swapped
 * - kv            a cas-register per key; also get, put and append on strings, where get of a
 *                 missing key may answer null or ""
 * - set           add; a read answers the whole set in any order
 * - counter       add a delta; a read answers the sum
 */

import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../../src/base/json.js";

export const objectTypes = ["register", "cas-register", "kv", "set", "counter"] as const;
export type ObjectType = (typeof objectTypes)[number];

/** An operation that may have taken effect: acknowledged, or pending with its answer unknown. */
export interface EffectiveOperation {
  f: string;
  key: Json | undefined;
  input: Json;
  /** Undefined when the operation is pending: then any answer would do. */
  output: Json | undefined;
}

/** What every object of a type holds at first; `init` is for those that hold a value. */
export function initialValue(type: ObjectType, init: Json): Json {
  if (type === "set") return [];
  if (type === "counter") return 0;
  return init;
}

/** The value afterwards, or undefined when an object holding `value` cannot have answered so. */
export function step(
  type: ObjectType,
  value: Json,
  operation: EffectiveOperation,
): Json | undefined {
  if (operation.f === "fence") return value;
  if (type === "set") return stepSet(value as Json[], operation);
  if (type === "counter") return stepCounter(value as number, operation);
  return stepRegister(value, operation);
}

function stepRegister(value: Json, { f, input, output }: EffectiveOperation): Json | undefined {
  switch (f) {
    case "read":
      return answers(output, value) ? value : undefined;
    case "get":
      return answers(output, value) || (value === null && output === "") ? value : undefined;
    case "write":
    case "put":
      return input;
    case "append":
      return (value === null ? "" : (value as string)) + (input as string);
    case "cas": {
      const [from, to] = input as [Json, Json];
      return isDeepStrictEqual(value, from) ? to : undefined;
    }
    default:
      throw new Error(`a register has no ${f}`);
  }
}

function stepSet(elements: Json[], { f, input, output }: EffectiveOperation): Json[] | undefined {
  switch (f) {
    case "add":
      return contains(elements, input) ? elements : [...elements, input];
    case "read":
      return output === undefined || sameElements(output as Json[], elements)
        ? elements
        : undefined;
    default:
      throw new Error(`a set has no ${f}`);
  }
}

function stepCounter(sum: number, { f, input, output }: EffectiveOperation): number | undefined {
  switch (f) {
    case "add":
      return sum + (input as number);
    case "read":
      return answers(output, sum) ? sum : undefined;
    default:
      throw new Error(`a counter has no ${f}`);
  }
}

function answers(output: Json | undefined, value: Json): boolean {
  return output === undefined || isDeepStrictEqual(output, value);
}

export function contains(elements: readonly Json[], element: Json): boolean {
  return elements.some((other) => isDeepStrictEqual(other, element));
}

function sameElements(left: Json[], right: Json[]): boolean {
  return left.every((e) => contains(right, e)) && right.every((e) => contains(left, e));
}
