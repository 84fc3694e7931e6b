/**
 * A set of elements: add, remove, contains, and reads of the whole. A boolean answer of add or
 * remove tells whether it changed the set, any other answer nothing. A read that found nothing
 * reads the empty set.
 */

import { canonical, type Json } from "../../../src/base/json.js";
import type { Call, Foresight, Model, TimedCall } from "../model.js";

const DEAD = "dead";
/** Elements in canonical text, sorted. */
type Elements = readonly string[] | typeof DEAD;

export const set: Model<Elements> = {
  name: "set",
  init: (init) => sorted(elementsOf(init) ?? []),
  step(state, call) {
    const { f, input, output } = call;
    if (f === "read") {
      const read = elementsOf(output);
      return read !== undefined && key(state) === key(sorted(read)) ? state : undefined;
    }
    const found = foundBy(call);
    if (state === DEAD) return found === undefined ? DEAD : undefined;
    const element = canonical(input);
    const there = state.includes(element);
    if (found !== undefined && found !== there) return undefined;
    if (f === "contains" || there === (f === "add")) return state;
    return there ? state.filter((other) => other !== element) : sorted([...state, element]);
  },
  key,
  role(call) {
    if (call.f === "read") return "read";
    const found = foundBy(call);
    if (found === undefined) return "blind";
    return call.f === "contains" || found === (call.f === "add") ? "read" : "update";
  },
  label(call) {
    const { f, input, output } = call;
    if (f === "read") return `${f} ${canonical(output)}`;
    return `${f} ${canonical(input)}, found ${foundBy(call) ?? "unknown"}`;
  },
  foresee,
};

/** Whether a call on one element found it there; undefined when it does not tell. */
function foundBy({ f, output }: Pick<Call, "f" | "output">): boolean | undefined {
  if (typeof output !== "boolean") return undefined;
  return f === "add" ? !output : output;
}

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
 * Once the last answer that tells something has come, nothing matters any more. A pending add
 * matters to what finds the element, a pending remove to what does not.
 */
function foresee(calls: readonly TimedCall[]): Foresight<Elements> {
  const reads = calls.filter(({ f }) => f === "read");
  const contents = reads.map(({ output }) => new Set(elementsOf(output) ?? []));
  const tellers = calls.filter((call) => call.f !== "read" && foundBy(call) !== undefined);
  const last = [...reads, ...tellers].reduce(
    (latest, call) => Math.max(latest, call.completed),
    -1,
  );
  return {
    dead: DEAD,
    lastObserved: (state) => (state === DEAD ? -1 : last),
    lastUseful({ f, input }) {
      const element = canonical(input);
      const there = f === "add";
      const readAt = reads.reduce(
        (latest, { completed }, i) =>
          contents[i]!.has(element) === there ? Math.max(latest, completed) : latest,
        -1,
      );
      return tellers.reduce(
        (latest, call) =>
          foundBy(call) === there && canonical(call.input) === element
            ? Math.max(latest, call.completed)
            : latest,
        readAt,
      );
    },
  };
}
