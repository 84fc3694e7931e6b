/**
 * The micro-operations of one event, before they go into columns: what readers of any format fill,
 * one after another, without an object per micro-operation. Keys, values and elements are ids.
 */

import { doubled } from "./values.js";

/** In `listLength` of what is no list. */
export const NO_LIST = -1;

export class Staging {
  count = 0;
  kind = new Uint8Array(16);
  /** Ids in the table of values, unlike the keys of columns. */
  key = new Int32Array(16);
  /** Of a read: what it returned, unless that is a list; NULL_ID in an invocation. */
  value = new Int32Array(16);
  /** Of a read that returned a list: where it is in `elements`, and how long. */
  listStart = new Int32Array(16);
  listLength = new Int32Array(16);
  elements = new Int32Array(64);
  elementCount = 0;

  clear(): void {
    this.count = 0;
    this.elementCount = 0;
  }

  /** A micro-operation that is no read of a list. */
  add(kind: number, key: number, value: number): void {
    if (this.count === this.kind.length) this.#grow();
    const i = this.count++;
    this.kind[i] = kind;
    this.key[i] = key;
    this.value[i] = value;
    this.listStart[i] = this.elementCount;
    this.listLength[i] = NO_LIST;
  }

  /** An element of a list whose read is yet to be added, by `endList`. */
  element(id: number): void {
    if (this.elementCount === this.elements.length) {
      this.elements = doubled(this.elements, Int32Array);
    }
    this.elements[this.elementCount++] = id;
  }

  /** The micro-operation that was added last returned a list: the elements since. */
  endList(): void {
    const i = this.count - 1;
    this.listLength[i] = this.elementCount - this.listStart[i]!;
  }

  #grow(): void {
    this.kind = doubled(this.kind, Uint8Array);
    this.key = doubled(this.key, Int32Array);
    this.value = doubled(this.value, Int32Array);
    this.listStart = doubled(this.listStart, Int32Array);
    this.listLength = doubled(this.listLength, Int32Array);
  }
}
