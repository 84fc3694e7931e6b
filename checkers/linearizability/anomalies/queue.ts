/**
 * Names for violations of FIFO queues whose elements are all different.
 *
 * - garbage-read: an element was taken that nobody tried to put.
 * - aborted-read: an element was taken that only failed operations tried to put.
 * - future-read: an element was taken before its put began.
 * - duplicate-delivery: one element was taken twice.
 * - out-of-order: an element was taken before another began to be taken that had been put before it.
 * - lost-element: the same, and that other element was never taken, nor was there a take of unknown
 *   outcome left that can have taken it.
 * - false-empty: a take found the queue empty while one element or another was surely inside.
 */

import type { Operation } from "../../../histories/history.js";
import { canonical, type Json } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import { indexes, keyName, ms, show, who } from "../../describe.js";
import type { QueueConflict } from "../fifo-queue.js";
import { describe } from "./violation.js";

export function nameQueueConflict(
  key: Json | undefined,
  operations: readonly Operation[],
  conflict: QueueConflict,
): Anomaly {
  const where = keyName(key);
  switch (conflict.kind) {
    case "never-put":
      return nameNeverPut(where, operations, conflict.take);
    case "twice": {
      const { first, second } = conflict;
      return {
        type: "duplicate-delivery",
        message: `${show(first.output)} was taken from ${where} twice: by ${who(first)} and by ${who(second)}`,
        ops: indexes([first, second]),
      };
    }
    case "overtaken": {
      const { ahead, aheadTake, behind, behindTake } = conflict;
      const fate =
        aheadTake === undefined ? "never was" : `was taken only from ${ms(aheadTake.invokedAt)} on`;
      return {
        type: aheadTake === undefined ? "lost-element" : "out-of-order",
        message:
          `${who(behindTake)} took ${show(behind.input)} from ${where} by ${ms(behindTake.completedAt)}, but ` +
          `the ${describe(ahead)} came before the ${describe(behind)}, and that element ${fate}`,
        ops: indexes([ahead, behind, behindTake, ...(aheadTake === undefined ? [] : [aheadTake])]),
      };
    }
    case "false-empty": {
      const { take, inside } = conflict;
      const elements = inside.map(({ input }) => show(input)).slice(0, 4);
      return {
        type: "false-empty",
        message: `${who(take)} found ${where} empty, though it held ${elements.join(", then ")} all the time`,
        ops: indexes([take, ...inside.slice(0, 8)]),
      };
    }
  }
}

function nameNeverPut(where: string, operations: readonly Operation[], take: Operation): Anomaly {
  const element = canonical(take.output);
  const attempts = operations.filter(
    ({ f, input }) => f === "enqueue" && canonical(input) === element,
  );
  const later = attempts.find(({ outcome }) => outcome !== "fail");
  const why =
    later !== undefined
      ? `before the ${describe(later)} began`
      : attempts.length > 0
        ? "but its put had failed"
        : "which nobody put there";
  return {
    type:
      later !== undefined ? "future-read" : attempts.length > 0 ? "aborted-read" : "garbage-read",
    message: `${who(take)} took ${show(take.output)} from ${where}, ${why}`,
    ops: indexes([take, ...attempts.slice(0, 3)]),
  };
}
