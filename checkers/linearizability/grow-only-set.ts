/**
 * A set that only grows, with reads of the whole: decided without search.
 *
 * The reads of a linearizable history form a chain under inclusion, and the chain fixes the order
 * of everything: the adds of the elements that first appear in a read come before it and after the
 * smaller reads. That order respects real time iff nothing returned before the latest invocation
 * among what precedes it. An element added several times needs one add in its place; the others
 * may come later. A pending add takes effect iff its element was read.
 * O(total length of the reads + n log n).
 */

import type { Operation } from "../../histories/history.js";
import { canonical, type Json } from "../../src/base/json.js";
import { elementsOf } from "./models/set.js";

/** Why a grow-only set is not linearizable; elements are canonical texts. */
export type SetConflict =
  | { kind: "no-list"; read: Operation }
  | { kind: "duplicate"; read: Operation; element: string }
  /** No operation that happened, or may have, added the element. */
  | { kind: "never-added"; read: Operation; element: string }
  /** The element was there from the start. */
  | { kind: "lost-initial"; read: Operation; element: string }
  /** Each read has an element that the other lacks. */
  | { kind: "incomparable"; first: Operation; second: Operation }
  /** `late` returned before `early` was invoked, though the reads put `early` first. */
  | { kind: "order"; early: Operation; late: Operation };

interface Read {
  operation: Operation;
  elements: Set<string>;
}

/** The latest invocation among the operations placed so far. */
interface Reached {
  position: number;
  by: Operation | undefined;
}

/** `operations` are the adds and reads on one set, in order of invocation; undefined when they are linearizable. */
export function findSetConflict(
  operations: readonly Operation[],
  init: Json,
): SetConflict | undefined {
  const initial = elementsOf(init) ?? [];
  const adds = groupAdds(operations);
  const reads: Read[] = [];
  for (const operation of operations) {
    if (operation.f !== "read" || operation.outcome !== "ok") continue;
    const listed = elementsOf(operation.output);
    if (listed === undefined) return { kind: "no-list", read: operation };
    const elements = new Set<string>();
    for (const element of listed) {
      if (elements.has(element)) return { kind: "duplicate", read: operation, element };
      if (!adds.has(element) && !initial.includes(element)) {
        return { kind: "never-added", read: operation, element };
      }
      elements.add(element);
    }
    const gone = initial.find((element) => !elements.has(element));
    if (gone !== undefined) return { kind: "lost-initial", read: operation, element: gone };
    reads.push({ operation, elements });
  }
  reads.sort((a, b) => a.elements.size - b.elements.size);
  return findBrokenChain(reads) ?? findOrderConflict(reads, adds, initial);
}

function groupAdds(operations: readonly Operation[]): Map<string, Operation[]> {
  const adds = new Map<string, Operation[]>();
  for (const operation of operations) {
    if (operation.f !== "add" || operation.outcome === "fail") continue;
    const element = canonical(operation.input);
    const same = adds.get(element);
    if (same === undefined) adds.set(element, [operation]);
    else same.push(operation);
  }
  return adds;
}

function findBrokenChain(reads: readonly Read[]): SetConflict | undefined {
  for (const [i, larger] of reads.entries()) {
    const smaller = reads[i - 1];
    if (smaller === undefined) continue;
    for (const element of smaller.elements) {
      if (larger.elements.has(element)) continue;
      const [first, second] = inOrder(smaller.operation, larger.operation);
      return { kind: "incomparable", first, second };
    }
  }
  return undefined;
}

function inOrder(a: Operation, b: Operation): [Operation, Operation] {
  return a.invoked < b.invoked ? [a, b] : [b, a];
}

function findOrderConflict(
  reads: readonly Read[],
  adds: ReadonlyMap<string, readonly Operation[]>,
  initial: readonly string[],
): SetConflict | undefined {
  let reached: Reached = { position: -1, by: undefined };
  const placed = new Set(initial);
  const place = (operations: readonly Operation[]): SetConflict | undefined => {
    const late = operations.find((operation) => endOf(operation) < reached.position);
    if (late === undefined) return undefined;
    return { kind: "order", early: reached.by!, late };
  };
  const advance = (operations: Iterable<Operation>): void => {
    for (const operation of operations) {
      if (operation.invoked <= reached.position) continue;
      reached = { position: operation.invoked, by: operation };
    }
  };

  for (let start = 0; start < reads.length; ) {
    const { elements } = reads[start]!;
    let end = start;
    while (end < reads.length && reads[end]!.elements.size === elements.size) end += 1;
    const group = reads.slice(start, end).map((read) => read.operation);
    const introducing: Operation[] = [];
    for (const element of elements) {
      if (placed.has(element)) continue;
      placed.add(element);
      const same = adds.get(element)!;
      const conflict = place(same);
      if (conflict !== undefined) return conflict;
      introducing.push(same[0]!);
    }
    advance(introducing);
    const conflict = place(group);
    if (conflict !== undefined) return conflict;
    advance(group);
    start = end;
  }
  for (const [element, same] of adds) {
    if (placed.has(element)) continue;
    const conflict = place(same);
    if (conflict !== undefined) return conflict;
  }
  return undefined;
}

function endOf(operation: Operation): number {
  return operation.outcome === "ok" ? operation.completed : Number.POSITIVE_INFINITY;
}
