/**
 * The hardest dirty write to point out: n transactions, each of which appends to its own key and to
 * the next one's, so that each key's list says that one transaction came before its neighbour, and
 * the last key closes the circle. One component of n transactions, and no smaller cycle in it.
 */

import { eventTypes } from "../../histories/columns-builder.js";
import type { Transactions } from "../../histories/transactions.js";
import { TransactionsBuilder } from "../../histories/transactions-builder.js";

const STEP_NS = 1_000;

export function ring(length: number): Transactions {
  const builder = new TransactionsBuilder({}, 2 * length);
  const { values } = builder;
  const [first, second] = [values.numberId(1), values.numberId(2)];
  const keyOf = (i: number): number => values.numberId(i % length);
  let timeNs = 0;
  const step = (act: () => void): void => {
    act();
    timeNs += STEP_NS;
  };
  // All at once: nothing but the lists says what came before what.
  for (const type of ["invoke", "ok"] as const) {
    for (let t = 0; t < length; t++) {
      builder.append(keyOf(t), second);
      builder.append(keyOf(t + 1), first);
      step(() =>
        type === "invoke" ? builder.invoke(t, timeNs) : builder.complete(t, eventTypes.ok, timeNs),
      );
    }
  }
  for (let key = 0; key < length; key++) {
    builder.read(keyOf(key));
    step(() => builder.invoke(length, timeNs));
    builder.readList(keyOf(key), [first, second]);
    step(() => builder.complete(length, eventTypes.ok, timeNs));
  }
  return builder.finish();
}
