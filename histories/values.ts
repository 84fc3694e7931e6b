/**
 * Values as small integers: equal values have equal ids, so that checkers compare, count and index
 * values without looking at them. Numbers and lists are kept in flat arrays, because a history of a
 * million operations has about as many of them.
 *
 * Equality is that of `canonical`: the order of an object's keys does not matter, -0 is 0.
 */

import { canonical, type Json } from "../src/base/json.js";

/** The id of null, in every table. */
export const NULL_ID = 0;
const FALSE_ID = 1;
const TRUE_ID = 2;

const FREE = -1;
const NO_ELEMENTS = new Int32Array(0);
const kinds = { constant: 0, number: 1, other: 2, list: 3 } as const;

/** The two words of a double, for hashing what is no small integer. */
const scratch = new Float64Array(1);
const scratchWords = new Int32Array(scratch.buffer);

export class ValueTable {
  #size = 0;
  #kind = new Uint8Array(64);
  /** A number itself; for other kinds, its place in `#others` or in `#listStart`. */
  #payload = new Float64Array(64);
  #numberSlots = new Int32Array(128).fill(FREE);
  #numbers = 0;
  readonly #others: Json[] = [];
  readonly #texts = new Map<string, number>();
  readonly #objects = new Map<string, number>();
  /** Elements of all lists, one after another; list i is listStart[i] up to listStart[i + 1]. */
  #pool = new Int32Array(256);
  #listStart = new Int32Array(64);
  #lists = 0;
  #listSlots = new Int32Array(128).fill(FREE);

  constructor() {
    for (const constant of [NULL_ID, FALSE_ID, TRUE_ID]) this.#add(kinds.constant, constant);
  }

  /** Distinct values so far; ids count from 0. */
  get size(): number {
    return this.#size;
  }

  /** The id of a value, new or known. O(size of the value) on average. */
  id(value: Json | undefined): number {
    if (value === null || value === undefined) return NULL_ID;
    if (typeof value === "number") return this.numberId(value);
    if (typeof value === "boolean") return value ? TRUE_ID : FALSE_ID;
    if (Array.isArray(value)) {
      const elements = new Int32Array(value.length);
      for (let i = 0; i < value.length; i++) elements[i] = this.id(value[i]);
      return this.listId(elements);
    }
    if (typeof value === "string") return this.#otherId(this.#texts, value, value);
    return this.#otherId(this.#objects, canonical(value), value);
  }

  /** The id of a value that is known; undefined for any other. */
  find(value: Json): number | undefined {
    const before = this.#size;
    if (typeof value === "string") return this.#texts.get(value);
    if (typeof value === "number") {
      const id = this.#numberSlots[this.#numberSlot(value)]!;
      return id === FREE ? undefined : id;
    }
    const id = this.id(value);
    return id < before ? id : undefined;
  }

