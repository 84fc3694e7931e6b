/** Queues, stacks and priority queues. */

import type { Json } from "../../../../src/base/json.js";
import {
  among,
  type Dialect,
  likeValues,
  nearlyUnique,
  trickyValues,
  uniqueNumbers,
  type Values,
  weighted,
} from "./atomic-object.js";

/** Puts an element where it belongs, the element that is next to be taken in front. */
type Insert = (elements: readonly Json[], element: Json) => Json[];

const last: Insert = (elements, element) => [...elements, element];
const first: Insert = (elements, element) => [element, ...elements];
const ascending: Insert = (elements, element) =>
  [...elements, element].sort((left, right) => (left as number) - (right as number));
const descending: Insert = (elements, element) => ascending(elements, element).reverse();

export const queues: readonly Dialect[] = [
  ...dialectsOf(last, ["enqueue"], ["dequeue"], ["peek"]),
  dialect(last, { enqueue: 55, dequeue: 45 }, among(likeValues), [null, [0, "0"]]),
  dialect(last, { enqueue: 55, dequeue: 45 }, among(trickyValues), [null, [[0]]]),
];

export const stacks: readonly Dialect[] = [
  ...dialectsOf(first, ["push"], ["pop"], ["peek", "top"]),
  dialect(first, { push: 55, pop: 45 }, among(likeValues), [null, [0, "0"]]),
  dialect(first, { push: 55, pop: 45 }, among(trickyValues), [null, [[0]]]),
];

export const priorityQueues: readonly Dialect[] = [
  ...dialectsOf(ascending, ["insert"], ["delete-min"], ["find-min", "peek"]),
  ...dialectsOf(ascending, ["add", "offer"], ["poll", "extract-min", "remove-min"], ["min"]),
];

export const maxPriorityQueues: readonly Dialect[] = [
  ...dialectsOf(descending, ["insert"], ["delete-max"], ["find-max", "peek"]),
  ...dialectsOf(descending, ["add", "offer"], ["poll", "extract-max", "remove-max"], ["max"]),
];

function dialectsOf(
  insert: Insert,
  puts: readonly string[],
  takes: readonly string[],
  looks: readonly string[],
): Dialect[] {
  const shares = (names: readonly string[], percent: number) =>
    Object.fromEntries(names.map((f) => [f, percent / names.length]));
  const plain = { ...shares(puts, 55), ...shares(takes, 45) };
  const looking = { ...shares(puts, 45), ...shares(takes, 30), ...shares(looks, 25) };
  return [
    dialect(insert, plain, uniqueNumbers, [null, [100, -5.5]]),
    dialect(insert, looking, uniqueNumbers, [null, [200]]),
    dialect(insert, plain, among([0, 1, 2]), [null, [1, 0, 1]]),
    dialect(insert, looking, among([0, 1]), [null, [1]]),
    dialect(insert, plain, nearlyUnique, [null, [3]]),
  ];
}

function dialect(
  insert: Insert,
  weights: Record<string, number>,
  values: Values,
  inits: readonly Json[],
): Dialect {
  const isPut = (f: string) => ["enqueue", "push", "insert", "add", "offer"].includes(f);
  const isLook = (f: string) => /peek|top|find|^min$|^max$/.test(f);
  return {
    isDistinct: values === uniqueNumbers,
    inits,
    initial: (init) => ((init ?? []) as Json[]).reduce<Json[]>(insert, []),
    ask({ roll, pick, ordinal }) {
      const f = weighted(roll, weights);
      return { f, input: isPut(f) ? values(pick, ordinal) : null };
    },
    apply(state, { f, input }) {
      const elements = state as Json[];
      if (isPut(f)) return { answer: input, next: insert(elements, input) };
      const [next = null, ...others] = elements;
      return { answer: next, next: isLook(f) ? elements : others };
    },
    /** Another element to the front. */
    confused(state, pick) {
      const elements = state as Json[];
      const at = pick % Math.max(elements.length, 1);
      return [...elements.slice(at), ...elements.slice(0, at)];
    },
  };
}
