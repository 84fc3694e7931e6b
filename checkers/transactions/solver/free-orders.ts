/**
 * Open keys that cannot do harm: some order of their versions explains whatever the rest of the
 * graph allows, because every choice can follow an order of all transactions that respects the rest.
 *
 * That holds of `ww` and `ww-wr`, where a choice adds ww edges only; and of `any` and `prefix` where
 * nobody reads an open version, for then, too, a choice adds nothing but ww edges between writers (for
 * `prefix`: between commits). Of lists nearly all open keys are such: several appends that nobody
 * read. It does not hold of `one-rw`, whose rw edges may lead against the order, nor of `snapshot`,
 * where writers must not overlap.
 */

import type { CycleForm, DependencyGraph } from "../dependencies.js";

/** O(versions of open keys). */
export function areOrdersFree({ open }: DependencyGraph, form: CycleForm): boolean {
  if (form === "ww" || form === "ww-wr") return true;
  if (form !== "any" && form !== "prefix") return false;
  return open.every(({ readers }) => readers.every((list) => list.length === 0));
}

/**
 * The versions of each open key as their writers stand in an order that decides such a form (see
 * `GraphDecision`): by place of the commit for `prefix`. O(transactions), and O(n log n) for the n
 * versions of a key.
 */
export function ordersAlong(
  { open, transactions }: DependencyGraph,
  form: CycleForm,
  order: Int32Array,
): Int32Array[] {
  const eventOf = (writer: number) => (form === "prefix" ? 2 * writer + 1 : writer);
  const place = new Int32Array(transactions.size * (form === "prefix" ? 2 : 1));
  order.forEach((event, i) => {
    place[event] = i;
  });
  return open.map(({ writers }) => {
    const places = writers.map((writer) => place[eventOf(writer)]!);
    return Int32Array.from(writers.keys()).sort((a, b) => places[a]! - places[b]!);
  });
}
