/**
 * What a certificate's own events show, for whoever checks its claim: who wrote and who read what.
 * Nothing in it is taken over from the checkers. O(micro-operations + elements of what was read) to
 * make; each question takes as long as its answer.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions, UNKNOWN } from "../../../histories/transactions.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Json } from "../../../src/base/json.js";

export interface Read {
  transaction: number;
  micro: number;
  key: number;
  /** The elements of a list; of a register the value, none when it is the initial one. */
  elements: readonly number[];
}

export interface Write {
  transaction: number;
  micro: number;
  key: number;
  value: number;
  /** No later micro-operation of its transaction writes the key. */
  isLast: boolean;
}

export class Evidence {
  readonly isList: boolean;
  /** Those of ok transactions whose results are known, in order of their transactions. */
  readonly reads: Read[] = [];
  readonly writes: Write[] = [];
  readonly #readsOf = new Index<Read>();
  readonly #readsOfKey = new Index<Read>();
  readonly #writesOf = new Index<Write>();
  readonly #byValue: Map<number, Write>[] = [];
  readonly #byEvent = new Map<number, number>();
  readonly #keys = new Map<number, number>();

  constructor(readonly transactions: Transactions) {
    const { size, invoked, from, keys, service } = transactions;
    this.isList = service === "list-append";
    for (let k = 0; k < keys.length; k++) this.#keys.set(keys[k]!, k);
    for (let t = 0; t < size; t++) {
      this.#byEvent.set(invoked[t]!, t);
      for (let micro = from[t]!; micro < from[t + 1]!; micro++) this.#note(t, micro);
    }
  }

  #note(transaction: number, micro: number): void {
    const { kind, key, value, length, outcome, from } = this.transactions;
    const k = key[micro]!;
    if (kind[micro] === microKinds.read) {
      const isKnown = value[micro] !== UNKNOWN && length[micro] !== UNKNOWN;
      if (outcome[transaction] !== outcomes.ok || !isKnown) return;
      const read = { transaction, micro, key: k, elements: this.#elements(micro) };
      this.reads.push(read);
      this.#readsOf.add(transaction, read);
      this.#readsOfKey.add(k, read);
      return;
    }
    const later = range(micro + 1, from[transaction + 1]!);
    const isLast = !later.some((m) => kind[m] !== microKinds.read && key[m] === k);
    const write = { transaction, micro, key: k, value: value[micro]!, isLast };
    this.writes.push(write);
    this.#writesOf.add(transaction, write);
    (this.#byValue[k] ??= new Map()).set(write.value, write);
  }

  #elements(micro: number): number[] {
    const { value, length, chainStart, chainElements } = this.transactions;
    if (!this.isList) return value[micro] === NULL_ID ? [] : [value[micro]!];
    const start = length[micro] === 0 ? 0 : chainStart[value[micro]!]!;
    return Array.from(chainElements.subarray(start, start + length[micro]!));
  }

  /** The transaction invoked at a position; undefined when there is none. */
  at(event: number): number | undefined {
    return this.#byEvent.get(event);
  }

  keyOf(key: Json | undefined): number | undefined {
    const id = key === undefined ? undefined : this.transactions.values.find(key);
    return id === undefined ? undefined : this.#keys.get(id);
  }

  isOk(transaction: number): boolean {
    return this.transactions.outcome[transaction] === outcomes.ok;
  }

  /** Whether it counts as having happened: ok, or seen by somebody who is. */
  isPresent(transaction: number): boolean {
    const { outcome } = this.transactions;
    if (outcome[transaction] === outcomes.fail) return false;
    return this.isOk(transaction) || this.isObserved(transaction);
  }

  isObserved(transaction: number): boolean {
    return this.#writesOf
      .at(transaction)
      .some(({ key, value }) =>
        this.readsOfKey(key).some(({ elements }) => elements.includes(value)),
      );
  }

  readsOf(transaction: number, key: number): Read[] {
    return this.#readsOf.at(transaction).filter((read) => read.key === key);
  }

  readsOfKey(key: number): readonly Read[] {
    return this.#readsOfKey.at(key);
  }

  writesOf(transaction: number, key: number): Write[] {
    return this.#writesOf.at(transaction).filter((write) => write.key === key);
  }

  /** Who wrote what of a key, and who read that and wrote the key. */
  updates(key: number): [writer: number, updater: number][] {
    return this.readsOfKey(key).flatMap(({ transaction, elements }) => {
      const source = this.writeOf(key, elements.at(-1) ?? NULL_ID);
      const isUpdate = this.writesOf(transaction, key).length > 0;
      if (source === undefined || !isUpdate || source.transaction === transaction) return [];
      return [[source.transaction, transaction] as [number, number]];
    });
  }

  writeOf(key: number, value: number): Write | undefined {
    return this.#byValue[key]?.get(value);
  }
}

/** Lists by number. */
class Index<Item> {
  readonly #lists = new Map<number, Item[]>();

  add(number: number, item: Item): void {
    const list = this.#lists.get(number);
    if (list === undefined) this.#lists.set(number, [item]);
    else list.push(item);
  }

  at(number: number): readonly Item[] {
    return this.#lists.get(number) ?? [];
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
