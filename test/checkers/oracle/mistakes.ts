/**
 * Classic mistakes of a checker, made on purpose: misreading the events before they are judged,
 * getting real-time order wrong by one, or taking an object for another.
 */

import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { isLinearizableAs } from "./linearizable-oracle.js";
import { renumbered } from "./notation.js";
import { isLook, isTake, isTelling, type ObjectType, objectTypes } from "./object-types.js";
import {
  type ObservedOperation,
  observedOperations,
  type precedes,
} from "./observed-operations.js";
import type { RandomHistory } from "./random-history.js";
import { container } from "./sequential/containers.js";
import { sequentialObjects } from "./sequential/index.js";
import type { SequentialObject } from "./sequential/sequential-object.js";

export interface Mistake {
  name: string;
  types: readonly ObjectType[];
  /** The verdict of a checker that makes the mistake. */
  verdict(history: RandomHistory): boolean;
}

const ordered = objectTypes.filter((type) => type !== "unique-ids");
const locks: readonly ObjectType[] = ["mutex", "owned-mutex", "semaphore"];
const containers: readonly ObjectType[] = [
  ...(["queue", "stack", "priority-queue", "max-priority-queue"] as const),
];
const holdingAnything: readonly ObjectType[] = [
  ...(["register", "cas-register", "kv", "set", "queue", "stack", "list-append"] as const),
];
/** Those whose updates need the object to be in some state. */
const conditional: readonly ObjectType[] = ["cas-register", "kv", ...locks];
const withInit = ordered.filter((type) => !locks.includes(type));
const withNull: readonly ObjectType[] = ["register", "cas-register", "kv", ...containers];

type Reading = (history: RandomHistory) => Pick<RandomHistory, "events" | "init">;

function misreading(name: string, types: readonly ObjectType[], read: Reading): Mistake {
  return {
    name,
    types,
    verdict(history) {
      const { events, init } = read(history);
      const object = sequentialObjects[history.type];
      return isLinearizableAs(object, observedOperations(events), init);
    },
  };
}

function misordering(name: string, isBefore: typeof precedes): Mistake {
  return {
    name,
    types: ordered,
    verdict: ({ type, events, init }) =>
      isLinearizableAs(sequentialObjects[type], observedOperations(events), init, isBefore),
  };
}

function mistaking(
  name: string,
  types: readonly ObjectType[],
  wrong: (right: SequentialObject) => SequentialObject,
): Mistake {
  return {
    name,
    types,
    verdict: ({ type, events, init }) =>
      isLinearizableAs(wrong(sequentialObjects[type]), observedOperations(events), init),
  };
}

/** The same object, asked another question. */
function asking(change: (operation: ObservedOperation) => ObservedOperation) {
  return ({ initial, step }: SequentialObject): SequentialObject => ({
    initial,
    step: (state, operation) => step(state, change(operation as ObservedOperation)),
  });
}

