/** What must not change a verdict, and what can change it in one direction only. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Verdict } from "../../../checkers/checker.js";
import { linearizable } from "../../../checkers/index.js";
import type { HistoryEvent } from "../../../histories/history.js";
import { toHistory } from "../../../histories/pairing.js";
import type { Json } from "../../../src/base/json.js";
import { renumbered } from "../oracle/notation.js";
import { functionsOf, isLook, type ObjectType, objectTypes } from "../oracle/object-types.js";
import { anyHistory, longHistory, type RandomHistory } from "../oracle/random-history.js";
import { renamedValues } from "../oracle/renaming.js";
import { oracleRuns, oracleTimeoutMs } from "../oracle/runs.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

const RUNS = Math.ceil(oracleRuns / 40);
/** Of hard histories nothing is learnt here but how long they take. */
const STEPS_MAX = 200_000;

type Events = readonly HistoryEvent[];

/** Three small histories for each long one. */
function histories(type: ObjectType): fc.Arbitrary<RandomHistory> {
  return fc.oneof({ arbitrary: anyHistory(type), weight: 3 }, longHistory(type));
}

/** Events need not be numbered; their times are kept. */
function judge(type: ObjectType, events: Events, init: Json): Verdict {
  const times = events.map(({ time }) => time).sort((left, right) => left - right);
  const numbered = events.map((event, index) => ({ ...event, index, time: times[index]! }));
  return linearizable({ type, init }).check(toHistory(numbered), { stepsMax: STEPS_MAX });
}

describe("the verdict stays the same", () => {
  /** `change` answers undefined where the change makes no sense. */
  function same(
    type: ObjectType,
    change: (
      history: RandomHistory,
      choice: number,
    ) => Pick<RandomHistory, "events" | "init"> | undefined,
  ): void {
    fc.assert(
      fc.property(histories(type), fc.nat(), (history, choice) => {
        const changed = change(history, choice);
        if (changed === undefined) return;
        const before = judge(type, history.events, history.init).valid;
        const after = judge(type, changed.events, changed.init).valid;
        if (before !== "unknown" && after !== "unknown") expect(after).toBe(before);
      }),
      { numRuns: RUNS },
    );
  }

  const sameEvents = (type: ObjectType, change: (events: Events, choice: number) => Events) =>
    same(type, ({ events, init }, choice) => ({ events: [...change(events, choice)], init }));

  it.each(objectTypes)("when the processes of a %s have other numbers", (type) => {
    sameEvents(type, (events) =>
      events.map((event) =>
        typeof event.process === "string" ? event : { ...event, process: 1000 - event.process },
      ),
    );
  });

  it.each(objectTypes)("when the keys of a %s have other names, or the one has any", (type) => {
    sameEvents(type, (events) =>
      events.map((event) => ({
        ...event,
        key: event.key === undefined ? "the one" : ["shard", event.key],
      })),
    );
  });

  const renamable = objectTypes.filter(
    (type) =>
      renamedValues({ type, init: null, events: [], toString: () => "nothing" }) !== undefined,
  );

  it.each(renamable)("when the values of a %s are renamed, the initial one too", (type) => {
    same(type, renamedValues);
  });

  it.each(objectTypes)("when time passes at another speed for a %s", (type) => {
    sameEvents(type, (events) =>
      events.map((event) => ({ ...event, time: event.time * 1000 + 17 })),
    );
  });

  it.each(objectTypes)("when a second %s goes through the same at the same time", (type) => {
    sameEvents(type, (events) =>
      events.flatMap((event) =>
        typeof event.process === "string"
          ? [event]
          : [
              { ...event, key: ["first", event.key ?? null] },
              { ...event, key: ["second", event.key ?? null], process: event.process + 1000 },
            ],
      ),
    );
  });

  it.each(objectTypes)("when two invocations on a %s, one right after another, swap", (type) => {
    sameEvents(type, (events, choice) =>
      swappedWhere(events, choice, (...two) => two.every(isInvocation)),
    );
  });

  it.each(objectTypes)("when two completions on a %s, one right after another, swap", (type) => {
    sameEvents(type, (events, choice) =>
      swappedWhere(events, choice, (...two) => !two.some(isInvocation)),
    );
  });

  it.each(objectTypes)("when an operation on a %s fails besides", (type) => {
    same(type, ({ events, init }, choice) => {
      const invocation = stranger(type, events, choice);
      const from = (choice >> 4) % (events.length + 1);
      const to = from + ((choice >> 8) % (events.length + 1 - from));
      return {
        events: [
          ...events.slice(0, from),
          invocation,
          ...events.slice(from, to),
          { ...invocation, type: "fail" },
          ...events.slice(to),
        ],
        init,
      };
    });
  });

  it("when a set is listed the other way round", () => {
    sameEvents("set", (events) =>
      events.map((event) =>
        Array.isArray(event.value) && event.f === "read"
          ? { ...event, value: event.value.toReversed() }
          : event,
      ),
    );
  });
});

