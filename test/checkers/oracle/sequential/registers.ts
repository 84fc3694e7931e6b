/**
 * - register      read (get), write (put)
 * - cas-register  and cas with `[from, to]`: acknowledged means that it found `from` and left `to`
 * - kv            a cas-register per key; also append, which takes null for the empty string. While
 *                 it holds null, a read may answer null or ""
 */

import type { Json } from "../../../../src/base/json.js";
import {
  answers,
  type EffectiveOperation,
  equal,
  type SequentialObject,
  unknownFunction,
} from "./sequential-object.js";

export const register: SequentialObject = { initial: (init) => init, step };

export const kv: SequentialObject = {
  initial: (init) => init,
  step(value, operation) {
    const isRead = operation.f === "read" || operation.f === "get";
    return isRead && value === null && operation.output === "" ? value : step(value, operation);
  },
};

function step(value: Json, { f, input, output }: EffectiveOperation): Json | undefined {
  switch (f) {
    case "read":
    case "get":
      return answers(output, value) ? value : undefined;
    case "write":
    case "put":
      return input;
    case "append":
      return (value === null ? "" : (value as string)) + (input as string);
    case "cas": {
      const [from, to] = input as [Json, Json];
      return equal(value, from) ? to : undefined;
    }
    default:
      return unknownFunction(f);
  }
}
