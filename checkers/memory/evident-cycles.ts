/**
 * Cycles of a small history that need no argument: program order as far as a model keeps it, and
 * communication that is evident. Where a model is violated there need not be one.
 *
 * For each step of communication a shortest way back, by 0-1 breadth-first search: as few
 * communications as there can be. O(steps · (steps + size^2)).
 */

import { type Accesses, isRead, isWrite, kinds } from "./accesses.js";
import type { Step } from "./decision.js";
import type { Evidence } from "./evidence.js";

/** Accesses of a history that is worth the search. */
const SIZE_MAX = 64;

/** Whether two accesses of a session, in this order, keep it. */
type Keeps = (accesses: Accesses, first: number, second: number) => boolean;

const onOneKey: Keeps = ({ key }, first, second) => key[first] === key[second];

const barrier = (kind: number): boolean => kind === kinds.update || kind === kinds.fence;

const buffered =
  (writesTogether: Keeps): Keeps =>
  (accesses, first, second) => {
    const [a, b] = [accesses.kind[first]!, accesses.kind[second]!];
    if (barrier(a) || barrier(b) || isRead(a)) return true;
    return isWrite(b) && writesTogether(accesses, first, second);
  };

interface Rule {
  readonly keeps: Keeps;
  /** Whether a read of an own write is after that write for everybody. */
  readonly ownReads: boolean;
}

const coherent: Rule = { keeps: onOneKey, ownReads: true };

const rulesOf: { readonly [model: string]: readonly Rule[] } = {
  sequential: [coherent, { keeps: () => true, ownReads: true }],
  tso: [coherent, { keeps: buffered(() => true), ownReads: false }],
  pso: [coherent, { keeps: buffered(onOneKey), ownReads: false }],
  coherence: [coherent],
};

/** Few communications first; none for models that are no order of all accesses. */
export function evidentCycles(accesses: Accesses, evidence: Evidence, model: string): Step[][] {
  const rules = accesses.size > SIZE_MAX ? [] : (rulesOf[model] ?? []);
  const { session } = accesses;
  const shown = rules.length === 0 ? [] : evidence.steps();
  const cycles = rules.flatMap((rule) => {
    const steps = shown.filter(
      ({ from, to, relation }) =>
        rule.ownReads || relation !== "reads-from" || session[from] !== session[to],
    );
    return steps.flatMap((step) => {
      const back = wayBack(accesses, rule, steps, step);
      return back === undefined ? [] : [[step, ...back]];
    });
  });
  return cycles.sort((a, b) => communications(a) - communications(b));
}

function communications(cycle: readonly Step[]): number {
  return cycle.filter(({ relation }) => relation !== "session").length;
}

function wayBack(
  accesses: Accesses,
  { keeps }: Rule,
  steps: readonly Step[],
  { from: goal, to: start }: Step,
): Step[] | undefined {
  const { starts, session } = accesses;
  const cameBy = new Map<number, Step | undefined>([[start, undefined]]);
  let layer = [start];
  while (layer.length > 0 && !cameBy.has(goal)) {
    for (const at of layer) {
      for (let later = at + 1; later < starts[session[at]! + 1]!; later++) {
        if (cameBy.has(later) || !keeps(accesses, at, later)) continue;
        cameBy.set(later, { from: at, to: later, relation: "session" });
        layer.push(later);
      }
    }
    const inLayer = new Set(layer);
    layer = [];
    for (const step of steps) {
      if (!inLayer.has(step.from) || cameBy.has(step.to)) continue;
      cameBy.set(step.to, step);
      layer.push(step.to);
    }
  }
  if (!cameBy.has(goal)) return undefined;
  const way: Step[] = [];
  for (let step = cameBy.get(goal); step !== undefined; step = cameBy.get(step.from)) {
    way.unshift(step);
  }
  return way;
}