export const mistakes: readonly Mistake[] = [
  misreading(
    "a failed operation may have happened",
    ordered,
    retyped((event) => (event.type === "fail" ? { ...event, type: "info" } : event)),
  ),
  misreading("a pending operation never happened", ordered, ({ events, init }) => {
    const pending = pendingInvocations(events).flatMap((at) => [
      at,
      events.findIndex((e, later) => later > at && e.process === events[at]!.process),
    ]);
    return { events: renumbered(events.filter((_, at) => !pending.includes(at))), init };
  }),
  misreading("a pending update must have happened before the end", conditional, (history) => {
    const { events, init } = history;
    const pending = pendingInvocations(events).map((at) => events[at]!);
    const open = new Set(pending.map(({ process }) => process));
    const updates = pending.filter(({ f }) => !isLook(f));
    const kept = events.filter(({ type, process }) => type !== "info" || !open.has(process));
    const forced = updates.map((event): HistoryEvent => ({ ...event, type: "ok" }));
    return { events: renumbered([...kept, ...forced]), init };
  }),
  misreading(
    "an update that ended in info happened before the info",
    ordered,
    retyped((event) =>
      event.type === "info" && !isLook(event.f) ? { ...event, type: "ok" } : event,
    ),
  ),
  misreading("an operation takes effect when it is invoked", ordered, ({ events, init }) => {
    const instant = observedOperations(events).flatMap(({ invoked, completed }) =>
      [invoked, completed].filter((at) => at !== Infinity).map((at) => events[at]!),
    );
    return { events: renumbered(instant), init };
  }),
  misreading(
    "all keys are one object",
    objectTypes,
    retyped(({ key: _, ...event }) => event),
  ),
  misreading(
    'key 1 and key "1" are one object',
    objectTypes,
    retyped(({ key, ...event }) => (key === undefined ? event : { ...event, key: String(key) })),
  ),
  misreading("init is forgotten", withInit, ({ events }) => ({ events, init: null })),
  misreading(
    'value 0 and value "0" are equal',
    [...holdingAnything, "unique-ids"],
    retyped((event) => ({
      ...event,
      value: JSON.parse(JSON.stringify(event.value).replaceAll('"0"', "0")) as Json,
    })),
  ),
  misreading("to find nothing tells nothing", withNull, ({ events, init }) => {
    const silent = observedOperations(events)
      .filter(({ f, outcome, output }) => outcome === "ok" && isTelling(f, output))
      .filter(({ output }) => output === null)
      .flatMap(({ invoked, completed }) => [invoked, completed]);
    return { events: renumbered(events.filter((_, at) => !silent.includes(at))), init };
  }),

  misordering("real time does not matter", () => false),
  misordering(
    "an operation that ended just before another began overlaps it",
    (earlier, later) => earlier.completed + 1 < later.invoked,
  ),
  misordering(
    "an operation that ended just after another began came before it",
    (earlier, later) => earlier !== later && earlier.completed - 1 <= later.invoked,
  ),

  mistaking("last in, first out", ["queue"], () =>
    container({ enqueue: "put", dequeue: "take", peek: "look" }, (all) => all.length - 1),
  ),
  mistaking("first in, first out", ["stack"], () =>
    container({ push: "put", pop: "take", peek: "look", top: "look" }, () => 0),
  ),
  mistaking("the greatest is the least", ["priority-queue"], () =>
    priorities("min", (elements) => elements.indexOf(Math.max(...elements))),
  ),
  mistaking("the least is the greatest", ["max-priority-queue"], () =>
    priorities("max", (elements) => elements.indexOf(Math.min(...elements))),
  ),
  mistaking("10 is less than 9", ["priority-queue"], () =>
    priorities("min", (elements) => elements.indexOf(elements.toSorted()[0]!)),
  ),
  mistaking("an element is there only once", containers, ({ initial, step }) => ({
    initial,
    step(state, operation) {
      const isThere = (state as Json[]).includes(operation.input);
      return !isThere || isLook(operation.f) || isTake(operation.f)
        ? step(state, operation)
        : state;
    },
  })),
  mistaking("a pending take takes nothing", containers, ({ initial, step }) => ({
    initial,
    step: (state, operation) =>
      operation.output === undefined && isTake(operation.f) ? state : step(state, operation),
  })),
  mistaking("to look takes away", containers, ({ initial, step }) => ({
    initial,
    step(state, operation) {
      const after = step(state, operation);
      return isLook(operation.f) ? (after as Json[] | undefined)?.slice(1) : after;
    },
  })),

  mistaking("anyone may release", ["owned-mutex"], () => sequentialObjects.mutex),
  mistaking("only the holder may release", ["mutex"], () => sequentialObjects["owned-mutex"]),
  mistaking(
    "every acquire takes one permit",
    ["semaphore"],
    asking((operation) => ({ ...operation, input: 1 })),
  ),
  mistaking("more permits may come back than went out", ["semaphore"], ({ initial, step }) => ({
    initial,
    step(state, operation) {
      const [available] = state as [number, number];
      const after = step([available, 99], operation);
      return after;
    },
  })),

  mistaking(
    "what add and remove answer tells nothing",
    ["set"],
    asking((operation) =>
      operation.f === "read" ? operation : { ...operation, output: undefined },
    ),
  ),
  mistaking("nothing is ever removed", ["set"], ({ initial, step }) => ({
    initial,
    step(state, operation) {
      const after = step(state, operation);
      return after !== undefined && operation.f === "remove" ? state : after;
    },
  })),
  mistaking(
    "a decrement increments",
    ["counter"],
    asking((operation) =>
      operation.f === "decrement" ? { ...operation, f: "increment" } : operation,
    ),
  ),
  mistaking("it answers the sum after", ["fetch-and-add"], ({ initial, step }) => ({
    initial,
    step(state, operation) {
      const after = step(state, { ...operation, output: undefined });
      return operation.output === undefined || operation.output === after ? after : undefined;
    },
  })),
  mistaking("a list is listed in any order", ["list-append"], ({ initial, step }) => ({
    initial,
    step(state, operation) {
      if (operation.f !== "read" || !Array.isArray(operation.output)) return step(state, operation);
      const sorted = (list: Json) => JSON.stringify((list as Json[]).map(textOf).sort());
      return sorted(operation.output) === sorted(state) ? state : undefined;
    },
  })),
  mistaking("a pending swap swaps whatever it finds", ["cas-register", "kv"], (right) => ({
    initial: right.initial,
    step: (state, operation) =>
      operation.f === "cas" && operation.output === undefined
        ? (operation.input as Json[])[1]
        : right.step(state, operation),
  })),
  mistaking("append replaces", ["kv"], ({ initial, step }) => ({
    initial,
    step: (state, operation) =>
      step(state, operation.f === "append" ? { ...operation, f: "write" } : operation),
  })),
];

function priorities(extreme: string, next: (elements: readonly number[]) => number) {
  const puts = { insert: "put", add: "put", offer: "put" } as const;
  const takes = Object.fromEntries(
    ["poll", ...["delete", "extract", "remove"].map((verb) => `${verb}-${extreme}`)].map((f) => [
      f,
      "take" as const,
    ]),
  );
  const looks = { peek: "look", [extreme]: "look", [`find-${extreme}`]: "look" } as const;
  return container({ ...puts, ...takes, ...looks }, (elements) => next(elements as number[]));
}

function textOf(value: Json): string {
  return JSON.stringify(value);
}

function retyped(change: (event: HistoryEvent) => HistoryEvent): Reading {
  return ({ events, init }) => ({
    events: events.map((event) => (typeof event.process === "number" ? change(event) : event)),
    init,
  });
}

function pendingInvocations(events: readonly HistoryEvent[]): number[] {
  return observedOperations(events)
    .filter(({ outcome }) => outcome === "info")
    .map(({ invoked }) => invoked);
}
