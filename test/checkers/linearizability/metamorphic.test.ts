/** What must not change a verdict, and what can change it in one direction only. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearizable } from "../../../checkers/index.js";
import type { History, HistoryEvent } from "../../../histories/history.js";
import { toHistory } from "../../../histories/pairing.js";
import type { Json } from "../../../src/base/json.js";
import { atomicRegister } from "./atomic-register.js";

const RUNS = Math.min(5000, Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 200));

function judge(events: readonly HistoryEvent[]) {
  const numbered = events.map((event, index) => ({ ...event, index }));
  return linearizable({ type: "cas-register" }).check(toHistory(numbered));
}

/** Histories of an atomic register, half of them with one or two reads or cas that lie. */
const histories = fc
  .record({
    seed: fc.nat(),
    clients: fc.integer({ min: 1, max: 6 }),
    operations: fc.integer({ min: 1, max: 40 }),
    values: fc.constantFrom(0, 2, 4),
    crashPermille: fc.constantFrom(0, 100, 300),
    cas: fc.boolean(),
    lies: fc.array(fc.record({ at: fc.nat(), value: fc.integer({ min: -1, max: 6 }) }), {
      maxLength: 2,
    }),
  })
  .map(({ lies, ...load }) => lies.reduce(lie, atomicRegister(load)).events);

/** One completed read returns something else, or one failed cas claims success. */
function lie(history: History, { at, value }: { at: number; value: number }): History {
  const events = [...history.events];
  const targets = events.filter(
    ({ type, f }) => (type === "ok" && f === "read") || (type === "fail" && f === "cas"),
  );
  const target = targets[at % Math.max(1, targets.length)];
  if (target === undefined) return history;
  const told: HistoryEvent = target.f === "read" ? { ...target, value } : { ...target, type: "ok" };
  return toHistory(events.with(target.index, told));
}

function renamed(value: Json, rename: (value: Json) => Json): Json {
  return Array.isArray(value) ? value.map(rename) : rename(value);
}

describe("the verdict stays the same", () => {
  const same = (transform: (events: readonly HistoryEvent[]) => HistoryEvent[]) =>
    fc.assert(
      fc.property(histories, (events) => {
        expect(judge(transform(events)).valid).toBe(judge(events).valid);
      }),
      { numRuns: RUNS },
    );

  it("when processes have other numbers", () => {
    same((events) => events.map((event) => ({ ...event, process: 1000 - Number(event.process) })));
  });

  it("when the key has a name, or another one", () => {
    same((events) => events.map((event) => ({ ...event, key: ["shard", 7] })));
  });

  it("when every value is renamed, null excepted", () => {
    const rename = (value: Json): Json => (value === null ? null : { was: value });
    same((events) => events.map((event) => ({ ...event, value: renamed(event.value, rename) })));
  });

  it("when null is renamed too, and the register starts with the new name", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const rename = (value: Json): Json => (value === null ? "nothing" : value);
        const history = toHistory(
          events.map((event) => ({ ...event, value: renamed(event.value, rename) })),
        );
        const { valid } = linearizable({ init: "nothing" }).check(history);
        expect(valid).toBe(judge(events).valid);
      }),
      { numRuns: RUNS },
    );
  });

  it("when time passes at another speed", () => {
    same((events) => events.map((event) => ({ ...event, time: event.time * 1000 + 17 })));
  });

  it("when another key is used at the same time", () => {
    same((events) =>
      events.flatMap((event) => [
        { ...event, key: "x" },
        { ...event, key: "y", process: 1000 + Number(event.process) },
      ]),
    );
  });
});

describe("what was valid stays valid", () => {
  const stays = (reduce: (events: readonly HistoryEvent[], choice: number) => HistoryEvent[]) =>
    fc.assert(
      fc.property(histories, fc.nat(), (events, choice) => {
        if (judge(events).valid) expect(judge(reduce(events, choice)).valid).toBe(true);
      }),
      { numRuns: RUNS },
    );

  it("in every prefix", () => {
    stays((events, choice) => events.slice(0, choice % (events.length + 1)));
  });

  it("when a pending write is added anywhere", () => {
    stays((events, choice) => {
      const at = choice % (events.length + 1);
      const time = events[at - 1]?.time ?? 0;
      const write = { index: 0, process: 5000, type: "invoke" as const, f: "write", time };
      return events.toSpliced(at, 0, { ...write, value: choice % 5 });
    });
  });

  it("when a read is forgotten", () => {
    stays((events, choice) => {
      const reads = toHistory(events).operations.filter(({ f }) => f === "read");
      const read = reads[choice % Math.max(1, reads.length)];
      if (read === undefined) return [...events];
      return events.filter((_, i) => i !== read.invoked && i !== read.completed);
    });
  });

  it("when the answer to an operation is lost and its process never acts again", () => {
    stays((events, choice) => {
      const lost = events[choice % Math.max(1, events.length)];
      if (lost?.type !== "ok") return [...events];
      return events.flatMap((event, i) => {
        if (event === lost) return [{ ...event, type: "info" as const }];
        const isLater = i > events.indexOf(lost) && event.process === lost.process;
        return isLater ? [{ ...event, process: 9000 }] : [event];
      });
    });
  });
});

describe("anomalies", () => {
  it("are named exactly when the history is invalid, by operations that are in it", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const { valid, anomalies } = judge(events);
        expect(valid).not.toBe("unknown");
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
      fc.property(histories, (events) => {
        for (const { type, ops } of judge(events).anomalies) {
          if (type === "non-linearizable") continue;
          const listed = toHistory(events).operations.filter(({ invoked }) =>
            ops.includes(invoked),
          );
          const positions = new Set(listed.flatMap((one) => [one.invoked, one.completed]));
          expect(judge(events.filter((_, i) => positions.has(i))).valid).toBe(false);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
