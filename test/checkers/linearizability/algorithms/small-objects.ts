/**
 * Counters, locks, sets, logs and generators as they are defined: one operation after another, each
 * a step from one state to the next. Plain and slow, for judging what is fast.
 */

import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../../../src/base/json.js";

export interface Step {
  /** A place in the object's `functions`. */
  f: number;
  input: Json;
  /** Of no meaning when pending. */
  output: Json;
  process: number;
}

export interface SmallObject {
  functions: readonly string[];
  initial(init: Json): Json;
  /** The state after the step, and the answer; undefined when the step is not legal, and has to wait. */
  execute(state: Json, step: Step): { state: Json; output: Json } | undefined;
  /** Whether the answer may stand for the true one. */
  agrees(step: Step, truth: Json): boolean;
}

export const UNTOLD = "some answer";

const answers = ({ output }: Step, truth: Json): boolean => isDeepStrictEqual(output, truth);
const tellsNothing = (): boolean => true;

export const counter: SmallObject = {
  functions: ["add", "read"],
  initial: (init) => init ?? 0,
  execute(state, { f, input }) {
    const sum = state as number;
    return f === 0 ? { state: sum + (input as number), output: null } : { state, output: sum };
  },
  agrees: (step, truth) => step.f === 0 || answers(step, truth),
};

export const fetchAndAdd: SmallObject = {
  functions: ["fetch-and-add", "read"],
  initial: (init) => init ?? 0,
  execute(state, { f, input }) {
    return { state: f === 0 ? (state as number) + (input as number) : state, output: state };
  },
  agrees: answers,
};

const lockFunctions = ["acquire", "release"];

export const mutex: SmallObject = {
  functions: lockFunctions,
  initial: () => false,
  execute: (held, { f }) => (held === (f === 1) ? { state: !held, output: null } : undefined),
  agrees: tellsNothing,
};

export const ownedMutex: SmallObject = {
  functions: lockFunctions,
  initial: () => null,
  execute(owner, { f, process }) {
    if (owner !== (f === 0 ? null : process)) return undefined;
    return { state: f === 0 ? process : null, output: null };
  },
  agrees: tellsNothing,
};

export const semaphore: SmallObject = {
  functions: lockFunctions,
  initial: (init) => [init, 0],
  execute(state, { f, input }) {
    const [total, out] = state as [number, number];
    const after = out + (f === 0 ? 1 : -1) * ((input as number | null) ?? 1);
    return after < 0 || after > total ? undefined : { state: [total, after], output: null };
  },
  agrees: tellsNothing,
};

export const set: SmallObject = {
  functions: ["add", "remove", "read", "contains"],
  initial: (init) => [...((init ?? []) as number[])].sort((a, b) => a - b),
  execute(state, { f, input }) {
    const elements = state as Json[];
    const there = elements.includes(input);
    const without = elements.filter((element) => element !== input);
    if (f === 2) return { state, output: state };
    if (f === 3) return { state, output: there };
    if (f === 1) return { state: without, output: there };
    const added = [...without, input].sort((a, b) => (a as number) - (b as number));
    return { state: added, output: !there };
  },
  agrees({ f, output }, truth) {
    if (f !== 2) return typeof output !== "boolean" || output === truth;
    if (!Array.isArray(output)) return false;
    return isDeepStrictEqual(
      [...output].sort((a, b) => (a as number) - (b as number)),
      truth,
    );
  },
};

export const listAppend: SmallObject = {
  functions: ["append", "read"],
  initial: (init) => init ?? [],
  execute(state, { f, input }) {
    return f === 0
      ? { state: [...(state as Json[]), input], output: null }
      : { state, output: state };
  },
  agrees: (step, truth) => step.f === 0 || answers({ ...step, output: step.output ?? [] }, truth),
};

export const uniqueIds: SmallObject = {
  functions: ["generate"],
  initial: () => [],
  execute(state, { output }) {
    const ids = state as Json[];
    if (output === UNTOLD) return { state, output };
    return ids.includes(output) ? undefined : { state: [...ids, output], output };
  },
  agrees: tellsNothing,
};
