/** Counters, and sums that are fetched while they are added to. */

import type { Json } from "../../../../src/base/json.js";
import { among, type Dialect, type Request, type Values, weighted } from "./atomic-object.js";

const powersOfTwo: Values = (_, ordinal) => 2 ** (ordinal % 30);
const units = among([1]);
const mixed = among([1, 2, -1, 3, 0]);

export const counters: readonly Dialect[] = [
  counter({ read: 50, add: 50 }, units),
  counter({ read: 50, increment: 50 }, among([null, 1])),
  counter({ read: 50, add: 50 }, among([1, 2])),
  counter({ read: 50, add: 50 }, mixed),
  counter({ read: 50, add: 50 }, powersOfTwo),
  counter({ read: 40, add: 20, increment: 20, decrement: 20 }, mixed),
  counter({ read: 40, increment: 30, decrement: 30 }, among([null])),
];

export const fetchAndAdds: readonly Dialect[] = [
  fetchAndAdd({ "fetch-and-add": 100 }, units),
  fetchAndAdd({ "fetch-and-add": 60, read: 40 }, units),
  fetchAndAdd({ faa: 60, read: 40 }, among([1, 2])),
  fetchAndAdd({ "get-and-add": 65, read: 35 }, mixed),
  fetchAndAdd({ faa: 60, read: 40 }, powersOfTwo),
  fetchAndAdd({ "fetch-and-add": 60, read: 40 }, among([1, -1])),
];

function counter(weights: Record<string, number>, deltas: Values): Dialect {
  return sum(weights, deltas, (_, input) => input);
}

function fetchAndAdd(weights: Record<string, number>, deltas: Values): Dialect {
  return sum(weights, deltas, (before) => before);
}

function sum(
  weights: Record<string, number>,
  deltas: Values,
  answer: (before: Json, input: Json) => Json,
): Dialect {
  return {
    isDistinct: deltas === units,
    inits: [null, 5],
    initial: (init) => init ?? 0,
    ask({ roll, pick, ordinal }) {
      const f = weighted(roll, weights);
      return { f, input: f === "read" ? null : deltas(pick, ordinal) };
    },
    apply(state, request) {
      if (request.f === "read") return { answer: state, next: state };
      const next = (state as number) + deltaOf(request);
      return { answer: answer(state, request.input), next };
    },
  };
}

function deltaOf({ f, input }: Request): number {
  const size = input === null ? 1 : (input as number);
  return f === "decrement" ? 0 - size : size;
}
