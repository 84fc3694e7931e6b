/**
 * A FIFO queue (enqueue, dequeue, peek) and a stack (push, pop, peek or top). Taking from an empty
 * one and looking at it returns null. A pending take takes whatever is next when it takes effect.
 * Null is no element.
 */

import { canonical, type Json } from "../../../src/base/json.js";
import type { Foresight, Model, TimedCall } from "../model.js";

interface Ends {
  name: string;
  put: string;
  take: string;
  /** Look at the next element and leave it. */
  looks: readonly string[];
  /** Which element is taken next. */
  next: "first" | "last";
}

function sequence({ name, put, take, looks, next }: Ends): Model<readonly Json[]> {
  return {
    name,
    init: (init) => (Array.isArray(init) ? init : []),
    step(state, { f, input, output, pending }) {
      if (f === put) return [...state, input];
      if (state.length === 0) return pending || output === null ? state : undefined;
      if (!pending && output === null) return undefined;
      const taken = state.at(next === "first" ? 0 : -1);
      if (!pending && canonical(taken) !== canonical(output)) return undefined;
      if (looks.includes(f)) return state;
      return next === "first" ? state.slice(1) : state.slice(0, -1);
    },
    key: (state) => canonical([...state]),
    role: ({ f, output, pending }) => {
      if (f === put) return "blind";
      return looks.includes(f) || (!pending && output === null) ? "read" : "update";
    },
    label: ({ f, input, output, pending }) =>
      f === put
        ? `${put} ${canonical(input)}`
        : `${looks.includes(f) ? "peek" : take} ${pending ? "anything" : canonical(output)}`,
    foresee: (calls, initial) => {
      const foresight = foresee(calls, put);
      if (next === "last") return foresight;
      const moving = calls.filter(({ f }) => !looks.includes(f));
      return { ...foresight, isDoomed: overtaking(moving, put, initial) };
    },
  };
}

export const queue = sequence({
  name: "queue",
  put: "enqueue",
  take: "dequeue",
  looks: ["peek"],
  next: "first",
});
export const stack = sequence({
  name: "stack",
  put: "push",
  take: "pop",
  looks: ["peek", "top"],
  next: "last",
});

const DEAD: readonly Json[] = [{ "": "never a state" }];

/** A pending put of what no completed operation took only stands in the way. */
function foresee(calls: readonly TimedCall[], put: string): Foresight<readonly Json[]> {
  const taken = new Map<string, number>();
  for (const { f, output, completed, pending } of calls) {
    if (f === put || pending) continue;
    const element = canonical(output);
    taken.set(element, Math.max(taken.get(element) ?? -1, completed));
  }
  return {
    dead: DEAD,
    lastObserved: () => Number.POSITIVE_INFINITY,
    lastUseful: ({ f, input }) =>
      f === put ? (taken.get(canonical(input)) ?? -1) : Number.POSITIVE_INFINITY,
  };
}

/**
 * In a queue, b behind a is doomed when b was taken and a never (nor can a pending take have taken
 * it), or when b's take returned before a's was invoked. Judged on elements put once, and on
 * the last two: pairs before them were judged when they were last.
 */
function overtaking(
  calls: readonly TimedCall[],
  put: string,
  initial: readonly Json[],
): (state: readonly Json[]) => boolean {
  const puts = new Map<string, number>();
  for (const element of initial) puts.set(canonical(element), 2);
  const takes = new Map<string, TimedCall[]>();
  let pendingTakes = 0;
  for (const call of calls) {
    if (call.f === put) {
      const element = canonical(call.input);
      puts.set(element, (puts.get(element) ?? 0) + 1);
    } else if (call.pending) {
      pendingTakes += 1;
    } else {
      const element = canonical(call.output);
      takes.set(element, [...(takes.get(element) ?? []), call]);
    }
  }
  return (state) => {
    if (state.length < 2) return false;
    const [ahead, behind] = [canonical(state.at(-2)), canonical(state.at(-1))];
    if (puts.get(ahead) !== 1 || puts.get(behind) !== 1) return false;
    const [behindTake] = takes.get(behind) ?? [];
    if (behindTake === undefined) return false;
    const [aheadTake] = takes.get(ahead) ?? [];
    if (aheadTake === undefined) return pendingTakes === 0;
    return behindTake.completed < aheadTake.invoked;
  };
}
