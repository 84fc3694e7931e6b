/**
 * What a datatype is: pure functions over JSON, in the two forms of Shapiro et al. 2011.
 *
 * State-based: an update makes a *delta*, a small state (Almeida, Shoker, Baquero 2018), and `merge`
 * is a join: commutative, associative, idempotent. The update itself is the merge of its delta, so
 * that whole states and deltas are two ways to send the same thing.
 *
 * Operation-based: `prepare` decides at the origin all that must be decided there, `effect` changes
 * every replica alike. Effects of concurrent operations commute; each takes place exactly once, and
 * after those that its origin had seen.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { errorCodes, Refusal } from "../../src/hosts/ts/node.js";
import type { Dot, Vector } from "./vector.js";

/** What a client asked for: its body, checked. */
export interface Update {
  f: string;
  /** The delta, element or value. */
  argument: Json;
}

export interface StateBased {
  /** A delta: what to merge so that the update is in. `dot` is this update's and nobody else's. */
  mutate(state: JsonObject, update: Update, dot: Dot): JsonObject;
  merge(left: JsonObject, right: JsonObject): JsonObject;
  value(state: JsonObject): Json;
  /** An older delta without what this state has outlived; all of it when left out. */
  refresh?(delta: JsonObject, state: JsonObject): JsonObject;
  /** The state without what nobody needs once every replica covers so much; all of it when left out. */
  collect?(state: JsonObject, stable: Vector): JsonObject;
}

export interface OperationBased {
  prepare(state: JsonObject, update: Update, dot: Dot): JsonObject;
  effect(state: JsonObject, operation: JsonObject): JsonObject;
  value(state: JsonObject): Json;
}

/** In both forms the state of an object that nobody has changed is {}. */
export interface Datatype {
  /** The types of the requests that it takes. */
  updates: readonly string[];
  /** @throws Refusal for a request that asks for something else; nothing has changed then. */
  parse(body: JsonObject): Update;
  /** What the acknowledgement says besides: which earlier updates this one has replaced. */
  receipt?(state: JsonObject, update: Update, dot: Dot): JsonObject;
  stateBased: StateBased;
  operationBased: OperationBased;
}

/** Some bugs are in the datatype: it is made by those that are switched on. */
export type MakeDatatype = (bugs: ReadonlySet<string>) => Datatype;

/** Takes requests of these types, with the argument under that name, if it is acceptable. */
export function takes(
  updates: readonly string[],
  argument: string,
  accepts: (value: Json) => boolean = () => true,
): Pick<Datatype, "updates" | "parse"> {
  const parse = (body: JsonObject): Update => {
    const f = String(body["type"]);
    const value = body[argument];
    if (!updates.includes(f)) {
      throw new Refusal(errorCodes.notSupported, `no operation "${f}" here`);
    }
    if (value === undefined || !accepts(value)) {
      throw new Refusal(errorCodes.malformedRequest, `"${f}" cannot take this ${argument}`);
    }
    return { f, argument: value };
  };
  return { updates, parse };
}
