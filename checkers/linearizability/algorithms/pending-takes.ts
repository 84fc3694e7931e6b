/**
 * Takes that never returned: which elements they must have taken, and by when.
 *
 * An element that no completed operation took has a deadline when some completed operation cannot
 * have answered as it did with the element still inside: a pending take invoked before that operation
 * returned must have taken it. So there must be enough of them, in time, for all such elements: that is
 * certain, and a shortage is a violation. When there is none, the element with the earliest
 * deadline is given the pending take invoked first, and so on (earliest deadline first meets all
 * deadlines if anything does). If the history is linearizable with these takes it is linearizable. If
 * not, another choice may still explain it: a deadline can be earlier than is certain, because operations
 * overlap. So deadlines of elements that stand in the way are moved forward by guessing, and tried
 * again. Guesses only ever prove a history valid, by the linearization they lead to.
 */

import { type Elements, stepsOf } from "./elements.js";
import { bucketed } from "./instants.js";
import { LeastByPlace } from "./least-by-place.js";

const NONE = -1;

/** Per element, the first return of a step that needs it to be out; `instants` when there is none. */
export class Deadlines {
  readonly at: Int32Array;
  /** The step that returned then. */
  readonly witness: Int32Array;

  constructor(readonly elements: Elements) {
    this.at = new Int32Array(elements.count).fill(elements.instants);
    this.witness = new Int32Array(elements.count).fill(NONE);
  }

  /** `step`, unless it is -1, needs element `e` to be out. */
  add(e: number, step: number): void {
    if (step === NONE || this.elements.hi[step]! >= this.at[e]!) return;
    this.at[e] = this.elements.hi[step]!;
    this.witness[e] = step;
  }
}

/** Completed steps that saw element `e`, or took it. */
export function observersOf(
  { take, lookStart, looks }: Elements,
  e: number,
  visit: (step: number) => void,
): void {
  for (let k = lookStart[e]!; k < lookStart[e + 1]!; k++) visit(looks[k]!);
  if (take[e] !== NONE) visit(take[e]!);
}

export function addDeadlinesOfEmpties(elements: Elements, deadlines: Deadlines): void {
  const { count, put, take, lo, hi, instants, empties } = elements;
  if (empties.length === 0) return;
  const earliest = new LeastByPlace(instants, hi);
  for (let k = 0; k < empties.length; k++) earliest.add(lo[empties[k]!]!, empties[k]!);
  for (let e = 0; e < count; e++) {
    if (take[e] === NONE) deadlines.add(e, earliest.after(hi[put[e]!]!));
  }
}

/** Elements with deadlines, the most urgent first. */
function urgent({ elements, at }: Deadlines): Int32Array {
  const { count, take, instants } = elements;
  const missing: number[] = [];
  for (let e = 0; e < count; e++) if (take[e] === NONE && at[e]! < instants) missing.push(e);
  return bucketed(Int32Array.from(missing), at, instants).sorted;
}

/**
 * More elements with deadlines than pending takes invoked before these: the elements, what needs
 * them to be out, and the pending takes that there are.
 */
export function findShortage(
  elements: Elements,
  deadlines: Deadlines,
): (() => number[]) | undefined {
  const { count, lo, pendingTakes, empties } = elements;
  const waiting = urgent(deadlines);
  const rank = waiting.findIndex((e, place) => {
    const step = pendingTakes[place];
    return step === undefined || lo[step]! > deadlines.at[e]!;
  });
  if (rank === -1) return undefined;
  return () => {
    const short = waiting.subarray(0, rank + 1);
    const witnesses = new Set(Array.from(short, (e) => deadlines.witness[e]!));
    const involved = new Set(short);
    for (let e = 0; e < count; e++) {
      observersOf(elements, e, (step) => {
        if (witnesses.has(step)) involved.add(e);
      });
    }
    const answers = empties.filter((step) => witnesses.has(step));
    return [...stepsOf(elements, involved), ...answers, ...pendingTakes.subarray(0, rank)];
  };
}

/** The same elements, those with deadlines taken by pending takes: there are enough. */
export function withPendingTakes(elements: Elements, deadlines: Deadlines): Elements {
  const { put, lookStart, looks, pendingTakes } = elements;
  const take = elements.take.slice();
  const lo = elements.lo.slice();
  const insideTo = elements.insideTo.slice();
  for (const [rank, e] of urgent(deadlines).entries()) {
    const step = pendingTakes[rank]!;
    let last = Math.max(lo[step]!, lo[put[e]!]!);
    for (let k = lookStart[e]!; k < lookStart[e + 1]!; k++) last = Math.max(last, lo[looks[k]!]!);
    take[e] = step;
    lo[step] = last;
    insideTo[e] = last - 1;
  }
  return { ...elements, take, lo, insideTo };
}

/**
 * Guesses which element of a conflict should have been out earlier: among those that pending takes
 * took or can have taken, the one put last; before the last return that it was still inside at.
 * False when there is none. A deadline guessed proves nothing.
 */
export function advance(
  deadlines: Deadlines,
  assigned: Elements,
  conflict: readonly number[],
): boolean {
  const { elements } = deadlines;
  const { count, put, hi, insideFrom, initial, view } = elements;
  const steps = new Set(conflict);
  let latest = NONE;
  for (let e = 0; e < count; e++) {
    if (elements.take[e] !== NONE || !steps.has(put[e]!)) continue;
    if (latest === NONE || insideFrom[e]! >= insideFrom[latest]!) latest = e;
  }
  if (latest === NONE) return false;
  let at = NONE;
  for (const step of steps) {
    const isAnswer = step >= initial && view.f[step - initial] !== 0;
    if (!isAnswer || hi[step]! >= assigned.insideTo[latest]! + 1) continue;
    if (hi[step]! >= insideFrom[latest]! && hi[step]! > at) at = hi[step]!;
  }
  if (at === NONE || at >= deadlines.at[latest]!) return false;
  deadlines.at[latest] = at;
  return true;
}

/** Operations on elements that completed takes took, and answers of "empty"; see elements.ts. */
export function takenOnly(elements: Elements): Int32Array | undefined {
  const { count, put, take, initial, empties, view } = elements;
  const isKept = new Uint8Array(initial + view.size);
  const keep = (step: number): void => {
    isKept[step] = 1;
  };
  for (let e = 0; e < count; e++) {
    if (take[e] === NONE && e < initial) return undefined;
    if (take[e] === NONE) continue;
    keep(put[e]!);
    observersOf(elements, e, keep);
  }
  for (let k = 0; k < empties.length; k++) keep(empties[k]!);
  const kept = new Int32Array(view.size);
  let length = 0;
  for (let i = 0; i < view.size; i++) if (isKept[initial + i] === 1) kept[length++] = i;
  return kept.subarray(0, length);
}
