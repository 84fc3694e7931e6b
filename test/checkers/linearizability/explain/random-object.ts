/** One object out of a random history, and the brute force's opinion of any part of it. */

import type fc from "fast-check";
import { byKey } from "../../../../checkers/keys.js";
import type { Operation } from "../../../../histories/history.js";
import { toHistory } from "../../../../histories/pairing.js";
import type { Json } from "../../../../src/base/json.js";
import { isLinearizableAs } from "../../oracle/linearizable-oracle.js";
import type { ObjectType } from "../../oracle/object-types.js";
import { anyHistory } from "../../oracle/random-history.js";
import { sequentialObjects } from "../../oracle/sequential/index.js";

export interface RandomObject {
  type: ObjectType;
  init: Json;
  operations: readonly Operation[];
}

/** The busiest object of a random history. */
export function anyObject(type: ObjectType): fc.Arbitrary<RandomObject> {
  return anyHistory(type).map(({ init, events }) => {
    const relevant = toHistory(events).operations.filter(({ f }) => f !== "fence");
    const objects = byKey(relevant).sort((a, b) => b.operations.length - a.operations.length);
    return { type, init, operations: objects[0]?.operations ?? [] };
  });
}

/** Pending reads have whatever answer the object gives. */
export function isExplicable(
  { type, init }: Pick<RandomObject, "type" | "init">,
  operations: readonly Operation[],
): boolean {
  const observed = operations.map((operation) => ({
    ...operation,
    key: undefined,
    output: operation.outcome === "info" ? undefined : operation.output,
  }));
  return isLinearizableAs(sequentialObjects[type], observed, init);
}

/** The anomaly's name where there is only one. */
export function judgeOf(
  object: RandomObject,
): (operations: readonly Operation[]) => string | undefined {
  return (operations) => (isExplicable(object, operations) ? undefined : "non-linearizable");
}
