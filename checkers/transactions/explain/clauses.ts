/** Why one transaction precedes another, as a clause of a sentence, with the read that proves it. */

import type { Transactions } from "../../../histories/transactions.js";
import { NULL_ID } from "../../../histories/values.js";
import { transactionOf } from "../certificate/draft.js";
import type { Step } from "../findings.js";
import { durationText, keyText, stateText, valueText } from "./words.js";

export interface Names {
  /** How a transaction is called, in the order in which they are mentioned. */
  nameOf(t: number): string;
  /** How one is called of which only a read is mentioned, in brackets. */
  witnessOf(t: number): string;
}

export function clauseOf(transactions: Transactions, step: Step, names: Names): string {
  return new Words(transactions, step, names).clause();
}

class Words {
  readonly #transactions: Transactions;
  readonly #step: Step;
  readonly #names: Names;

  constructor(transactions: Transactions, step: Step, names: Names) {
    this.#transactions = transactions;
    this.#step = step;
    this.#names = names;
  }

  clause(): string {
    switch (this.#step.kind) {
      case "ww":
        return this.#overwrites();
      case "wr":
        return this.#reads();
      case "rw":
        return this.#misses();
      case "process":
        return this.#sameSession();
      case "realtime":
        return this.#earlier();
    }
  }

  #overwrites(): string {
    const { from, to, value = NULL_ID, next = NULL_ID } = this.#step;
    const [one, other] = [this.#names.nameOf(from), this.#names.nameOf(to)];
    const [old, young] = [this.#value(value), this.#value(next)];
    const did = this.#isList
      ? `${other} appended ${young} to ${this.#key()} after the ${old} that ${one} appended`
      : `${other} wrote ${this.#key()} = ${young} over the ${old} of ${one}`;
    return did + this.#proof();
  }

  #reads(): string {
    const { from, to, value = NULL_ID, toMicro } = this.#step;
    const [writer, reader] = [this.#names.nameOf(from), this.#names.nameOf(to)];
    if (toMicro === undefined) return `${reader} read what ${writer} wrote`;
    const state = stateText(this.#transactions, toMicro, [value]);
    if (!this.#isList) return `${reader} read ${state}, which ${writer} wrote`;
    return `${reader} read ${state}, of which ${writer} appended ${this.#value(value)}`;
  }

  #misses(): string {
    const { from, to, value = NULL_ID, next = NULL_ID, fromMicro } = this.#step;
    const [reader, writer] = [this.#names.nameOf(from), this.#names.nameOf(to)];
    if (fromMicro === undefined) return `${reader} missed what ${writer} wrote`;
    const state = stateText(this.#transactions, fromMicro, [value]);
    const young = this.#value(next);
    if (!this.#isList)
      return `${reader} read ${state}, not yet the ${young} of ${writer}${this.#proof()}`;
    return `${reader} read ${state} without the ${young} that ${writer} appended${this.#proof()}`;
  }

  #sameSession(): string {
    const { from, to } = this.#step;
    const process = this.#transactions.process[from];
    const [one, other] = [this.#names.nameOf(from), this.#names.nameOf(to)];
    return `process ${process} had completed ${one} when it invoked ${other}`;
  }

  #earlier(): string {
    const { from, to } = this.#step;
    const { completed, invoked, completedAt, invokedAt } = this.#transactions;
    const [one, other] = [this.#names.nameOf(from), this.#names.nameOf(to)];
    // In a history without times each event has its position as its time.
    const isTimed = completedAt[from] !== completed[from] || invokedAt[to] !== invoked[to];
    const passed = invokedAt[to]! - completedAt[from]!;
    const long = isTimed && passed > 0 ? `${durationText(passed)} ` : "";
    return `${one} had completed (event ${completed[from]}) ${long}before ${other} was invoked (event ${invoked[to]})`;
  }

  /** The read that shows the order of the two versions, unless there is nothing to show. */
  #proof(): string {
    const { to, witness, fromMicro, toMicro, value = NULL_ID, next = NULL_ID } = this.#step;
    if (witness === undefined || witness === fromMicro || witness === toMicro) return "";
    if (!this.#isList && value === NULL_ID) return "";
    const owner = transactionOf(this.#transactions, witness);
    const reader = this.#names.witnessOf(owner);
    const state = stateText(this.#transactions, witness, [value, next]);
    const isUpdate = !this.#isList && owner === to;
    return ` (${reader} read ${state}${isUpdate ? ` before it wrote ${this.#value(next)}` : ""})`;
  }

  get #isList(): boolean {
    return this.#transactions.service === "list-append";
  }

  #key(): string {
    return keyText(this.#transactions, this.#step.key ?? 0);
  }

  #value(id: number): string {
    return valueText(this.#transactions, id);
  }
}
