import fc from "fast-check";
import { expect, test } from "vitest";
import { PENDING } from "../../histories/columns.js";
import { ColumnsBuilder } from "../../histories/columns-builder.js";
import type { EventType, HistoryEvent } from "../../histories/history.js";
import { toHistory } from "../../histories/pairing.js";
import { outcomeOf, told, toldBy } from "./agreement.js";
import { histories } from "./arbitraries.js";

const RUNS = Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 2000);

const place = { source: "h", lineOf: (position: number) => position + 1 };

function build(events: readonly HistoryEvent[], options: object = place): ColumnsBuilder {
  const builder = new ColumnsBuilder(options, 1);
  for (const event of events) builder.add(event);
  builder.finish();
  return builder;
}

test("sound histories become the operations that pairing makes of them", () => {
  fc.assert(
    fc.property(histories, (events) => {
      expect(toldBy(build(events).snapshot())).toEqual(told(toHistory(events)));
    }),
  );
});

/** Few processes and names, so that most sequences break some rule. */
const unsound = fc.array(
  fc.record({
    process: fc.constantFrom<number | string>(0, 1, -1, 2 ** 21, 2 ** 53 - 1, "n1"),
    type: fc.constantFrom<EventType>("invoke", "invoke", "ok", "ok", "fail", "info"),
    f: fc.constantFrom("read", "read", "read", "odd name"),
    key: fc.constantFrom(undefined, undefined, "x", "x", { a: 1, b: [2] }, { b: [2], a: 1 }),
    index: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1),
    time: fc.constantFrom(0, 0, 0, 0, 1, 0.5),
  }),
  { maxLength: 8 },
);

test("what pairing refuses is refused, in the same words", () => {
  let refused = 0;
  fc.assert(
    fc.property(unsound, fc.boolean(), fc.boolean(), (list, hasLines, puttingUp) => {
      const events = list.map((one, i) => ({ ...one, value: i, index: i + one.index }));
      const read = (act: (options: object) => unknown) => {
        const warnings: string[] = [];
        const warn = (message: string) => warnings.push(message);
        const options = { ...(hasLines ? place : {}), ...(puttingUp ? { warn } : {}) };
        return { outcome: outcomeOf(() => act(options)), warnings };
      };
      const expected = read((options) => told(toHistory(events, options)));
      expect(read((options) => toldBy(build(events, options).snapshot()))).toEqual(expected);
      if (typeof expected.outcome === "string") refused += 1;
    }),
    { numRuns: RUNS },
  );
  expect(refused).toBeGreaterThan(RUNS / 10);
});

test("a snapshot has open operations pending, and shares what follows", () => {
  const builder = new ColumnsBuilder();
  const event = { process: 3, f: "write", value: 7 };
  builder.add({ ...event, index: 0, time: 5, type: "invoke" });
  const { size, completed, outcome } = builder.snapshot();
  expect([size, completed[0], outcome[0]]).toEqual([1, PENDING, 2]);
  builder.add({ ...event, index: 1, time: 6, type: "ok" });
  expect([completed[0], outcome[0]]).toEqual([1, 0]);
  expect(builder.snapshot()).toMatchObject({ size: 1, eventCount: 2 });
});

test("a completion that is info leaves what it said, and no end", () => {
  const event = { process: 3, f: "write", value: 7 };
  const { columns } = {
    columns: build([
      { ...event, index: 0, time: 5, type: "invoke" },
      { ...event, index: 1, time: 6, type: "info", value: 8 },
    ]).snapshot(),
  };
  expect(columns.completed[0]).toBe(PENDING);
  expect(columns.completedAt[0]).toBe(Number.POSITIVE_INFINITY);
  expect(columns.values.value(columns.output[0]!)).toBe(8);
});

test("of a node that talks all the time the first ten thousand events are kept, and all are counted", () => {
  const events = Array.from({ length: 10_001 }, (_, i): HistoryEvent => {
    return { index: i, time: i, process: "n1", type: "info", f: "term", value: i };
  });
  const { observations, eventCount, size } = build(events).snapshot();
  expect(observations).toEqual(events.slice(0, 10_000));
  expect([eventCount, size]).toEqual([10_001, 0]);
});

test("more functions than an id can tell apart are refused", () => {
  const events = Array.from({ length: 257 }, (_, i): HistoryEvent => {
    return { index: i, time: i, process: i, type: "invoke", f: `f${i}`, value: null };
  });
  expect(build(events.slice(0, 256)).functions).toHaveLength(256);
  expect(outcomeOf(() => build(events))).toBe(
    "h:257: more than 256 different functions: put what varies into the value",
  );
});
