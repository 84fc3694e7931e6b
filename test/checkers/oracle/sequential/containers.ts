/**
 * - queue               enqueue; dequeue takes the oldest
 * - stack               push; pop takes the newest; top is another name of peek
 * - priority-queue      insert numbers; delete-min takes the least; find-min only looks
 * - max-priority-queue  the same with the greatest
 *
 * Taking from an empty container, or looking into it, answers null.
 */

import type { Json } from "../../../../src/base/json.js";
import { answers, type SequentialObject, unknownFunction } from "./sequential-object.js";

type Role = "put" | "take" | "look";

const priorityNames = { insert: "put", add: "put", offer: "put", poll: "take" } as const;

export const queue = container({ enqueue: "put", dequeue: "take", peek: "look" }, () => 0);

export const stack = container(
  { push: "put", pop: "take", peek: "look", top: "look" },
  (elements) => elements.length - 1,
);

export const priorityQueue = container(
  {
    ...priorityNames,
    ...{ "delete-min": "take", "extract-min": "take", "remove-min": "take" },
    ...{ "find-min": "look", peek: "look", min: "look" },
  },
  (elements) => elements.indexOf(Math.min(...(elements as number[]))),
);

export const maxPriorityQueue = container(
  {
    ...priorityNames,
    ...{ "delete-max": "take", "extract-max": "take", "remove-max": "take" },
    ...{ "find-max": "look", peek: "look", max: "look" },
  },
  (elements) => elements.indexOf(Math.max(...(elements as number[]))),
);

/** `next` is the position of the element that is next; the elements are in order of insertion. */
export function container(
  roles: Readonly<Record<string, Role>>,
  next: (elements: readonly Json[]) => number,
): SequentialObject {
  return {
    initial: (init) => init ?? [],
    step(state, { f, input, output }) {
      const elements = state as Json[];
      const role = roles[f] ?? unknownFunction(f);
      if (role === "put") return [...elements, input];
      if (elements.length === 0) return answers(output, null) ? elements : undefined;
      const at = next(elements);
      if (!answers(output, elements[at]!)) return undefined;
      return role === "look" ? elements : elements.toSpliced(at, 1);
    },
  };
}
