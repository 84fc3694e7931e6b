/**
 * What goes wrong with a lock that only its holder may release (names: locks.ts). A process asks for
 * one thing at a time, so its own operations are in order.
 */

import type { Operation } from "../../../histories/history.js";
import { completionTime, who } from "../../describe.js";
import { named } from "./functions.js";
import { groupBy } from "./group.js";
import { describe, isAcknowledged, mayHaveHappened, type Name } from "./violation.js";

/** A process surely holds the lock from the return of its acquire until it asks for the release. */
interface Holding {
  acquire: Operation;
  until: number;
}

export function ownership(where: string, operations: readonly Operation[]): Name | undefined {
  const holdings: Holding[] = [];
  const byProcess = groupBy(operations.filter(mayHaveHappened), ({ process }) => `${process}`);
  for (const own of byProcess.values()) {
    let held: Operation | undefined;
    for (const operation of own) {
      const isAcquire = named(operation.f) === "acquire";
      if (held !== undefined) {
        holdings.push({
          acquire: held,
          until: isAcquire ? Number.POSITIVE_INFINITY : operation.invoked,
        });
      }
      if (!isAcknowledged(operation)) {
        held = undefined;
        break;
      }
      if (isAcquire === (held !== undefined)) return outOfTurn(where, operation, held);
      held = isAcquire ? operation : undefined;
    }
    if (held !== undefined) holdings.push({ acquire: held, until: Number.POSITIVE_INFINITY });
  }
  return heldAtOnce(where, holdings);
}

function outOfTurn(where: string, operation: Operation, held: Operation | undefined): Name {
  if (held === undefined) {
    return {
      type: "release-without-holding",
      message: `${who(operation)} released ${where} by ${completionTime(operation)}, which it did not hold`,
    };
  }
  return {
    type: "mutual-exclusion",
    message: `${who(operation)} acquired ${where} by ${completionTime(operation)}, which it held since the ${describe(held)}`,
  };
}

function heldAtOnce(where: string, holdings: readonly Holding[]): Name | undefined {
  const byReturn = holdings.toSorted((a, b) => a.acquire.completed - b.acquire.completed);
  for (const [i, { acquire }] of byReturn.entries()) {
    const other = byReturn.slice(0, i).find(({ until }) => until > acquire.completed);
    if (other === undefined) continue;
    return {
      type: "mutual-exclusion",
      message:
        `${who(acquire)} acquired ${where} by ${completionTime(acquire)}, though ${who(other.acquire)} held ` +
        `it since ${completionTime(other.acquire)} and had not asked for its release`,
    };
  }
  return undefined;
}
