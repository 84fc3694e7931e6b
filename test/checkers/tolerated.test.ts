import { describe, expect, it } from "vitest";
import { linearizable, models, tolerated } from "../../checkers/index.js";
import { type HistoryEvent, toHistory } from "../../histories/index.js";

/** One client after the other: `[f, value read or written]`. */
function sequence(...steps: [f: "read" | "write", value: number][]) {
  const events = steps.flatMap(([f, value], i): HistoryEvent[] => {
    const about = { process: i, f, key: "x" } as const;
    const asked = f === "read" ? null : value;
    return [
      { index: 2 * i, time: 2 * i, type: "invoke", value: asked, ...about },
      { index: 2 * i + 1, time: 2 * i + 1, type: "ok", value, ...about },
    ];
  });
  return toHistory(events);
}

const checker = tolerated(linearizable({ type: "kv" }), "writes may be lost");

describe("a property that is not promised", () => {
  it("is noted as lost, and not held against the service", () => {
    const verdict = checker.check(sequence(["write", 1], ["write", 2], ["read", 1]));
    expect(verdict).toMatchObject({ valid: true, anomalies: [], notes: { held: false } });
    expect(JSON.stringify(verdict.notes?.["allowed"])).toMatch(/lost-write|stale-read/);
  });

  it("is noted as held where it held", () => {
    const verdict = checker.check(sequence(["write", 1], ["read", 1]));
    expect(verdict).toMatchObject({ valid: true, notes: { held: true } });
  });

  it("does not excuse a value that nobody wrote", () => {
    const verdict = checker.check(sequence(["write", 1], ["read", 9]));
    expect(verdict.valid).toBe(false);
    expect(verdict.anomalies.map(({ type }) => type)).toEqual(["garbage-read"]);
    const causal = tolerated(models.get("causal")!.checker(), "writes may be lost");
    const read = causal.check(sequence(["write", 1], ["read", 9]));
    expect(read.anomalies.map(({ type }) => type)).toEqual(["ThinAirRead"]);
  });
});
