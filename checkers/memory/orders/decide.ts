/**
 * Whether a machine explains a history: sequential consistency, total and partial store order.
 *
 * NP-complete in general (Gibbons, Korach 1997), so in steps of growing cost: a greedy run of the
 * machine in the order of completions, which most histories that are in the model get through; the edges
 * that every explanation has in common, which refute most that are not; a greedy run along those; a
 * search that orders the remaining pairs of writes.
 */

import { type Accesses, INITIAL, isRead, THIN_AIR } from "../accesses.js";
import type { DecideOptions, Decision } from "../decision.js";
import { Closure } from "./closure.js";
import { violationOf } from "./explain.js";
import { hintsOf } from "./hints.js";
import { machineOrderOf } from "./machine-order.js";
import { type Problem, problemOf } from "./problem.js";
import type { Machine } from "./program-order.js";
import { Schedule } from "./schedule.js";
import { orderWrites } from "./search.js";

/** Histories of so few accesses are always decided. */
const SMALL = 12;

export interface Outcome {
  decision: Decision;
  steps: number;
}

export function decide(
  accesses: Accesses,
  machine: Machine,
  type: string,
  { stepsMax, orders }: DecideOptions,
): Outcome {
  const impossible = impossibleRead(accesses, type);
  if (impossible !== undefined) return { decision: impossible, steps: 0 };
  const problem = problemOf(accesses, machine, orders);
  const { edges, nodes } = problem;
  const refuted = (steps: number, through?: number): Outcome => ({
    decision: { holds: false, violation: violationOf(problem, type, through) },
    steps,
  });
  const order = new Int32Array(nodes);
  if (edges.sort(order) < nodes) return refuted(0);
  const early = greedyOrder(problem, order);
  if (early !== undefined) return { decision: held(problem, early), steps: 0 };
  if (!Closure.fits(problem)) return tooLarge(accesses);
  const closure = new Closure(problem);
  if (!closure.saturate()) return refuted(0);
  edges.sort(order);
  const run = greedyOrder(problem, order);
  if (run !== undefined) return { decision: held(problem, run), steps: 0 };
  if (!closure.isWhole) return tooLarge(accesses);
  const guess = new Schedule(problem, hintsOf(problem, order));
  guess.force();
  const limit = accesses.size <= SMALL ? Number.POSITIVE_INFINITY : stepsMax;
  const ordered = orderWrites(problem, closure, guess.order, limit);
  const { steps } = closure;
  if (ordered === undefined) {
    return { decision: { holds: "unknown", reason: `undecided after ${stepsMax} steps` }, steps };
  }
  if (!ordered) return refuted(steps, closure.conflict);
  edges.sort(order);
  return { decision: held(problem, order), steps };
}

function tooLarge({ size, sessions }: Accesses): Outcome {
  const reason = `undecided: clocks of ${size} accesses in ${sessions} sessions take too much memory`;
  return { decision: { holds: "unknown", reason }, steps: 0 };
}

function held(problem: Problem, order: Int32Array): Decision {
  return { holds: true, order: machineOrderOf(problem, order) };
}

/** A complete run, if a greedy one gets through; the edges are as before. */
function greedyOrder(problem: Problem, order: Int32Array): Int32Array | undefined {
  const { edges, nodes } = problem;
  const before = edges.count;
  const schedule = new Schedule(problem, hintsOf(problem, order));
  const complete = schedule.complete(nodes * 2);
  edges.truncate(before);
  return complete ? schedule.order : undefined;
}

/** Reads that no order of anything explains. */
function impossibleRead({ size, kind, source }: Accesses, type: string): Decision | undefined {
  for (let access = 0; access < size; access++) {
    if (source[access] === INITIAL || !isRead(kind[access]!)) continue;
    if (source[access] === THIN_AIR) {
      return { holds: false, violation: { type: "ThinAirRead", path: [], accesses: [access] } };
    }
    if (source[access] === access) {
      const path = [{ from: access, to: access, relation: "reads-from" }] as const;
      return { holds: false, violation: { type, path, accesses: [access] } };
    }
  }
  return undefined;
}
