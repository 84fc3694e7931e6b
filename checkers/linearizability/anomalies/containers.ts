/**
 * Names that queues, stacks and priority queues share (terms: container-story.ts):
 *
 * - garbage-read, aborted-read, future-read: an element that was found, see foreign-value.ts.
 * - duplicate-delivery: an element was taken more often than it was put; or one that was put once
 *   was found by an operation that began after it had been taken.
 * - false-empty, lost-element: an operation found the container empty although one element or
 *   another was surely inside all the time, or more had been put in before it began than operations
 *   invoked before it returned can have taken; lost-element when everything had healed by then.
 */

import type { Operation } from "../../../histories/history.js";
import { canonical } from "../../../src/base/json.js";
import { completionTime, invocationTime, show, who } from "../../describe.js";
import { type ContainerStory, type Element, isTake } from "./container-story.js";
import { nameForeignValue } from "./foreign-value.js";
import { mayHaveHappened, type Name } from "./violation.js";

export const containerDetectors = [foreignElement, duplicateDelivery, falseEmpty] as const;

function foreignElement(story: ContainerStory): Name | undefined {
  for (const finder of story.finders) {
    const text = canonical(finder.output);
    if (story.countInitial(text) > 0) continue;
    const found = tell(finder, story);
    const attempts = story.attempts.get(text) ?? [];
    const name = nameForeignValue(finder, attempts, found, "put there");
    if (name !== undefined) return name;
  }
  return undefined;
}

function duplicateDelivery(story: ContainerStory): Name | undefined {
  const seen = new Map<string, Operation[]>();
  for (const finder of story.finders) {
    const text = canonical(finder.output);
    const takes = seen.get(text) ?? [];
    const puts = (story.attempts.get(text) ?? []).filter(mayHaveHappened);
    const times = puts.length + story.countInitial(text);
    const first = takes[0];
    const isAgain =
      takes.length >= times &&
      (isTake(finder) || takes.every(({ completed }) => completed < finder.invoked));
    if (first !== undefined && isAgain) {
      return {
        type: "duplicate-delivery",
        message:
          `${show(finder.output)} was put into ${story.where} ${times === 1 ? "once" : `${times} times`}, but ` +
          `${tell(first, story)} by ${completionTime(first)}, and ${tell(finder, story)} by ${completionTime(finder)}`,
      };
    }
    if (isTake(finder)) seen.set(text, [...takes, finder]);
  }
  return undefined;
}

function falseEmpty(story: ContainerStory): Name | undefined {
  for (const finder of story.foundEmpty) {
    const cover = coverOf(finder, [...story.elements.values()]);
    const put = story.puts.filter(({ completed }) => completed < finder.invoked).length;
    const taken = story.takes.filter(({ invoked }) => invoked < finder.completed).length;
    const left = story.initial.length + put - taken - story.pendingTakesBefore(finder.completed);
    if (cover === undefined && left <= 0) continue;
    const held = cover?.map(({ value }) => show(value)).slice(0, 4);
    const why =
      held === undefined
        ? "more was put there than taken"
        : `it held ${held.join(", then ")} all the time`;
    return {
      type: finder.final ? "lost-element" : "false-empty",
      message:
        `${who(finder)} found ${story.where} empty (begun at ${invocationTime(finder)}), though ${why}` +
        (finder.final ? ": after everything had healed, it is gone" : ""),
    };
  }
  return undefined;
}

/**
 * Elements of which one or the other is surely inside from the invocation of an operation to its
 * return; undefined when there is a gap. O(n log n).
 */
export function coverOf(
  { invoked, completed }: Operation,
  elements: readonly Element[],
): Element[] | undefined {
  const cover: Element[] = [];
  let covered = invoked;
  for (const element of elements.toSorted((a, b) => a.putBy - b.putBy)) {
    if (element.putBy > covered) return undefined;
    if (element.takenFrom <= covered) continue;
    covered = element.takenFrom;
    cover.push(element);
    if (covered > completed) return cover;
  }
  return undefined;
}

/** "process 2 took 7 from key x" */
export function tell(finder: Operation, { where }: ContainerStory): string {
  const [did, preposition] = isTake(finder) ? ["took", "from"] : ["saw", "at the head of"];
  return `${who(finder)} ${did} ${show(finder.output)} ${preposition} ${where}`;
}
