/**
 * Names for violations of priority queues, for the least element first or the greatest first: those
 * of containers.ts, and
 *
 * - priority-inversion: an element was found although one or another that comes before it was surely
 *   inside all the time; or more of these had been put in than can have been taken.
 * - lost-element: the same, and that other element was never taken, nor was there a take of unknown
 *   outcome left that can have taken it.
 */

import type { Json } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import { completionTime, show } from "../../describe.js";
import { ContainerStory } from "./container-story.js";
import { containerDetectors, tell } from "./containers.js";
import { type Discipline, nameDisorder } from "./order.js";
import { type Name, nameBy, type Violation } from "./violation.js";

export type Order = "min" | "max";

export function namePriorityQueueViolation(order: Order): (violation: Violation) => Anomaly {
  const isFirst = (one: Json, other: Json): boolean =>
    order === "min" ? Number(one) < Number(other) : Number(one) > Number(other);
  const discipline: Discipline = {
    disorder: "priority-inversion",
    position: "comes before",
    isAheadByPut: false,
    standsBefore: (blocker, found) => isFirst(blocker.value, found.value),
  };
  return (violation) =>
    nameBy(violation, new ContainerStory(violation), [
      ...containerDetectors,
      (story) => nameDisorder(story, discipline),
      (story) => nameSurplus(story, isFirst),
    ]);
}

function nameSurplus(
  story: ContainerStory,
  isFirst: (one: Json, other: Json) => boolean,
): Name | undefined {
  for (const finder of story.finders) {
    const comesFirst = (value: Json): boolean => isFirst(value, finder.output);
    const put = story.puts.filter(
      ({ input, completed }) => comesFirst(input) && completed < finder.invoked,
    );
    const taken = story.takes.filter(
      ({ output, invoked }) => comesFirst(output) && invoked < finder.completed,
    );
    const before = story.initial.filter(comesFirst).length + put.length;
    if (before <= taken.length + story.pendingTakesBefore(finder.completed)) continue;
    const example = put.at(-1)?.input ?? story.initial.find(comesFirst);
    return {
      type: "priority-inversion",
      message:
        `${tell(finder, story)} by ${completionTime(finder)}, but ${before} elements that come before it ` +
        `(${show(example)} …) had been put there, and no more than ${taken.length} taken`,
    };
  }
  return undefined;
}
