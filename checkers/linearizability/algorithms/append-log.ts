/**
 * A list that is appended to and read as a whole, its elements all different: decided without
 * search.
 *
 * Every read must be a prefix of the longest one. That fixes the order: the reads of the list as it
 * was at first, the append of the next element, the reads that end with it, and so on; completed
 * appends of what nobody read come last. The order is checked against real time. A pending append
 * took effect iff its element was read. An element appended twice makes the order ambiguous: not
 * applicable. O(n + total length of the distinct reads).
 */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Algorithm, Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { END, findInversion, Groups, type Inversion } from "./forced-order.js";
import { ABSENT, IdTable } from "./id-table.js";
import { distinct } from "./positions.js";

const APPEND = 0;

export const appendLog: Algorithm = {
  name: "prefix chain",
  complexity: "n",
  source: "reads of an append-only list are prefixes of each other, which fixes the order",
  examine,
  linearize,
};

function examine(view: ObjectView): Finding {
  const log = logOf(view);
  if (typeof log === "string") return { valid: "not-applicable", why: log };
  const conflict = log.conflict();
  if (conflict !== undefined) return { valid: false, core: log.core(conflict, conflict) };
  const inversion = findInversion(view, log.order());
  if (inversion === undefined) return { valid: true };
  return {
    valid: false,
    core: log.core([inversion.early, inversion.late], log.witnesses(inversion)),
  };
}

function linearize(view: ObjectView): Int32Array {
  const log = logOf(view);
  return typeof log === "string" ? new Int32Array(0) : log.order();
}

/** A text says why the rule does not apply. */
function logOf(view: ObjectView): Log | string {
  const { size, f, input, values, init } = view;
  if (init !== NULL_ID && !values.isList(init)) return "the initial value is no list";
  const appendOf = new IdTable(view);
  for (let i = 0; i < size; i++) {
    if (f[i] !== APPEND) continue;
    if (appendOf.get(input[i]!) !== ABSENT) return "an element is appended more than once";
    appendOf.set(input[i]!, i);
  }
  const initial = values.elements(init);
  for (const element of initial) {
    if (appendOf.get(element) !== ABSENT) return "an element of the initial list is appended again";
  }
  return new Log(view, initial, appendOf);
}

class Log {
  /** A longest read, and its elements. */
  readonly #longestRead: number = ABSENT;
  readonly #longest: Int32Array;

  constructor(
    private readonly view: ObjectView,
    private readonly initial: Int32Array,
    private readonly appendOf: IdTable,
  ) {
    this.#longest = initial;
    for (let i = 0; i < view.size; i++) {
      if (view.f[i] === APPEND) continue;
      if (this.#longestRead !== ABSENT && this.#elements(i).length <= this.#longest.length)
        continue;
      this.#longestRead = i;
      this.#longest = this.#elements(i);
    }
  }

  #elements(read: number): Int32Array {
    return this.view.values.elements(this.view.output[read]!);
  }

  /** Reads that cannot be, whatever the order. */
  conflict(): number[] | undefined {
    const { size, f, output, values } = this.view;
    const known = new IdTable(this.view);
    for (let i = 0; i < size; i++) {
      if (f[i] === APPEND || known.get(output[i]!) !== ABSENT) continue;
      known.set(output[i]!, i);
      if (output[i] !== NULL_ID && !values.isList(output[i]!)) return [i];
      const elements = this.#elements(i);
      if (!startsWith(elements, this.initial)) return [i];
      if (!startsWith(this.#longest, elements)) return [i, this.#longestRead];
    }
    const places = new IdTable(this.view);
    for (let place = this.initial.length; place < this.#longest.length; place++) {
      const element = this.#longest[place]!;
      const isNew = places.get(element) === ABSENT && this.appendOf.get(element) !== ABSENT;
      if (!isNew) return [this.#shortestBeyond(place)];
      places.set(element, place);
    }
    return undefined;
  }

  /** Call it when there is no conflict. */
  order(): Int32Array {
    const { size, f, completed } = this.view;
    const first = this.initial.length;
    const byLength = new Groups(this.#longest.length + 1, size);
    const placed = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      if (f[i] !== APPEND) byLength.add(this.#elements(i).length, i);
    }
    const order = new Int32Array(size);
    let count = 0;
    for (let length = first; length <= this.#longest.length; length++) {
      if (length > first) {
        const append = this.appendOf.get(this.#longest[length - 1]!);
        placed[append] = 1;
        order[count++] = append;
      }
      for (let read = byLength.first(length); read !== END; read = byLength.next(read)) {
        order[count++] = read;
      }
    }
    for (let i = 0; i < size; i++) {
      if (f[i] === APPEND && placed[i] === 0 && completed[i] !== PENDING) order[count++] = i;
    }
    return order.subarray(0, count);
  }

  /** The reads that put `early` before `late`. */
  witnesses({ early, late }: Inversion): number[] {
    const { f } = this.view;
    const reads = [early, late].filter((operation) => f[operation] !== APPEND);
    if (reads.length > 0) return reads;
    const place = Math.max(this.#placeOf(early), this.#placeOf(late));
    return [this.#shortestBeyond(place)];
  }

  /** Where the appended element stands; -1 when nobody read it. */
  #placeOf(append: number): number {
    return this.#longest.indexOf(this.view.input[append]!);
  }

  /** The shortest read that has an element at `place`. */
  #shortestBeyond(place: number): number {
    let shortest = this.#longestRead;
    for (let i = 0; i < this.view.size; i++) {
      if (this.view.f[i] === APPEND) continue;
      const { length } = this.#elements(i);
      if (length > place && length < this.#elements(shortest).length) shortest = i;
    }
    return shortest;
  }

  /** The contradiction, and the appends of all that its reads returned. */
  core(contradiction: readonly number[], reads: readonly number[]): number[] {
    const core = new Set([...contradiction, ...reads]);
    for (const read of reads) {
      for (const element of this.#elements(read)) {
        const append = this.appendOf.get(element);
        if (append !== ABSENT) core.add(append);
      }
    }
    return distinct(core);
  }
}

function startsWith(list: Int32Array, start: Int32Array): boolean {
  if (start.length > list.length) return false;
  for (let n = 0; n < start.length; n++) if (list[n] !== start[n]) return false;
  return true;
}