  numberId(value: number): number {
    let slot = this.#numberSlot(value);
    if (this.#numberSlots[slot] !== FREE) return this.#numberSlots[slot]!;
    if (this.#numbers * 2 >= this.#numberSlots.length) {
      this.#growNumbers();
      slot = this.#numberSlot(value);
    }
    this.#numbers += 1;
    // Adding zero turns -0 into 0.
    return (this.#numberSlots[slot] = this.#add(kinds.number, value + 0));
  }

  /** The id of a list, given the ids of its elements (which are copied). */
  listId(elements: Int32Array): number {
    let slot = this.#listSlot(elements);
    if (this.#listSlots[slot] !== FREE) return this.#listSlots[slot]!;
    if (this.#lists * 2 >= this.#listSlots.length) {
      this.#growListSlots();
      slot = this.#listSlot(elements);
    }
    return (this.#listSlots[slot] = this.#addList(elements));
  }

  /** @throws RangeError for an id that is none. */
  value(id: number): Json {
    if (!(id >= 0 && id < this.#size)) throw new RangeError(`no value has the id ${id}`);
    const payload = this.#payload[id]!;
    switch (this.#kind[id]) {
      case kinds.number:
        return payload;
      case kinds.other:
        return this.#others[payload]!;
      case kinds.list:
        return Array.from(this.elements(id), (element) => this.value(element));
      default:
        return payload === NULL_ID ? null : payload === TRUE_ID;
    }
  }

  /** The number that has this id; NaN when it is no number. */
  number(id: number): number {
    return this.#kind[id] === kinds.number ? this.#payload[id]! : Number.NaN;
  }

  /** Undefined unless the value is a boolean. */
  boolean(id: number): boolean | undefined {
    return id === TRUE_ID ? true : id === FALSE_ID ? false : undefined;
  }

  isList(id: number): boolean {
    return this.#kind[id] === kinds.list;
  }

  isNumber(id: number): boolean {
    return this.#kind[id] === kinds.number;
  }

  /** The ids of a list's elements, none for other values; new values may outdate it: use it at once. */
  elements(id: number): Int32Array {
    if (this.#kind[id] !== kinds.list) return NO_ELEMENTS;
    const list = this.#payload[id]!;
    return this.#pool.subarray(this.#listStart[list], this.#listStart[list + 1]);
  }

  #otherId(ids: Map<string, number>, text: string, value: Json): number {
    const known = ids.get(text);
    if (known !== undefined) return known;
    const id = this.#add(kinds.other, this.#others.push(value) - 1);
    ids.set(text, id);
    return id;
  }

  #add(kind: number, payload: number): number {
    if (this.#size === this.#kind.length) {
      this.#kind = doubled(this.#kind, Uint8Array);
      this.#payload = doubled(this.#payload, Float64Array);
    }
    this.#kind[this.#size] = kind;
    this.#payload[this.#size] = payload;
    return this.#size++;
  }

  #addList(elements: Int32Array): number {
    const start = this.#listStart[this.#lists]!;
    const end = start + elements.length;
    while (end > this.#pool.length) this.#pool = doubled(this.#pool, Int32Array);
    if (this.#lists + 2 > this.#listStart.length) {
      this.#listStart = doubled(this.#listStart, Int32Array);
    }
    this.#pool.set(elements, start);
    this.#listStart[this.#lists + 1] = end;
    return this.#add(kinds.list, this.#lists++);
  }

  #numberSlot(value: number): number {
    const slots = this.#numberSlots;
    const mask = slots.length - 1;
    let slot = 0;
    if ((value | 0) === value) slot = Math.imul(value, 0x9e3779b1);
    else {
      scratch[0] = value;
      slot = Math.imul(scratchWords[0]! ^ Math.imul(scratchWords[1]!, 0x85ebca6b), 0x9e3779b1);
    }
    slot = (slot ^ (slot >>> 15)) & mask;
    while (slots[slot] !== FREE && this.#payload[slots[slot]!] !== value) slot = (slot + 1) & mask;
    return slot;
  }

  #growNumbers(): void {
    const old = this.#numberSlots;
    this.#numberSlots = new Int32Array(old.length * 2).fill(FREE);
    for (const id of old) {
      if (id !== FREE) this.#numberSlots[this.#numberSlot(this.#payload[id]!)] = id;
    }
  }

  #listSlot(elements: Int32Array): number {
    const slots = this.#listSlots;
    const mask = slots.length - 1;
    let hash = elements.length;
    for (let i = 0; i < elements.length; i++) hash = Math.imul(hash ^ elements[i]!, 0x9e3779b1) + i;
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (slots[slot] !== FREE && !this.#holds(slots[slot]!, elements)) slot = (slot + 1) & mask;
    return slot;
  }

  /** Whether these are the elements of the list with this id; without a view, which costs more. */
  #holds(id: number, elements: Int32Array): boolean {
    const list = this.#payload[id]!;
    const start = this.#listStart[list]!;
    const length = elements.length;
    if (this.#listStart[list + 1]! - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#pool[start + i] !== elements[i]) return false;
    return true;
  }

  #growListSlots(): void {
    const old = this.#listSlots;
    this.#listSlots = new Int32Array(old.length * 2).fill(FREE);
    for (const id of old) {
      if (id !== FREE) this.#listSlots[this.#listSlot(this.elements(id))] = id;
    }
  }
}

/** The same content, and as much room again. */
export function doubled<Numbers extends Uint8Array | Int32Array | Float64Array>(
  old: Numbers,
  make: new (length: number) => Numbers,
): Numbers {
  const grown = new make(old.length * 2);
  grown.set(old);
  return grown;
}
