/**
 * The smallest Delta of Delta-atomicity (see smallest-delta.ts) for values that were written several
 * times: found by halves, each Delta decided by the search for linearizability, since a greater one
 * only allows more. Any Delta that moves every read before every return is enough.
 */

import { PENDING } from "../../histories/columns.js";
import { decide } from "../linearizability/decide.js";
import { register } from "../linearizability/models/register.js";
import { prepareView } from "../linearizability/problem.js";
import type { ObjectView } from "../linearizability/view.js";
import type { Bounds } from "./bounds.js";
import { functions } from "./recent-values.js";
import type { Budget } from "./smallest-k.js";
import type { TimedView } from "./timed-view.js";

/** Every read of `view` found a value that was installed before it returned. */
export function searchedDelta(view: TimedView, budget: Budget): Bounds {
  const { size, invokedAt, completedAt } = view;
  const earliest = completedAt.reduce((least, at) => Math.min(least, at), Number.MAX_SAFE_INTEGER);
  const latest = size === 0 ? 0 : invokedAt[size - 1]!;
  let atLeast = 0;
  let atMost = Math.max(1, latest - earliest);
  // 0 first: most histories are linearizable.
  for (let delta = 0; atLeast < atMost; delta = Math.floor((atLeast + atMost) / 2)) {
    const shifted = delta === 0 ? view : shiftedReads(view, delta);
    const initial = view.values.value(view.init);
    const stepsMax = Math.ceil(budget.steps / 2);
    const decision = decide(prepareView(register, shifted, functions, initial), stepsMax);
    budget.steps = Math.max(0, budget.steps - decision.steps);
    if (decision.valid === "unknown") {
      const reason = `Delta = ${delta} ns is undecided: ${decision.reason}`;
      return { atLeast, atMost, reason };
    }
    if (decision.valid) atMost = delta;
    else atLeast = delta + 1;
  }
  return { atLeast, atMost };
}

/** Reads invoked `delta` ns earlier; at equal times they come first, and all else keeps its order. */
export function shiftedReads(view: TimedView, delta: number): ObjectView {
  const { size, f, invoked, completed, invokedAt, completedAt } = view;
  const events: { i: number; isReturn: boolean; isShifted: boolean; at: number; from: number }[] =
    [];
  for (let i = 0; i < size; i++) {
    const isShifted = f[i] === 0;
    const at = invokedAt[i]! - (isShifted ? delta : 0);
    events.push({ i, isReturn: false, isShifted, at, from: invoked[i]! });
    if (completed[i] === PENDING) continue;
    const end = { at: completedAt[i]!, from: completed[i]! };
    events.push({ i, isReturn: true, isShifted: false, ...end });
  }
  events.sort(
    (a, b) => a.at - b.at || Number(b.isShifted) - Number(a.isShifted) || a.from - b.from,
  );
  const begins = new Int32Array(size);
  const ends = new Int32Array(size).fill(PENDING);
  for (const [position, { i, isReturn }] of events.entries()) {
    (isReturn ? ends : begins)[i] = position;
  }
  const order = events.filter(({ isReturn }) => !isReturn).map(({ i }) => i);
  return {
    size,
    f: Uint8Array.from(order, (i) => f[i]!),
    input: Int32Array.from(order, (i) => view.input[i]!),
    output: Int32Array.from(order, (i) => view.output[i]!),
    invoked: Int32Array.from(order, (i) => begins[i]!),
    completed: Int32Array.from(order, (i) => ends[i]!),
    process: Float64Array.from(order, (i) => view.process[i]!),
    values: view.values,
    init: view.init,
  };
}
