/**
 * Names for violations of fetch-and-add: those of sums.ts, where every completed fetch-and-add saw
 * the sum before it; and before these
 *
 * - lost-update: two positive steps saw the same sum, though no step was negative: one added to what
 *   the other had already moved on from.
 */

import type { Anomaly } from "../../checker.js";
import { keyName, show } from "../../describe.js";
import { named } from "./functions.js";
import { nameSum, type SumStory, startOf } from "./sums.js";
import {
  describe,
  inOrderOfReturn,
  isAcknowledged,
  mayHaveHappened,
  type Name,
  nameBy,
  type Violation,
} from "./violation.js";

export function nameFetchAndAddViolation(violation: Violation): Anomaly {
  const { key, init, operations } = violation;
  const deltas = operations.map((operation) => ({
    operation,
    delta: named(operation.f) === "read" ? 0 : (operation.input as number),
  }));
  const steps = deltas.filter(
    ({ operation }) => named(operation.f) !== "read" && mayHaveHappened(operation),
  );
  const sights = deltas
    .filter(({ operation }) => isAcknowledged(operation))
    .toSorted((a, b) => inOrderOfReturn(a.operation, b.operation));
  const story: SumStory = { key, init: startOf(init), steps, sights };
  return nameBy(violation, story, [lostUpdate, nameSum]);
}

function lostUpdate({ key, steps, sights }: SumStory): Name | undefined {
  if (steps.some(({ delta }) => delta < 0)) return undefined;
  const additions = sights.filter(({ delta }) => delta > 0);
  for (const [i, { operation: second }] of additions.entries()) {
    const first = additions.slice(0, i).find(({ operation }) => operation.output === second.output);
    if (first === undefined) continue;
    return {
      type: "lost-update",
      message:
        `the ${describe(first.operation)} and the ${describe(second)} on ${keyName(key)} both found ` +
        `${show(second.output)}: one of the two additions is lost`,
    };
  }
  return undefined;
}
