/**
 * A set of elements with add, remove and reads of the whole: for histories with `remove`; without
 * it the problem is easy (grow-only-set.ts). A read that found nothing reads the empty set.
 */

import { canonical, type Json } from "../../../src/base/json.js";
import type { Foresight, Model, TimedCall } from "../model.js";

const DEAD = "dead";
/** Elements in canonical text, sorted. */
type Elements = readonly string[] | typeof DEAD;

export const set: Model<Elements> = {
  name: "set",
  init: (init) => sorted(elementsOf(init) ?? []),
  step(state, { f, input, output }) {
    if (f === "read") {
      const read = elementsOf(output);
      return read !== undefined && key(state) === key(sorted(read)) ? state : undefined;
    }
    if (state === DEAD) return DEAD;
    const element = canonical(input);
    if (f === "add") return state.includes(element) ? state : sorted([...state, element]);
    return state.filter((other) => other !== element);
  },
  key,
  role: ({ f }) => (f === "read" ? "read" : "blind"),
  label: ({ f, input, output }) => `${f} ${canonical(f === "read" ? output : input)}`,
  foresee,
};

function key(state: Elements): string {
  return state === DEAD ? DEAD : `{${state.join(" ")}}`;
}

function sorted(elements: readonly string[]): string[] {
  return [...elements].sort();
}

/** The elements of a read, repetitions included; undefined when it is no list at all. */
export function elementsOf(output: Json): string[] | undefined {
  if (output === null) return [];
  return Array.isArray(output) ? output.map(canonical) : undefined;
}

/**
 * Once the last read has returned, nothing matters any more. A pending add matters to reads that
 * contain the element, a pending remove to those that do not.
 */
function foresee(calls: readonly TimedCall[]): Foresight<Elements> {
  const reads = calls.filter(({ f }) => f === "read");
  const contents = reads.map(({ output }) => new Set(elementsOf(output) ?? []));
  const lastWhere = (matches: (elements: ReadonlySet<string>) => boolean): number =>
    reads.reduce(
      (last, { completed }, i) => (matches(contents[i]!) ? Math.max(last, completed) : last),
      -1,
    );
  const last = lastWhere(() => true);
  return {
    dead: DEAD,
    lastObserved: (state) => (state === DEAD ? -1 : last),
    lastUseful: ({ f, input }) => {
      const element = canonical(input);
      return lastWhere((elements) => elements.has(element) === (f === "add"));
    },
  };
}
