import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { degraded, linearizable, unmarked } from "../../checkers/index.js";
import { type HistoryEvent, toHistory } from "../../histories/index.js";
import type { Json } from "../../src/base/json.js";

type Line = [process: number, type: HistoryEvent["type"], f: string, value: Json];

const marked = (value: Json): Json => ({ value, degraded: true });

function historyOf(lines: readonly Line[]) {
  return toHistory(
    lines.map(([process, type, f, value], index) => {
      return { index, time: index, process, type, f, key: "x", value };
    }),
  );
}

const write = (process: number, value: number, end: "ok" | "fail" | "info" = "ok"): Line[] => [
  [process, "invoke", "write", value],
  [process, end, "write", value],
];
const read = (process: number, value: Json): Line[] => [
  [process, "invoke", "read", null],
  [process, "ok", "read", value],
];

const typesOf = (lines: readonly Line[]) =>
  degraded.check(historyOf(lines)).anomalies.map(({ type }) => type);

describe("marked reads", () => {
  it("may be old, and are counted", () => {
    const history = historyOf([
      ...write(1, 1),
      ...write(1, 2),
      ...read(2, marked(1)),
      ...read(2, marked(2)),
      ...read(2, 2),
    ]);
    expect(degraded.check(history)).toMatchObject({
      valid: true,
      notes: { reads: 3, degraded: 2, stale: 1 },
    });
  });

  it("are not called old while the later write is open, or its outcome unknown", () => {
    const open: Line[] = [...write(1, 1), [3, "invoke", "write", 2], ...read(2, marked(1))];
    expect(degraded.check(historyOf(open)).notes).toMatchObject({ stale: 0 });
    const unknown = [...write(1, 1), ...write(3, 2, "info"), ...read(2, marked(1))];
    expect(degraded.check(historyOf(unknown)).notes).toMatchObject({ stale: 0 });
  });

  it("may find nothing", () => {
    expect(typesOf([...write(1, 1), ...read(2, marked(null))])).toEqual([]);
  });

  it("may not return what nobody wrote, what failed, or what was written later", () => {
    expect(typesOf([...write(1, 1), ...read(2, marked(9))])).toEqual(["garbage-read"]);
    expect(typesOf([...write(1, 1, "fail"), ...read(2, marked(1))])).toEqual(["aborted-read"]);
    expect(typesOf([...read(2, marked(1)), ...write(1, 1)])).toEqual(["future-read"]);
  });

  it("may return what a write of unknown outcome wrote", () => {
    expect(typesOf([...write(1, 1, "info"), ...read(2, marked(1))])).toEqual([]);
  });

  it("are none of the business of other checkers", () => {
    const lines = [...write(1, 1), ...write(1, 2), ...read(2, marked(1)), ...read(2, 2)];
    const checker = linearizable({ type: "kv" });
    expect(checker.check(historyOf(lines)).valid).toBe(false);
    expect(unmarked(checker).check(historyOf(lines)).valid).toBe(true);
  });

  it("hide no stale read without mark", () => {
    const lines = [...write(1, 1), ...write(1, 2), ...read(2, marked(1)), ...read(2, 1)];
    const { anomalies } = unmarked(linearizable({ type: "kv" })).check(historyOf(lines));
    expect(anomalies.map(({ type }) => type)).toEqual(["stale-read"]);
  });
});

describe("the count of old reads", () => {
  /** Turns of three writers and a reader, each beginning or ending what it does. */
  const turns = fc.array(fc.tuple(fc.nat(3), fc.nat(9), fc.boolean()), { maxLength: 40 });

  it("is that of a brute force over all pairs of writes", () => {
    fc.assert(
      fc.property(turns, (drawn) => {
        const lines: Line[] = [];
        const open = new Map<number, number>();
        const written: number[] = [];
        for (const [process, pick, succeeds] of drawn) {
          const value = open.get(process);
          const isReader = process === 3;
          if (value === undefined) {
            const next = isReader ? 0 : written.length + 1;
            if (!isReader) written.push(next);
            open.set(process, next);
            lines.push([process, "invoke", isReader ? "read" : "write", isReader ? null : next]);
          } else {
            open.delete(process);
            const seen = written.length === 0 ? null : written[pick % written.length]!;
            if (isReader) lines.push([process, "ok", "read", marked(seen)]);
            else lines.push([process, succeeds ? "ok" : "fail", "write", value]);
          }
        }
        const history = historyOf(lines);
        const writes = history.operations.filter(({ f }) => f === "write");
        const stale = history.operations.filter((one) => {
          if (one.f !== "read" || one.outcome !== "ok") return false;
          const { value } = one.output as { value: Json };
          const own = writes.find(({ input }) => input === value);
          if (own === undefined || own.outcome === "fail") return false;
          return writes.some(({ outcome, invoked, completed }) => {
            return outcome === "ok" && invoked > own.completed && completed < one.invoked;
          });
        });
        expect(degraded.check(history).notes).toMatchObject({ stale: stale.length });
      }),
    );
  });
});

describe("what keys start with, and what else changes them", () => {
  it("is nothing that nobody wrote", () => {
    const history = historyOf(read(1, marked(0)));
    expect(degraded.check(history, { init: 0 }).valid).toBe(true);
    expect(degraded.check(history).valid).toBe(false);
  });

  it("leaves open who wrote a value", () => {
    const swap: Line[] = [
      [1, "invoke", "cas", [0, 5]],
      [1, "ok", "cas", [0, 5]],
    ];
    expect(degraded.check(historyOf([...swap, ...read(2, marked(5))])).valid).toBe("unknown");
  });
});
