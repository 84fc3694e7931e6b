/**
 * Two observations of which each denies the other: both values were in place before the other was
 * observed. Whichever value came last, the observation of the other one found what had been
 * overwritten. (Terms are defined in register.ts; here every install in the story counts.)
 *
 * When all installs of both values had been acknowledged by then:
 * - split-brain: two groups each acknowledged and saw only their own. The sides (nodes where the
 *   recorder names them, otherwise client processes) that installed or observed the one value are
 *   all different from those that installed or observed the other.
 * - lost-update: both observations are successful cas: one of them overwrote the other's value.
 * - stale-read: otherwise.
 * When some of that is known from other observations only:
 * - new-old-inversion.
 */

import type { Operation } from "../../../histories/history.js";
import { invocationTime, keyName, show, who } from "../../describe.js";
import type { Install, Observation, RegisterStory } from "./register-story.js";
import { describe, type Name } from "./violation.js";

export function acknowledgedContradiction(story: RegisterStory): Name | undefined {
  const pair = findPair(story, (text) => story.acknowledgedBy(text));
  if (pair === undefined) return undefined;
  const [left, right] = pair;
  const installs = [left, right].flatMap(({ text }) => story.installsOf(text));
  const acknowledged = installs.map(({ operation }) => `the ${describe(operation)}`).join(" and ");
  const values = `${tell(left)} and ${tell(right)} in ${keyName(story.key)}`;
  if (areApart(story, left.text, right.text)) {
    return {
      type: "split-brain",
      message:
        `${values}, each side seeing only its own, although ${acknowledged} had all been ` +
        "acknowledged before",
    };
  }
  return {
    type: left.isCas && right.isCas ? "lost-update" : "stale-read",
    message: `${values}, although ${acknowledged} had all been acknowledged before: one of the two is stale`,
  };
}

export function observedContradiction(story: RegisterStory): Name | undefined {
  const pair = findPair(story, (text) => story.inPlaceBy(text));
  if (pair === undefined) return undefined;
  const [left, right] = pair;
  return {
    type: "new-old-inversion",
    message:
      `${tell(left)} and ${tell(right)} in ${keyName(story.key)}, although each value had been there ` +
      "before the other was found: whichever is the newer, the other came back",
  };
}

function findPair(
  story: RegisterStory,
  inPlaceBy: (text: string) => number,
): [Observation, Observation] | undefined {
  for (const right of story.observations) {
    for (const left of story.observations) {
      if (left === right) break;
      if (left.text === right.text) continue;
      if (inPlaceBy(left.text) > right.operation.invoked) continue;
      if (inPlaceBy(right.text) < left.operation.invoked) return [left, right];
    }
  }
  return undefined;
}

/** Whether each value was installed, and no side has to do with both. */
function areApart(story: RegisterStory, left: string, right: string): boolean {
  if (story.installsOf(left).length === 0 || story.installsOf(right).length === 0) return false;
  const sides = new Set(involved(story, left).map(({ operation }) => sideOf(operation)));
  return involved(story, right).every(({ operation }) => !sides.has(sideOf(operation)));
}

function involved(story: RegisterStory, text: string): Install[] {
  return [...story.installsOf(text), ...story.observationsOf(text)];
}

function sideOf({ node, process }: Operation): string {
  return node ?? `process ${process}`;
}

function tell({ operation, value, isCas }: Observation): string {
  const found = isCas ? `found ${show(value)} with a compare-and-set` : `read ${show(value)}`;
  return `${who(operation)} ${found} (begun at ${invocationTime(operation)})`;
}
