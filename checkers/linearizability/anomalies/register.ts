/**
 * Names for violations of registers, cas-registers and key-value stores without appends.
 *
 * An operation *observes* v when it is a completed read of v or a successful cas from v; it
 * *installs* v when it is a write of v or a cas to v that did not fail. v is *in place* when every
 * install of v that an observation can have seen has been acknowledged; a v that was installed once
 * is also in place as soon as it has been observed. An acknowledged install of another value is
 * *missed* by an observation of v when it was invoked after v was in place, or was a cas from the
 * only v, and completed before the observation was invoked: by then v was overwritten. Names, the
 * first that holds is given:
 *
 * - garbage-read, aborted-read, future-read: see foreign-value.ts.
 * - lost-update: more successful cas from v than times v can have been there (each ends one), or a
 *   successful cas that missed an install: what it overwrote was lost on it.
 * - lost-write, stale-read: a read that missed an install; lost-write when the read was made after
 *   everything had healed.
 * - split-brain, lost-update, stale-read: a contradiction of what was acknowledged, see
 *   contradiction.ts.
 * - new-old-inversion: an observation of w, and after it completed, one of v, which was older: the
 *   installs of v had been acknowledged before the observation of w began, or v was in place before
 *   any w was installed.
 * - double-effect: v, then another value, then v again were observed, one after the other, though v
 *   was installed once.
 * - new-old-inversion: a contradiction of what was observed.
 */

import type { Anomaly } from "../../checker.js";
import { completionTime, invocationTime, keyName, show, who } from "../../describe.js";
import { acknowledgedContradiction, observedContradiction } from "./contradiction.js";
import { nameForeignValue } from "./foreign-value.js";
import { type Observation, RegisterStory } from "./register-story.js";
import { describe, type Name, nameBy, type Violation } from "./violation.js";

const detectors = [
  foreignValue,
  doubleCas,
  missingCas,
  missingRead,
  acknowledgedContradiction,
  newOldInversion,
  doubleEffect,
  observedContradiction,
];

export function nameRegisterViolation(violation: Violation): Anomaly {
  const story = new RegisterStory(violation, { nullReadsAsEmpty: false });
  return nameBy(violation, story, detectors);
}

/** Of a key that nobody appended to. */
export function nameKeyViolation(violation: Violation): Anomaly {
  const story = new RegisterStory(violation, { nullReadsAsEmpty: true });
  return nameBy(violation, story, detectors);
}

function foreignValue(story: RegisterStory): Name | undefined {
  for (const seen of story.observations) {
    if (story.isInitial(seen.text)) continue;
    const attempts = story.attempts(seen.text);
    const name = nameForeignValue(seen.operation, attempts, found(story, seen), "wrote to it");
    if (name !== undefined) return name;
  }
  return undefined;
}

function doubleCas(story: RegisterStory): Name | undefined {
  for (const { text, value } of story.observations) {
    const times = story.timesInstalled(text);
    const ends = story.endsOf(text);
    if (ends.length <= times) continue;
    const names = ends.map((cas) => `${show(cas.input)} by ${who(cas)}`);
    return {
      type: "lost-update",
      message:
        `${ends.length} compare-and-sets on ${keyName(story.key)} succeeded from ${show(value)}, which was ` +
        `there ${times === 1 ? "once" : `${times} times`}: ${names.slice(0, 4).join(" and ")}`,
    };
  }
  return undefined;
}

function missingCas(story: RegisterStory): Name | undefined {
  for (const seen of story.observations) {
    const missed = seen.isCas ? story.missedBy(seen).at(-1) : undefined;
    if (missed === undefined) continue;
    return {
      type: "lost-update",
      message:
        `the ${describe(seen.operation)} on ${keyName(story.key)} succeeded, although the ` +
        `${describe(missed.operation)} had been acknowledged in between: that update is lost`,
    };
  }
  return undefined;
}

function missingRead(story: RegisterStory): Name | undefined {
  for (const seen of story.observations) {
    const missed = story.missedBy(seen).at(-1);
    if (missed === undefined) continue;
    const { final } = seen.operation;
    const acknowledged = `although the ${describe(missed.operation)} had been acknowledged`;
    return {
      type: final ? "lost-write" : "stale-read",
      message:
        `${found(story, seen)} (begun at ${invocationTime(seen.operation)}), ${acknowledged}` +
        (final ? ": after everything had healed, it is gone" : ""),
    };
  }
  return undefined;
}

function newOldInversion(story: RegisterStory): Name | undefined {
  for (const old of story.observations) {
    const end = old.operation.completed;
    const acknowledged = story.acknowledgedBy(old.text, end);
    const inPlace = story.inPlaceBy(old.text, end);
    const newer = before(story, old).find(
      ({ operation, text }) =>
        operation.invoked > acknowledged || story.possibleSince(text) > inPlace,
    );
    if (newer === undefined) continue;
    return {
      type: "new-old-inversion",
      message:
        `${who(newer.operation)} found the newer ${show(newer.value)} in ${keyName(story.key)} by ` +
        `${completionTime(newer.operation)}, and after that ${found(story, old)}`,
    };
  }
  return undefined;
}

function doubleEffect(story: RegisterStory): Name | undefined {
  for (const again of story.observations) {
    if (story.timesInstalled(again.text) !== 1) continue;
    for (const middle of before(story, again)) {
      const first = story.observationsOf(again.text)[0]!;
      if (first.operation.completed > middle.operation.invoked) continue;
      const finders = [first, middle, again].map(({ operation }) => who(operation)).join(", ");
      return {
        type: "double-effect",
        message:
          `${keyName(story.key)} held ${show(first.value)}, then ${show(middle.value)}, then ` +
          `${show(again.value)} again (found by ${finders}), though ${show(again.value)} was written once`,
      };
    }
  }
  return undefined;
}

/** Observations of other values that completed before this one was invoked. */
function before(story: RegisterStory, { operation, text }: Observation): Observation[] {
  return story.observations.filter(
    (other) => other.text !== text && other.operation.completed < operation.invoked,
  );
}

function found(story: RegisterStory, { operation, value, isCas }: Observation): string {
  const how = isCas ? `succeeded with a compare-and-set ${show(operation.input)} from` : "read";
  return `${who(operation)} ${how} ${show(value)} in ${keyName(story.key)}`;
}
