/**
 * Who read from whom, for registers whose observed values each have one possible origin.
 *
 * An operation *installs* a value (write, cas) and *observes* one (read, cas); the initial value is
 * installed by nobody, before everything. A cas from a value to the same one is a read. O(n).
 */

import type { ValueTable } from "../../../histories/values.js";
import type { ObjectView } from "../view.js";

/** Functions of registers, in the order of their codes. */
export const READ = 0;
export const WRITE = 1;
export const CAS = 2;

/** No value, no operation. */
export const NONE = -1;
/** Origins that are no operation: the value was never installed, or more than once. */
export const NEVER = -2;
export const AMBIGUOUS = -3;

export interface Effects {
  /** Per operation, the id of the value, or NONE. */
  installs: Int32Array;
  observes: Int32Array;
}

/** Reads, writes and cas; undefined when the view has operations of another kind. */
export function effectsOf(view: ObjectView): Effects | undefined {
  const { size, f, input, output, values } = view;
  const installs = new Int32Array(size).fill(NONE);
  const observes = new Int32Array(size).fill(NONE);
  for (let i = 0; i < size; i++) {
    if (f[i] === READ) observes[i] = output[i]!;
    else if (f[i] === WRITE) installs[i] = input[i]!;
    else if (f[i] === CAS) {
      const pair = values.elements(input[i]!);
      observes[i] = pair[0]!;
      if (pair[0] !== pair[1]) installs[i] = pair[1]!;
    } else return undefined;
  }
  return { installs, observes };
}

/**
 * Per operation, the one that installed the value it observed: `view.size` stands for the start,
 * NEVER and AMBIGUOUS for values without and with several origins, NONE where nothing is observed.
 */
export function readsFrom(view: ObjectView, effects: Effects): Int32Array {
  return origins(view, effects, () => AMBIGUOUS);
}

/** The same, but the origin of a value that was installed several times is the first to be invoked. */
export function firstOrigins(view: ObjectView, effects: Effects): Int32Array {
  return origins(view, effects, (first) => first);
}

function origins(
  { size, init, values }: ObjectView,
  { installs, observes }: Effects,
  several: (first: number) => number,
): Int32Array {
  const originOf = vacant(values);
  originOf[init] = size;
  for (let i = 0; i < size; i++) {
    const value = installs[i]!;
    if (value === NONE) continue;
    const known = originOf[value]!;
    originOf[value] = known === VACANT ? i : several(known);
  }
  const found = new Int32Array(size).fill(NONE);
  for (let i = 0; i < size; i++) {
    const value = observes[i]!;
    if (value === NONE) continue;
    const origin = originOf[value]!;
    found[i] = origin === VACANT ? NEVER : origin;
  }
  originOf[init] = VACANT;
  for (let i = 0; i < size; i++) if (installs[i] !== NONE) originOf[installs[i]!] = VACANT;
  return found;
}

const VACANT = -4;
const scratch = new WeakMap<ValueTable, Int32Array>();

/**
 * A place for every value of a table, all VACANT; whoever fills some empties them again, so that
 * the many small objects of one history do not each pay for all its values.
 */
function vacant(values: ValueTable): Int32Array {
  const known = scratch.get(values);
  if (known !== undefined && known.length >= values.size) return known;
  const fresh = new Int32Array(values.size).fill(VACANT);
  scratch.set(values, fresh);
  return fresh;
}
