/**
 * Open keys that cannot do harm: some order of their versions explains whatever the rest of the
 * graph allows, because every choice can follow an order of all transactions that respects the rest.
 *
 * That holds of `ww` and `ww-wr`, where a choice adds ww edges only; and of `any` and `prefix` where
 * nobody reads an open version, for then, too, a choice adds nothing but ww edges between writers (for
 * `prefix`: between commits). Lists have only such keys, those with several appends that nobody
 * read. It does not hold of `one-rw`, where edges of rw may lead against the order, nor of `snapshot`,
 * where writers must not overlap.
 */

import type { CycleForm, DependencyGraph, OpenKey } from "../dependencies.js";

/** O(versions of open keys). */
export function areOrdersFree({ open }: DependencyGraph, form: CycleForm): boolean {
  if (form === "ww" || form === "ww-wr") return true;
  if (form !== "any" && form !== "prefix") return false;
  return open.every(({ readers }) => readers.every((list) => list.length === 0));
}

/**
 * The versions of each open key as their writers stand in an order of transactions, or of events of
 * which 2t + 1 is the commit. O(transactions), and O(n log n) for the versions of each key.
 */
export function ordersAlong(
  open: readonly OpenKey[],
  order: Int32Array,
  split: 1 | 2,
): Int32Array[] {
  const place = new Int32Array(order.length);
  order.forEach((event, i) => {
    place[event] = i;
  });
  return open.map(({ writers }) => {
    const placeOf = (version: number) => place[writers[version]! * split + split - 1]!;
    return Int32Array.from(writers.keys()).sort((a, b) => placeOf(a) - placeOf(b));
  });
}
