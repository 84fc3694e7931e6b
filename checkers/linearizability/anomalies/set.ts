/**
 * Names for violations of grow-only sets. A read *misses* an element when it lacks it although an
 * add of it was acknowledged before the read began, or before the invocation of an add that the
 * read does contain.
 *
 * - duplicate-element: one read lists an element twice.
 * - garbage-read: a read of something that nobody tried to add, or of no list at all.
 * - aborted-read: a read of an element that only failed operations tried to add.
 * - future-read: a read that completed before every add of one of its elements was invoked.
 * - stale-read: a read misses an element that some read contains.
 * - lost-write: a read misses an element that no read contains, or that was there from the start.
 * - new-old-inversion: a read contains an element, and one that began after it completed does not.
 * - incompatible-order: two reads each contain an element that the other lacks.
 */

import type { Operation } from "../../../histories/history.js";
import { canonical, type Json } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import { indexes, keyName, ms, who } from "../../describe.js";
import type { SetConflict } from "../grow-only-set.js";
import { elementsOf } from "../models/set.js";
import { describe } from "./violation.js";

export function nameSetConflict(
  key: Json | undefined,
  operations: readonly Operation[],
  conflict: SetConflict,
): Anomaly {
  const where = keyName(key);
  switch (conflict.kind) {
    case "no-list":
      return {
        type: "garbage-read",
        message: `${who(conflict.read)} read something that is no list of elements from ${where}`,
        ops: indexes([conflict.read]),
      };
    case "duplicate":
      return {
        type: "duplicate-element",
        message: `${who(conflict.read)} read ${conflict.element} twice in one read of ${where}`,
        ops: indexes([conflict.read]),
      };
    case "lost-initial":
      return {
        type: "lost-write",
        message: `${who(conflict.read)} did not find ${conflict.element} in ${where}, which was there from the start`,
        ops: indexes([conflict.read]),
      };
    case "never-added":
      return nameNeverAdded(where, operations, conflict);
    case "incomparable":
      return nameIncomparable(where, operations, conflict);
    case "order":
      return nameOrder(where, operations, conflict);
  }
}

function nameNeverAdded(
  where: string,
  operations: readonly Operation[],
  { read, element }: { read: Operation; element: string },
): Anomaly {
  const failed = operations.filter((operation) => isAddOf(operation, element));
  const type = failed.length === 0 ? "garbage-read" : "aborted-read";
  const why = failed.length === 0 ? "which nobody added" : "whose add had failed";
  return {
    type,
    message: `${who(read)} read ${element} in ${where}, ${why}`,
    ops: indexes([read, ...failed.slice(0, 3)]),
  };
}

function nameIncomparable(
  where: string,
  operations: readonly Operation[],
  { first, second }: { first: Operation; second: Operation },
): Anomaly {
  const [here, there] = [missing(first, second)[0]!, missing(second, first)[0]!];
  const missed =
    missedElement(operations, second, first) ?? missedElement(operations, first, second);
  if (missed !== undefined) return missed;
  if (first.completed < second.invoked) return nameInversion(where, first, second, here);
  return {
    type: "incompatible-order",
    message:
      `${who(first)} read ${here} without ${there} in ${where}, and ${who(second)} read ${there} ` +
      `without ${here}`,
    ops: indexes([first, second]),
  };
}

/** `late` was over before `early` began, though the reads put `early` first; see findSetConflict. */
function nameOrder(
  where: string,
  operations: readonly Operation[],
  { early, late }: { early: Operation; late: Operation },
): Anomaly {
  if (late.f === "add") {
    const element = canonical(late.input);
    const reader =
      early.f === "read"
        ? early
        : readsOf(operations).find(
            (read) => has(read, canonical(early.input)) && !has(read, element),
          )!;
    return nameMiss(where, operations, reader, late, early);
  }
  if (early.f === "add") {
    return {
      type: "future-read",
      message: `${who(late)} read ${canonical(early.input)} in ${where} by ${ms(late.completedAt)}, before the ${describe(early)} began`,
      ops: indexes([late, early]),
    };
  }
  return (
    missedElement(operations, early, late) ??
    nameInversion(where, late, early, missing(late, early)[0]!)
  );
}

/** Of the elements that `other` contains, one that `read` provably missed. */
function missedElement(
  operations: readonly Operation[],
  read: Operation,
  other: Operation,
): Anomaly | undefined {
  const lacking = new Set(missing(other, read));
  const add = operations.find(
    (operation) =>
      operation.f === "add" &&
      operation.outcome === "ok" &&
      operation.completed < read.invoked &&
      lacking.has(canonical(operation.input)),
  );
  return add && nameMiss(keyName(read.key), operations, read, add, read);
}

function nameMiss(
  where: string,
  operations: readonly Operation[],
  read: Operation,
  add: Operation,
  after: Operation,
): Anomaly {
  const element = canonical(add.input);
  const witness = readsOf(operations).find((other) => has(other, element));
  const since = after === read ? "" : `, which holds the later ${canonical(after.input)}`;
  const seen = witness === undefined ? "nobody ever saw it" : `${who(witness)} saw it`;
  return {
    type: witness === undefined ? "lost-write" : "stale-read",
    message:
      `the ${describe(add)} on ${where} was acknowledged, but is not in the read by ${who(read)} from ` +
      `${ms(read.invokedAt)} on${since}; ${seen}`,
    ops: indexes([add, after, read, ...(witness === undefined ? [] : [witness])]),
  };
}

function nameInversion(
  where: string,
  first: Operation,
  second: Operation,
  element: string,
): Anomaly {
  return {
    type: "new-old-inversion",
    message: `${who(first)} read ${element} in ${where} by ${ms(first.completedAt)}, and after that ${who(second)} did not`,
    ops: indexes([first, second]),
  };
}

function isAddOf(operation: Operation, element: string): boolean {
  return operation.f === "add" && canonical(operation.input) === element;
}

function readsOf(operations: readonly Operation[]): Operation[] {
  return operations.filter((operation) => operation.f === "read" && operation.outcome === "ok");
}

function has(read: Operation, element: string): boolean {
  return elementsOf(read.output)?.includes(element) ?? false;
}

/** Elements of `read` that `other` lacks. */
function missing(read: Operation, other: Operation): string[] {
  const present = new Set(elementsOf(other.output));
  return (elementsOf(read.output) ?? []).filter((element) => !present.has(element));
}
