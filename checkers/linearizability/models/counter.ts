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

/** A sum that only grows is dead once it exceeds all that will be read; any sum is after the last read. */
function foresee(calls: readonly TimedCall[], initial: Sum): Foresight<Sum> {
  const reads = calls.filter((call) => call.f === "read" && isSum(call.output));
  const growing = calls.every((call) => call.f === "read" || asSum(call.input) >= 0);
  const lastFrom = (sum: number): number =>
    reads.reduce(
      (last, { output, completed }) =>
        !growing || asSum(output) >= sum ? Math.max(last, completed) : last,
      -1,
    );
  const start = initial === DEAD ? 0 : initial;
  return {
    dead: DEAD,
    lastObserved: (state) => (state === DEAD ? -1 : lastFrom(state)),
    lastUseful: ({ input }: Call) => (asSum(input) === 0 ? -1 : lastFrom(start + asSum(input))),
  };
}
