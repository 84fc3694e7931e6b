/** The longest partial linearizations, and the states an object can be in. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { aliased } from "../../../../checkers/linearizability/explain/calls.js";
import { partialLinearizations } from "../../../../checkers/linearizability/explain/partial.js";
import { possibleStates } from "../../../../checkers/linearizability/explain/possible-states.js";
import { prefixUntil } from "../../../../checkers/linearizability/explain/prefix.js";
import type { Model } from "../../../../checkers/linearizability/model.js";
import { counter } from "../../../../checkers/linearizability/models/counter.js";
import { register } from "../../../../checkers/linearizability/models/register.js";
import { queue } from "../../../../checkers/linearizability/models/sequences.js";
import { typeNamed } from "../../../../checkers/linearizability/types.js";
import type { Operation } from "../../../../histories/history.js";
import { canonical, type Json } from "../../../../src/base/json.js";
import type { ObjectType } from "../../oracle/object-types.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../../oracle/runs.js";
import { sequentialObjects } from "../../oracle/sequential/index.js";
import { timeline } from "../../timeline.js";
import { anyObject, isExplicable, type RandomObject } from "./random-object.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });
const runs = { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 10) };

const cases: { type: ObjectType; longest: Longest }[] = [
  { type: "register", longest: longestWith(register) },
  { type: "cas-register", longest: longestWith(register) },
  { type: "counter", longest: longestWith(counter) },
  { type: "queue", longest: longestWith(queue) },
];

type Longest = (object: RandomObject) => ReturnType<typeof partialLinearizations>;

function longestWith<State>(model: Model<State>): Longest {
  return ({ type, operations, init }) =>
    partialLinearizations(operations, aliased(model, typeNamed(type)), init);
}

function isCompleted({ outcome }: Operation): boolean {
  return outcome === "ok";
}

function mayComeNext(next: Operation, taken: ReadonlySet<Operation>, all: readonly Operation[]) {
  return all.every(
    (other) => !isCompleted(other) || taken.has(other) || other.completed > next.invoked,
  );
}

function stepped({ type }: RandomObject, state: Json, operation: Operation): Json | undefined {
  const { f, input, process } = operation;
  const output = isCompleted(operation) ? operation.output : undefined;
  return sequentialObjects[type].step(state, { f, input, process, key: undefined, output });
}

/** The most completed operations that any order reaches, by trying them all. */
function reachBy(object: RandomObject): number {
  const all = object.operations.filter(({ outcome }) => outcome !== "fail");
  const seen = new Set<string>();
  let best = 0;
  const visit = (taken: ReadonlySet<Operation>, state: Json): void => {
    const key = `${all.map((operation) => taken.has(operation))} ${JSON.stringify(state)}`;
    if (seen.has(key)) return;
    seen.add(key);
    best = Math.max(best, [...taken].filter(isCompleted).length);
    for (const next of all) {
      if (taken.has(next) || !mayComeNext(next, taken, all)) continue;
      const after = stepped(object, state, next);
      if (after !== undefined) visit(new Set([...taken, next]), after);
    }
  };
  visit(new Set(), sequentialObjects[object.type].initial(object.init));
  return best;
}

