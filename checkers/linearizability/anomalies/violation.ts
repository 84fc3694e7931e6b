/**
 * What the naming of anomalies starts from: a story, the few operations on one object that no order
 * explains. A name is a function of the story alone, so that the story, checked by itself, is given
 * the same name; and every definition but that of non-linearizable is a proof: a story that fits it
 * is not linearizable.
 */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import {
  completionTime,
  indexes,
  invocationTime,
  keyName,
  show,
  showAny,
  who,
} from "../../describe.js";
import { named } from "./functions.js";

export interface Violation {
  key: Json | undefined;
  init: Json;
  /**
   * The story in order of invocation. Failed operations never happened, but may be told, as may
   * operations that began too late: they tell where a value comes from that nobody should have seen.
   */
  operations: readonly Operation[];
  /** The operation with whose return the shortest prefix without an explanation ends. */
  breaking: Operation;
  /** States in which the object could be at that moment, as far as anything observes them. */
  possible: readonly Json[];
}

/** An anomaly's type and its sentence. */
export interface Name {
  type: string;
  message: string;
}

/** The first name whose definition the story fits; all its operations are involved. */
export function nameBy<Story>(
  violation: Violation,
  story: Story,
  detectors: readonly ((story: Story) => Name | undefined)[],
): Anomaly {
  for (const detect of detectors) {
    const name = detect(story);
    if (name !== undefined) return { ...name, ops: indexes(violation.operations) };
  }
  return nonLinearizable(violation);
}

/** The name for what is certainly wrong, without a more specific name that certainly fits. */
export function nonLinearizable({ key, operations, breaking, possible }: Violation): Anomaly {
  const state =
    possible.length > 0 ? `: ${keyName(key)} could only hold ${showAny(possible)} then` : "";
  return {
    type: "non-linearizable",
    message:
      `no order of the operations on ${keyName(key)} that respects real time explains the ` +
      `${describe(breaking)}${state}`,
    ops: indexes(operations),
  };
}

/** Functions of which null says nothing. */
const LOCKING: ReadonlySet<string> = new Set(["acquire", "release"]);

/** "read of 3 by process 2 (12 to 15.5 ms)" */
export function describe(operation: Operation): string {
  const { f, input, output, outcome } = operation;
  const interval =
    outcome === "info"
      ? `from ${invocationTime(operation)}, never acknowledged`
      : `${invocationTime(operation)} to ${completionTime(operation)}`;
  const isBare = input === null && output === null && LOCKING.has(named(f));
  const what = isBare ? f : `${f} of ${show(input ?? output)}`;
  return `${what} by ${who(operation)} (${interval})`;
}

/** Whether the operation may have taken effect. */
export function mayHaveHappened({ outcome }: Operation): boolean {
  return outcome !== "fail";
}

export function isAcknowledged({ outcome }: Operation): boolean {
  return outcome === "ok";
}

export function inOrderOfReturn(a: Operation, b: Operation): number {
  return a.completed === b.completed ? a.invoked - b.invoked : a.completed - b.completed;
}
