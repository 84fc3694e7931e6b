/**
 * A counter: `add` a whole number, `read` the sum. A read that found nothing reads 0.
 *
 * With different step sizes or decrements the problem contains subset sum; equal pending adds are
 * one class, so that the usual few step sizes stay cheap.
 */

import type { Json } from "../../../src/base/json.js";
import type { Call, Foresight, Model, TimedCall } from "../model.js";

const DEAD = "dead";
type Sum = number | typeof DEAD;

export const counter: Model<Sum> = {
  name: "counter",
  init: asSum,
  step(state, { f, input, output }) {
    if (f === "add") return state === DEAD ? DEAD : state + asSum(input);
    return asSum(output) === state && isSum(output) ? state : undefined;
  },
  key: String,
  role: ({ f }) => (f === "read" ? "read" : "blind"),
  label: ({ f, input, output }) => `${f} ${JSON.stringify(f === "read" ? output : input)}`,
  foresee,
};

function isSum(value: Json): boolean {
  return value === null || typeof value === "number";
}

function asSum(value: Json): number {
  return typeof value === "number" ? value : 0;
}

/**
 * A sum that only grows is dead once it exceeds all that will be read; any sum is after the last read.
 * O(reads log reads), and O(log reads) a question.
 */
function foresee(calls: readonly TimedCall[], initial: Sum): Foresight<Sum> {
  const reads = calls.filter((call) => call.f === "read" && isSum(call.output));
  const growing = calls.every((call) => call.f === "read" || asSum(call.input) >= 0);
  reads.sort((a, b) => asSum(a.output) - asSum(b.output));
  const sums = reads.map(({ output }) => (growing ? asSum(output) : 0));
  /** The last return among the reads from each on. */
  const last = new Float64Array(reads.length + 1).fill(-1);
  for (let n = reads.length - 1; n >= 0; n--) last[n] = Math.max(last[n + 1]!, reads[n]!.completed);
  const lastFrom = (sum: number): number => last[growing ? firstAtLeast(sums, sum) : 0]!;
  const start = initial === DEAD ? 0 : initial;
  return {
    dead: DEAD,
    lastObserved: (state) => (state === DEAD ? -1 : lastFrom(state)),
    lastUseful: ({ input }: Call) => (asSum(input) === 0 ? -1 : lastFrom(start + asSum(input))),
  };
}

/** The first place in an ascending list that holds at least `bound`. */
function firstAtLeast(ascending: readonly number[], bound: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
