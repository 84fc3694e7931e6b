/**
 * A part of a transactional history that is a history itself: some of its transactions, with some of
 * their micro-operations, their events in the order in which they happened. Lists that were read lose
 * the elements whose appends are not kept. Reads of registers have nothing to lose: whoever keeps
 * one keeps the write that it read, too.
 */

import { outcomes, PENDING } from "../../../histories/columns.js";
import type { HistoryEvent } from "../../../histories/history.js";
import { MICRO_NAMES, TXN } from "../../../histories/micros.js";
import { microKinds, type Transactions } from "../../../histories/transactions.js";
import type { Json } from "../../../src/base/json.js";

export interface Draft {
  /** Ascending. */
  transactions: readonly number[];
  /** Ascending; of kept transactions only. */
  micros: readonly number[];
  /** Elements (see `stranger`) that stay although nobody appended them. */
  strangers?: ReadonlySet<string>;
}

/** An element of a key's lists. */
export function stranger(key: number, id: number): string {
  return `${key} ${id}`;
}

/** The transaction of a micro-operation. O(log n). */
export function transactionOf({ from, size }: Transactions, micro: number): number {
  let [low, high] = [0, size];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (from[middle]! <= micro) low = middle;
    else high = middle;
  }
  return low;
}

/** All transactions of some micro-operations, and others. */
export function draftOf(
  transactions: Transactions,
  micros: Iterable<number>,
  others: Iterable<number> = [],
): Draft {
  const kept = ascending(micros);
  const owners = kept.map((micro) => transactionOf(transactions, micro));
  return { transactions: ascending([...owners, ...others]), micros: kept };
}

function ascending(numbers: Iterable<number>): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** The events of a draft, numbered from `firstIndex`, and where each stood in the whole history. */
export function eventsOfDraft(
  transactions: Transactions,
  draft: Draft,
  firstIndex: number,
): { events: HistoryEvent[]; positions: number[] } {
  const { outcome, process, invoked, completed, invokedAt, completedAt } = transactions;
  const projection = new Projection(transactions, draft);
  const placed = draft.transactions.flatMap((t) => {
    const client = { index: 0, process: process[t]!, f: TXN };
    const asked: HistoryEvent = {
      ...{ ...client, time: invokedAt[t]!, type: "invoke" },
      value: projection.microsOf(t, false),
    };
    const began = { position: invoked[t]!, event: asked };
    if (completed[t] === PENDING) return [began];
    const isOk = outcome[t] === outcomes.ok;
    const ended: HistoryEvent = {
      ...{ ...client, time: completedAt[t]!, type: isOk ? "ok" : "fail" },
      value: projection.microsOf(t, isOk),
    };
    return [began, { position: completed[t]!, event: ended }];
  });
  placed.sort((a, b) => a.position - b.position);
  return {
    events: placed.map(({ event }, i) => ({ ...event, index: firstIndex + i })),
    positions: placed.map(({ position }) => position),
  };
}

/** What micro-operations look like when others are not there. */
export class Projection {
  readonly #transactions: Transactions;
  readonly #draft: Draft;
  /** By key: the ids of the elements whose appends are kept. */
  readonly #kept = new Map<number, Set<number>>();

  constructor(transactions: Transactions, draft: Draft) {
    this.#transactions = transactions;
    this.#draft = draft;
    const { kind, key, value } = transactions;
    for (const micro of draft.micros) {
      if (kind[micro] === microKinds.read) continue;
      const ids = this.#kept.get(key[micro]!) ?? new Set();
      this.#kept.set(key[micro]!, ids.add(value[micro]!));
    }
  }

  microsOf(t: number, withResults: boolean): Json[] {
    const { from, kind, key, keys, value, values } = this.#transactions;
    const { micros } = this.#draft;
    const own = micros.slice(firstFrom(micros, from[t]!), firstFrom(micros, from[t + 1]!));
    return own.map((micro): Json => {
      const k = values.value(keys[key[micro]!]!);
      if (kind[micro] !== microKinds.read) {
        return [MICRO_NAMES[kind[micro]!]!, k, values.value(value[micro]!)];
      }
      return [MICRO_NAMES[microKinds.read], k, withResults ? this.#result(micro) : null];
    });
  }

  #result(read: number): Json {
    const { service, value, values } = this.#transactions;
    if (service === "rw-register") return values.value(value[read]!);
    return this.elements(read).map((id) => values.value(id));
  }

  /** The ids of the elements of a list that was read, as far as they are kept. */
  elements(read: number): number[] {
    const { key, value, length, chainStart, chainElements } = this.#transactions;
    if (length[read]! <= 0) return [];
    const kept = this.#kept.get(key[read]!);
    const start = chainStart[value[read]!]!;
    const all = Array.from(chainElements.subarray(start, start + length[read]!));
    const { strangers } = this.#draft;
    const isStranger = (id: number) => strangers?.has(stranger(key[read]!, id)) === true;
    return all.filter((id) => kept?.has(id) === true || isStranger(id));
  }
}

/** The place of the first of ascending numbers that is not below a bound. */
function firstFrom(ascending: readonly number[], bound: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! >= bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