describe("the longest partial linearizations", () => {
  it.each(cases)(`of a $type are as long as any ${withSeed}`, ({ type, longest }) => {
    fc.assert(
      fc.property(anyObject(type), (object) => {
        const found = longest(object);
        expect(found.complete).toBe(true);
        expect(found.longest.length).toBeGreaterThan(0);
        const reach = reachBy(object);
        for (const { order } of found.longest) {
          const completed = order.filter(({ operation }) => isCompleted(operation));
          expect(completed).toHaveLength(reach);
        }
      }),
      runs,
    );
  });

  it.each(cases)(`of a $type respect real time and the object ${withSeed}`, ({ type, longest }) => {
    fc.assert(
      fc.property(anyObject(type), (object) => {
        for (const { order } of longest(object).longest) {
          const taken = new Set<Operation>();
          let state: Json | undefined = sequentialObjects[type].initial(object.init);
          for (const { operation } of order) {
            expect(mayComeNext(operation, taken, object.operations)).toBe(true);
            taken.add(operation);
            state = stepped(object, state, operation);
            expect(state).not.toBe(undefined);
            if (state === undefined) return;
          }
        }
      }),
      runs,
    );
  });

  it.each(cases)(
    `of a $type leave something blocked iff invalid ${withSeed}`,
    ({ type, longest }) => {
      fc.assert(
        fc.property(anyObject(type), (object) => {
          const valid = isExplicable(object, object.operations);
          for (const { blocked } of longest(object).longest) {
            expect(blocked.length === 0).toBe(valid);
          }
        }),
        runs,
      );
    },
  );

  const { operations } = timeline(`
    1 write 1   0..1
    1 write 2   2..5
    2 write 3   3..4
    2 read = 1  6..7
    2 read = 1  8..9
  `);

  it("say why the breaking operation cannot come next", () => {
    const last = operations.at(-1)!;
    const { longest, more } = partialLinearizations(operations, register, null, {
      breaking: last.invoked,
    });
    expect(more).toBe(0);
    expect(longest.map(({ order }) => order.map(({ state }) => state))).toEqual([
      ["1", "3", "2"],
      ["1", "2", "3"],
    ]);
    expect(longest[0]!.blocked.map(({ why }) => why)).toEqual([
      "read -> 1 has to wait for read -> 1",
      "read -> 1 is impossible while the state is 2",
    ]);
  });

  it("are as many as asked for, and the others are counted", () => {
    const { longest, more } = partialLinearizations(operations, register, null, { ordersMax: 1 });
    expect([longest.length, more]).toEqual([1, 1]);
  });

  it("say so when the budget cuts them", () => {
    const { longest, complete } = partialLinearizations(operations, register, null, {
      stepsMax: 2,
    });
    expect(complete).toBe(false);
    expect(longest[0]!.order).toHaveLength(2);
  });
});

describe("possible states", () => {
  it(`are the values that a read could find then ${withSeed}`, () => {
    fc.assert(
      fc.property(anyObject("cas-register"), fc.nat(), (object, pick) => {
        const { operations, init } = object;
        const { events, complete } = possibleStates(
          operations,
          aliased(register, typeNamed("cas-register")),
          init,
        );
        expect(complete).toBe(true);
        const event = events[pick % Math.max(1, events.length)];
        if (event === undefined) return;
        const prefix = prefixUntil(operations, event.position);
        const values = [init, ...operations.flatMap(({ input }) => [input, input].flat())];
        for (const value of values) {
          const read = {
            ...operations[0]!,
            f: "read",
            input: null,
            output: value,
            outcome: "ok" as const,
            invoked: event.position + 0.1,
            completed: event.position + 0.2,
          };
          const isPossible = event.states.includes(canonical(value));
          expect(isExplicable(object, [...prefix, read])).toBe(isPossible);
        }
      }),
      runs,
    );
  });

  it(`are none exactly where the history breaks ${withSeed}`, () => {
    fc.assert(
      fc.property(anyObject("queue"), (object) => {
        const { events } = possibleStates(object.operations, queue, object.init);
        expect(events.slice(0, -1).every(({ states }) => states.length > 0)).toBe(true);
        const isBroken = events.at(-1)?.states.length === 0;
        expect(isBroken).toBe(!isExplicable(object, object.operations));
      }),
      runs,
    );
  });

  it.each([{ configurationsMax: 100 }, { stepsMax: 100 }])(
    "end where there are too many configurations, and say so: %j",
    (limits) => {
      const open = timeline([...Array(9)].map((_, i) => `${i} write ${i}  ${i}..?`).join("\n"));
      const { events, complete } = possibleStates(open.operations, register, null, limits);
      expect(complete).toBe(false);
      expect(events.length).toBeGreaterThan(2);
      expect(events.length).toBeLessThan(9);
    },
  );
});
