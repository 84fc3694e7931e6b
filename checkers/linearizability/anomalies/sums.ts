/**
 * Names for violations of sums: counters and fetch-and-add. An operation that answered the sum *saw*
 * it, and *left* it greater by what it added itself. Names, the first that holds is given:
 *
 * - impossible-count: an operation saw something that is no whole number.
 * - overcount (undercount): an operation saw more (less) than what was there from the start, or what
 *   an operation that was over before had left, and all that can have been added since: what surely
 *   was (invoked later and acknowledged before), and the increments (decrements) of what may have
 *   been.
 */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { completionTime, invocationTime, keyName, show, who } from "../../describe.js";
import type { Name } from "./violation.js";

/** Pairs of sights times steps that are compared; a story worth telling has fewer. */
const COMPARISONS_MAX = 20_000_000;

/** An addition that did not fail. */
export interface Step {
  operation: Operation;
  delta: number;
}

export interface SumStory {
  key: Json | undefined;
  init: number;
  steps: readonly Step[];
  /** What answered the sum, and the step that it was itself (0 for a read), in order of completion. */
  sights: readonly { operation: Operation; delta: number }[];
}

export function startOf(init: Json): number {
  return typeof init === "number" ? init : 0;
}

export function nameSum(story: SumStory): Name | undefined {
  return impossibleCount(story) ?? sinceStart(story) ?? sinceSight(story);
}

function impossibleCount({ key, sights }: SumStory): Name | undefined {
  for (const { operation } of sights) {
    if (Number.isInteger(operation.output)) continue;
    const message = `${who(operation)} read ${show(operation.output)} from ${keyName(key)}, which is no whole number`;
    return { type: "impossible-count", message };
  }
  return undefined;
}

function sinceStart(story: SumStory): Name | undefined {
  for (const { operation } of story.sights) {
    const name = outside(story, operation, story.init, undefined);
    if (name !== undefined) return name;
  }
  return undefined;
}

function sinceSight(story: SumStory): Name | undefined {
  if (story.sights.length ** 2 * story.steps.length > COMPARISONS_MAX) return undefined;
  for (const later of story.sights) {
    for (const { operation: earlier, delta } of story.sights) {
      if (earlier.completed > later.operation.invoked) continue;
      const left = (earlier.output as number) + delta;
      const name = outside(story, later.operation, left, earlier);
      if (name !== undefined) return name;
    }
  }
  return undefined;
}

function outside(
  { key, steps }: SumStory,
  seer: Operation,
  left: number,
  since: Operation | undefined,
): Name | undefined {
  let [low, high] = [left, left];
  for (const { operation, delta } of steps) {
    if (operation === seer || operation === since) continue;
    if (operation.invoked > seer.completed) continue;
    if (since !== undefined && operation.completed < since.invoked) continue;
    const surely =
      operation.completed < seer.invoked && operation.invoked > (since?.completed ?? -1);
    low += surely ? delta : Math.min(delta, 0);
    high += surely ? delta : Math.max(delta, 0);
  }
  const value = seer.output as number;
  if (value >= low && value <= high) return undefined;
  const found = `${who(seer)} read ${value} from ${keyName(key)} (begun at ${invocationTime(seer)})`;
  const after =
    since === undefined
      ? ""
      : ` since ${who(since)} read ${show(since.output)} by ${completionTime(since)}`;
  return value > high
    ? { type: "overcount", message: `${found}, more than the ${high} that adds reach${after}` }
    : {
        type: "undercount",
        message: `${found}, less than the ${low} that adds had reached${after}`,
      };
}
