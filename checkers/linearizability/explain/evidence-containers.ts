/**
 * Evidence where elements go in and come out: queue, stack, priority queues.
 *
 * An element's inserts and removals leave together (all those of equal elements). The argument:
 * leave one element out of every state of a linearization L. What is at the head (on top, the
 * least) among the others stays there, and what was empty stays empty; so peeks and "empty" answers
 * leave alone.
 *
 * A pending removal took some element in L that no completed removal took, or nothing. Without it
 * that element might stand in the way, so it leaves only together with all elements that were
 * inserted more often than removed; unless it was invoked after the last return, for then nothing
 * that is explained comes after it in L. The elements that the object starts with cannot leave, so
 * their operations stay.
 */

import type { Operation } from "../../../histories/history.js";
import { canonical, type Json } from "../../../src/base/json.js";
import { ALONE, type EvidenceOf, hasEffect, isPending, type Slot, WITNESS } from "./evidence.js";

const INSERTS: ReadonlySet<string> = new Set("enqueue push insert add offer".split(" "));
const LOOKS: ReadonlySet<string> = new Set("peek top find-min find-max min max".split(" "));

export const ofContainer: EvidenceOf = (operations, init) => {
  const initial = Array.isArray(init) ? init : [];
  const surplus = surplusOf(operations, initial);
  const fixed = new Set(initial.map(canonical));
  const stays = [...fixed].some((element) => surplus.get(element)! > 0);
  const taken: Slot = { cell: "", value: "taken" };
  const lastReturn = operations.reduce(
    (last, { outcome, completed }) => (outcome === "ok" ? Math.max(last, completed) : last),
    -1,
  );
  return {
    timed: false,
    startsWith: () => false,
    trace(operation) {
      const { f, input, output } = operation;
      if (!hasEffect(operation)) return ALONE;
      const inserts = INSERTS.has(f);
      if (!inserts && isPending(operation)) {
        const useless = LOOKS.has(f) || operation.invoked > lastReturn;
        return useless ? ALONE : { fills: taken, stays, testifies: false };
      }
      if (!inserts && output === null) return WITNESS;
      const element = canonical(inserts ? input : output);
      const slot: Slot = { cell: "", value: `element ${element}` };
      if (LOOKS.has(f)) return { needs: [slot], testifies: true };
      return {
        fills: slot,
        unit: element,
        stays: fixed.has(element),
        ...((surplus.get(element) ?? 0) > 0 ? { needs: [taken] } : {}),
        testifies: !inserts,
      };
    },
  };
};

/** Per element, how many more times it was put in than completed removals took it out. */
function surplusOf(
  operations: readonly Operation[],
  initial: readonly Json[],
): Map<string, number> {
  const surplus = new Map<string, number>();
  const count = (element: Json, by: number): void => {
    const text = canonical(element);
    surplus.set(text, (surplus.get(text) ?? 0) + by);
  };
  for (const element of initial) count(element, 1);
  for (const operation of operations) {
    const { f, input, output } = operation;
    if (!hasEffect(operation) || LOOKS.has(f)) continue;
    if (INSERTS.has(f)) count(input, 1);
    else if (!isPending(operation)) count(output, -1);
  }
  return surplus;
}
