/**
 * Names for violations of registers and cas-registers.
 *
 * An operation *observes* v when it is a completed read of v or a successful cas from v; it
 * *installs* v when it is a write of v or a cas to v that did not fail. An acknowledged install I of
 * another value is *missed* by an observation O of v when I was invoked after every install of v
 * that O could have seen had completed, and I completed before O was invoked: by then v was
 * overwritten, whatever the order of anything else. Names, the first that holds is given:
 *
 * - garbage-read: an observation of a value that nobody ever tried to install.
 * - aborted-read: an observation of a value that only failed operations tried to install
 *   (Adya's G1a; also called a dirty read).
 * - future-read: an observation that completed before every install of its value was invoked.
 * - lost-update: more successful cas from v than times v can have been there (each ends one), or a
 *   successful cas that missed an install: what it overwrote was lost on it.
 * - split-brain: see split-brain.ts.
 * - stale-read: a read that missed an install whose value somebody observed.
 * - new-old-inversion: an observation of a new value, and after it completed, one of a value that
 *   was surely older; or observations of u, v and u again, one after the other, with one install each.
 * - lost-write: a read that missed installs, none of which was ever observed by anybody.
 * - non-linearizable: none of these; the search found no order all the same.
 *
 * Each definition but the last is by itself a proof, so a name is never wrong about the history.
 * Evidence comes from the shortest prefix without an explanation; who else saw a value, and whether
 * values flip, is looked up in the whole history. O(n * distinct values) at worst.
 */

import type { Anomaly } from "../../checker.js";
import { indexes, keyName, ms, show, who } from "../../describe.js";
import { type Observation, RegisterView } from "./register-view.js";
import { splitBrain } from "./split-brain.js";
import { describe, nonLinearizable, type Violation } from "./violation.js";

type Detector = (view: RegisterView) => Anomaly | undefined;

const detectors: readonly Detector[] = [
  garbageRead,
  abortedRead,
  futureRead,
  doubleCas,
  staleCas,
  splitBrain,
  staleRead,
  newOldInversion,
  flipFlop,
  lostWrite,
];

export function nameRegisterViolation(violation: Violation): Anomaly {
  const view = new RegisterView(violation);
  for (const detector of detectors) {
    const anomaly = detector(view);
    if (anomaly !== undefined) return anomaly;
  }
  const { breaking } = violation;
  const seen = view.observationOf(breaking);
  const installs = seen === undefined ? [] : view.installsBefore(seen.value, breaking.completed);
  return nonLinearizable(violation, [
    ...installs.slice(-2).map((install) => install.operation),
    ...view.latestAcknowledgedBefore(breaking.invoked),
  ]);
}

function garbageRead(view: RegisterView): Anomaly | undefined {
  const found = view.observations.find(
    ({ value }) => !view.isInitial(value) && view.attempts(value).length === 0,
  );
  return (
    found && {
      type: "garbage-read",
      message: `${observed(view, found)}, which nobody wrote to it`,
      ops: indexes([found.operation]),
    }
  );
}

function abortedRead(view: RegisterView): Anomaly | undefined {
  const found = view.observations.find(
    ({ value }) => !view.isInitial(value) && view.installs(value).length === 0,
  );
  if (found === undefined) return undefined;
  const failed = view.attempts(found.value);
  return {
    type: "aborted-read",
    message: `${observed(view, found)}, but the ${describe(failed[0]!)} had failed`,
    ops: indexes([found.operation, ...failed.slice(0, 3)]),
  };
}

function futureRead(view: RegisterView): Anomaly | undefined {
  const found = view.observations.find(
    ({ value, operation }) =>
      !view.isInitial(value) &&
      view.installs(value).every((install) => install.operation.invoked > operation.completed),
  );
  if (found === undefined) return undefined;
  const first = view.installs(found.value)[0]!.operation;
  return {
    type: "future-read",
    message: `${observed(view, found)} at ${ms(found.operation.completedAt)}, before the ${describe(first)} began`,
    ops: indexes([found.operation, first]),
  };
}

function doubleCas(view: RegisterView): Anomaly | undefined {
  for (const { from, operations } of view.successfulCasByOrigin()) {
    const installs = view.installs(from);
    const times = installs.length + (view.isInitial(from) ? 1 : 0);
    if (operations.length <= times) continue;
    const pair = operations.slice(0, times + 1);
    const names = pair.map((operation) => `${show(operation.input)} by ${who(operation)}`);
    return {
      type: "lost-update",
      message:
        `${pair.length} compare-and-sets on ${keyName(view.key)} succeeded from ${show(from)}, which was ` +
        `there ${times === 1 ? "once" : `${times} times`}: ${names.slice(0, 4).join(" and ")}`,
      ops: indexes([
        ...pair.slice(0, 6),
        ...installs.slice(0, 4).map((install) => install.operation),
      ]),
    };
  }
  return undefined;
}