describe("what was valid stays valid", () => {
  function stays(type: ObjectType, change: (events: Events, choice: number) => Events): void {
    fc.assert(
      fc.property(histories(type), fc.nat(), ({ events, init }, choice) => {
        if (judge(type, events, init).valid !== true) return;
        expect(judge(type, change(events, choice), init).valid).not.toBe(false);
      }),
      { numRuns: RUNS },
    );
  }

  it.each(objectTypes)("in every prefix of what a %s did", (type) => {
    stays(type, (events, choice) => events.slice(0, choice % (events.length + 1)));
  });

  it.each(objectTypes)("when a pending operation on a %s is added anywhere", (type) => {
    stays(type, (events, choice) => {
      const invocation = stranger(type, events, choice);
      return events.toSpliced((choice >> 4) % (events.length + 1), 0, invocation);
    });
  });

  it.each(objectTypes)("when somebody's look at a %s is forgotten", (type) => {
    stays(type, (events, choice) => {
      const looks = toHistory(events).operations.filter(
        ({ f, outcome }) => isLook(f) && outcome === "ok",
      );
      const look = looks[choice % Math.max(1, looks.length)];
      return events.filter((_, at) => at !== look?.invoked && at !== look?.completed);
    });
  });

  // Who goes on under another number owns nothing that it owned before.
  const anonymous = objectTypes.filter((type) => type !== "owned-mutex");

  it.each(anonymous)("when the answer of a %s is lost, its client going on as another", (type) => {
    stays(type, (events, choice) => {
      const answers = events.filter((event) => event.type === "ok");
      const lost = answers[choice % Math.max(1, answers.length)];
      if (lost === undefined) return events;
      return events.map((event, at) => {
        if (event === lost) return { ...event, type: "info" };
        const isLater = at > events.indexOf(lost) && event.process === lost.process;
        return isLater ? { ...event, process: 9000 } : event;
      });
    });
  });

  it.each(objectTypes)("when an operation on a %s begins a little earlier", (type) => {
    stays(type, (events, choice) =>
      swappedWhere(events, choice, (one, next) => one.type !== "invoke" && next.type === "invoke"),
    );
  });
});

describe("anomalies", () => {
  it.each(objectTypes)("of a %s are named exactly when it is invalid, by operations", (type) => {
    fc.assert(
      fc.property(histories(type), ({ events, init }) => {
        const { valid, anomalies } = judge(type, events, init);
        expect(anomalies.length > 0).toBe(valid === false);
        for (const { message, ops } of anomalies) {
          expect(message).not.toMatch(/undefined|NaN|Infinity/);
          expect(ops.length).toBeGreaterThan(0);
          for (const index of ops) expect(events[index]?.type).toBe("invoke");
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("with a name of their own hold on the operations they list alone", () => {
    fc.assert(
      fc.property(histories("cas-register"), ({ events, init }) => {
        for (const { type, ops } of judge("cas-register", events, init).anomalies) {
          if (type === "non-linearizable") continue;
          const listed = toHistory(events).operations.filter(({ invoked }) =>
            ops.includes(invoked),
          );
          const positions = new Set(listed.flatMap((one) => [one.invoked, one.completed]));
          const alone = renumbered(events.filter((_, at) => positions.has(at)));
          expect(judge("cas-register", alone, init).valid).toBe(false);
        }
      }),
      { numRuns: RUNS * 5 },
    );
  });
});

/** An operation that the history might have had besides, of a client of its own. */
function stranger(type: ObjectType, events: Events, choice: number): HistoryEvent {
  // A key that is appended to holds text, and only such a key may be appended to.
  const isText = events.some((event) => type === "kv" && event.f === "append");
  const names = functionsOf[type].filter((f) => f !== "append" || type !== "kv" || isText);
  const f = names[choice % names.length]!;
  const like = events.filter((event) => event.type === "invoke" && event.f === f);
  const known = like[choice % Math.max(1, like.length)];
  const keys = events.filter((event) => event.type === "invoke" && event.f !== "fence");
  const key = keys[choice % Math.max(1, keys.length)]?.key;
  const value = isText ? textInputOf(f) : (known?.value ?? inputOf(type, f));
  const at = { index: 0, time: 0, process: 5000 };
  return { ...at, type: "invoke", f, ...(key === undefined ? {} : { key }), value };
}

function textInputOf(f: string): Json {
  if (isLook(f)) return null;
  return f === "cas" ? [null, "a"] : "a";
}

function inputOf(type: ObjectType, f: string): Json {
  if (isLook(f) && f !== "contains") return null;
  if (f === "cas") return [null, 1];
  return f === "append" && type === "kv" ? "a" : 1;
}

function isInvocation({ type }: HistoryEvent): boolean {
  return type === "invoke";
}

/** Two neighbours of different clients change places. */
function swappedWhere(
  events: Events,
  choice: number,
  isWanted: (one: HistoryEvent, next: HistoryEvent) => boolean,
): Events {
  const isClient = ({ process }: HistoryEvent) => typeof process === "number";
  const places = events.flatMap((one, at) => {
    const next = events[at + 1];
    if (next === undefined || !isClient(one) || !isClient(next)) return [];
    return one.process !== next.process && isWanted(one, next) ? [at] : [];
  });
  const at = places[choice % Math.max(1, places.length)];
  if (at === undefined) return events;
  return events.with(at, events[at + 1]!).with(at + 1, events[at]!);
}
