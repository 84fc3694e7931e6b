/** A list: `append` an element to its end, `read` the whole. A read that found nothing reads the empty list. */

import { canonical, type Json } from "../../../src/base/json.js";
import type { Foresight, Model, TimedCall } from "../model.js";

const DEAD = "dead";
/** Elements in canonical text. */
type Elements = readonly string[] | typeof DEAD;

export const listAppend: Model<Elements> = {
  name: "list-append",
  init: (init) => listed(init) ?? [],
  step(state, { f, input, output }) {
    if (f === "append") return state === DEAD ? DEAD : [...state, canonical(input)];
    const read = listed(output);
    return read !== undefined && key(read) === key(state) ? state : undefined;
  },
  key,
  role: ({ f }) => (f === "read" ? "read" : "blind"),
  label: ({ f, input, output }) => `${f} ${canonical(f === "read" ? (output ?? []) : input)}`,
  foresee,
};

function key(state: Elements): string {
  return state === DEAD ? DEAD : `[${state.join(",")}]`;
}

function listed(output: Json): readonly string[] | undefined {
  if (output === null) return [];
  return Array.isArray(output) ? output.map(canonical) : undefined;
}

/** A list matters while something that starts with it will be read, an append while its element will. */
function foresee(calls: readonly TimedCall[]): Foresight<Elements> {
  const last = new Map<string, { elements: readonly string[]; position: number }>();
  for (const { f, output, completed } of calls) {
    const elements = f === "read" ? listed(output) : undefined;
    if (elements === undefined) continue;
    const position = Math.max(last.get(key(elements))?.position ?? -1, completed);
    last.set(key(elements), { elements, position });
  }
  const lastWhere = (matches: (elements: readonly string[]) => boolean): number => {
    let latest = -1;
    for (const { elements, position } of last.values()) {
      if (position > latest && matches(elements)) latest = position;
    }
    return latest;
  };
  return {
    dead: DEAD,
    lastObserved: (state) =>
      state === DEAD ? -1 : lastWhere((read) => state.every((element, n) => read[n] === element)),
    lastUseful: ({ input }) => lastWhere((read) => read.includes(canonical(input))),
  };
}
