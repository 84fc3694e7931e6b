/**
 * The random histories can tell a wrong checker from a right one: each classic mistake, made on
 * purpose by misreading the events before the oracle sees them, shows as a wrong verdict.
 */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { HistoryEvent } from "../../histories/history.js";
import { isLinearizable, observedOperations } from "./oracle/linearizable-oracle.js";
import { renumbered } from "./oracle/notation.js";
import { anyHistory, type RandomHistory } from "./oracle/random-history.js";
import { oracleSeed, oracleTimeoutMs, withSeed } from "./oracle/runs.js";
import { objectTypes } from "./oracle/sequential-object.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

interface Mistake {
  name: string;
  misread(history: RandomHistory): Pick<RandomHistory, "events" | "init">;
}

const mistakes: readonly Mistake[] = [
  {
    name: "a failed operation may have happened",
    misread: retyped((event) => (event.type === "fail" ? { ...event, type: "info" } : event)),
  },
  {
    name: "a pending operation never happened",
    misread({ events, init }) {
      const pending = pendingInvocations(events).flatMap((at) => [
        at,
        events.findIndex((e, later) => later > at && e.process === events[at]!.process),
      ]);
      return { events: renumbered(events.filter((_, at) => !pending.includes(at))), init };
    },
  },
  {
    name: "a pending update must have happened before the end",
    misread({ events, init }) {
      const pending = pendingInvocations(events).map((at) => events[at]!);
      const open = new Set(pending.map(({ process }) => process));
      const updates = pending.filter(({ f }) => f !== "read" && f !== "get");
      const kept = events.filter(({ type, process }) => type !== "info" || !open.has(process));
      const forced = updates.map((event): HistoryEvent => ({ ...event, type: "ok" }));
      return { events: renumbered([...kept, ...forced]), init };
    },
  },
  {
    name: "an update that ended in info happened before the info",
    misread: retyped((event) =>
      event.type === "info" && event.value !== null ? { ...event, type: "ok" } : event,
    ),
  },
  {
    name: "real time does not matter between processes",
    misread({ events, init }) {
      const operations = observedOperations(events);
      const alone = operations.map(({ invoked, completed }, process) => ({
        begin: { ...events[invoked]!, process },
        end: completed === Infinity ? [] : [{ ...events[completed]!, process }],
      }));
      const begins = alone.map(({ begin }) => begin);
      return { events: renumbered([...begins, ...alone.flatMap(({ end }) => end)]), init };
    },
  },
  {
    name: "an operation takes effect when it is invoked",
    misread({ events, init }) {
      const operations = observedOperations(events);
      const instant = operations.flatMap(({ invoked, completed }, process) =>
        [invoked, completed]
          .filter((at) => at !== Infinity)
          .map((at) => ({ ...events[at]!, process })),
      );
      return { events: renumbered(instant), init };
    },
  },
  {
    name: "all keys are one object",
    misread: retyped(({ key: _, ...event }) => event),
  },
  {
    name: 'key 1 and key "1" are one object',
    misread: retyped(({ key, ...event }) =>
      key === undefined ? event : { ...event, key: String(key) },
    ),
  },
  {
    name: "init is forgotten",
    misread: ({ events }) => ({ events, init: null }),
  },
  {
    name: 'value 0 and value "0" are equal',
    misread: retyped((event) => ({
      ...event,
      value: JSON.parse(JSON.stringify(event.value).replaceAll('"0"', "0")),
    })),
  },
];

describe("random histories uncover a checker that believes that", () => {
  const judged = objectTypes.flatMap((type) =>
    fc.sample(anyHistory(type), { seed: oracleSeed, numRuns: 400 }).map((history) => ({
      history,
      truth: isLinearizable(history.events, type, history.init),
    })),
  );

  it.each(mistakes)(`$name ${withSeed}`, ({ misread }) => {
    const wrong = judged.filter(({ history, truth }) => {
      const { events, init } = misread(history);
      return isLinearizable(events, history.type, init) !== truth;
    });
    expect(wrong.length).toBeGreaterThan(0);
  });
});

function retyped(change: (event: HistoryEvent) => HistoryEvent): Mistake["misread"] {
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