function staleCas(view: RegisterView): Anomaly | undefined {
  const found = view.misses.find(({ by }) => by.isCas);
  if (found === undefined) return undefined;
  const { by, missed } = found;
  return {
    type: "lost-update",
    message:
      `the ${describe(by.operation)} on ${keyName(view.key)} succeeded, although the ` +
      `${describe(missed.operation)} had been acknowledged in between: that update is lost`,
    ops: indexes([by.operation, missed.operation, ...origin(view, by)]),
  };
}

function staleRead(view: RegisterView): Anomaly | undefined {
  for (const { by, missed } of view.misses) {
    const seen = [missed, ...view.allMissed(by)].find(
      (install) => view.witness(install) !== undefined,
    );
    if (seen === undefined) continue;
    const witness = view.witness(seen)!;
    return {
      type: "stale-read",
      message:
        `${observed(view, by)} from ${ms(by.operation.invokedAt)} on, although the ` +
        `${describe(seen.operation)} had been acknowledged and was seen by ${who(witness.operation)}`,
      ops: indexes([by.operation, seen.operation, witness.operation, ...origin(view, by)]),
    };
  }
  return undefined;
}

function lostWrite(view: RegisterView): Anomaly | undefined {
  const found = view.misses[0];
  if (found === undefined) return undefined;
  const { by, missed } = found;
  return {
    type: "lost-write",
    message:
      `the ${describe(missed.operation)} on ${keyName(view.key)} was acknowledged, but nobody ever saw it: ` +
      `the later ${describe(by.operation)} found what was there before`,
    ops: indexes([missed.operation, by.operation, ...origin(view, by)]),
  };
}

/** Of the observations completed so far, the one whose value is surely the newest is compared. */
function newOldInversion(view: RegisterView): Anomaly | undefined {
  const newest: { first: number; observation: Observation }[] = [];
  for (const observation of view.observations) {
    const first = view.firstInstalled(observation.value);
    if (first > (newest.at(-1)?.first ?? -1)) newest.push({ first, observation });
  }
  for (const old of view.observations) {
    const before = newest.findLast(
      ({ observation }) => observation.operation.completed < old.operation.invoked,
    );
    if (before === undefined || before.first <= view.lastInstalled(old)) continue;
    const { operation, value } = before.observation;
    const install = view.installs(value)[0]!.operation;
    return {
      type: "new-old-inversion",
      message:
        `${who(operation)} found the newer ${show(value)} in ${keyName(view.key)} by ` +
        `${ms(operation.completedAt)}, and after that ${observed(view, old)}`,
      ops: indexes([operation, old.operation, install, ...origin(view, old)]),
    };
  }
  return undefined;
}

function flipFlop(view: RegisterView): Anomaly | undefined {
  const spans = new Map<string, { first: Observation; last: Observation }>();
  const once = view.allObservations.filter(({ value }) => view.timesInstalled(value) === 1);
  for (const observation of once) {
    const span = spans.get(observation.text);
    if (span === undefined) spans.set(observation.text, { first: observation, last: observation });
    else if (observation.operation.invoked > span.last.operation.invoked) span.last = observation;
  }
  for (const middle of once) {
    for (const { first, last } of spans.values()) {
      if (first.text === middle.text) continue;
      if (first.text !== view.breakingText && middle.text !== view.breakingText) continue;
      if (first.operation.completed > middle.operation.invoked) continue;
      if (last.operation.invoked < middle.operation.completed) continue;
      const readers = [first, middle, last].map(({ operation }) => who(operation)).join(", ");
      return {
        type: "new-old-inversion",
        message:
          `${keyName(view.key)} held ${show(first.value)}, then ${show(middle.value)}, then ` +
          `${show(last.value)} again (found by ${readers}), and neither value was written twice`,
        ops: indexes([first, middle, last].map(({ operation }) => operation)),
      };
    }
  }
  return undefined;
}

function observed(view: RegisterView, { operation, value, isCas }: Observation): string {
  const how = isCas ? `succeeded with a compare-and-set ${show(operation.input)} from` : "read";
  return `${who(operation)} ${how} ${show(value)} in ${keyName(view.key)}`;
}

/** The install that an observation most likely saw. */
function origin(view: RegisterView, { value, operation }: Observation) {
  return view
    .installsBefore(value, operation.completed)
    .slice(-1)
    .map((install) => install.operation);
}
