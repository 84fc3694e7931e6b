/**
 * Makes a draft smaller for as long as it still shows the same: first by transactions, then by
 * micro-operations, in shrinking pieces, from the latest to the earliest. The result is the same
 * every time, and nothing single can be left out of it, unless the work came to its end: it is
 * counted in micro-operations looked at, and a draft that is long to begin with stays as it is.
 * After delta debugging (Zeller, Hildebrandt 2002). O(n log n) tests at best, O(n^2) at worst.
 */

import type { Transactions } from "../../../histories/transactions.js";
import { type Draft, transactionOf } from "./draft.js";

const WORK_MAX = 100_000;
const MICROS_MAX = 2_000;

/** @param shows whether a draft is still what it must be; the one to begin with is. */
export function minimise(
  transactions: Transactions,
  whole: Draft,
  shows: (draft: Draft) => boolean,
): Draft {
  if (whole.micros.length > MICROS_MAX) return whole;
  let best = whole;
  let work = 0;
  const attempt = (make: () => Draft): boolean => {
    work += best.micros.length + best.transactions.length;
    if (work > WORK_MAX) return false;
    const draft = make();
    if (!shows(draft)) return false;
    best = draft;
    return true;
  };
  const withoutTransactions = (gone: ReadonlySet<number>): Draft => ({
    ...best,
    transactions: best.transactions.filter((t) => !gone.has(t)),
    micros: best.micros.filter((micro) => !gone.has(transactionOf(transactions, micro))),
  });
  const withoutMicros = (gone: ReadonlySet<number>): Draft => ({
    ...best,
    micros: best.micros.filter((micro) => !gone.has(micro)),
  });
  for (let size = -1; size !== best.micros.length + best.transactions.length; ) {
    size = best.micros.length + best.transactions.length;
    dropPieces(best.transactions, (piece) => attempt(() => withoutTransactions(piece)));
    dropPieces(best.micros, (piece) => attempt(() => withoutMicros(piece)));
  }
  return best;
}

/** Offers pieces of a list to be dropped, halves first; what was dropped is not offered again. */
function dropPieces(all: readonly number[], drop: (piece: ReadonlySet<number>) => boolean): void {
  let left = [...all];
  for (let room = Math.ceil(left.length / 2); room >= 1; room = Math.floor(room / 2)) {
    for (let end = left.length; end > 0; end -= room) {
      const from = Math.max(0, end - room);
      if (drop(new Set(left.slice(from, end)))) left = [...left.slice(0, from), ...left.slice(end)];
    }
  }
}
