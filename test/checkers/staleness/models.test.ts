/** The models k-atomic and delta-atomic: what is within a bound, what no bound explains, what is told. */

import { describe, expect, it } from "vitest";
import { deltaAtomic, kAtomic } from "../../../checkers/staleness/models.js";
import { staleness } from "../../../checkers/staleness/staleness.js";
import { UsageError } from "../../../src/base/errors.js";
import { timeline } from "../timeline.js";

/** The read misses two writes; the first of them was over at 3 ms. */
const stale = timeline(`
  0 write 1   0..1
  0 write 2   2..3
  0 write 3   4..5
  1 read = 1  8..9
  1 read = 3  10..11`);

describe("k-atomic", () => {
  it("tells the smallest k, and how stale the reads were", () => {
    const { valid, notes } = kAtomic().check(stale);
    expect(valid).toBe(true);
    expect(notes).toMatchObject({
      k: 3,
      deltaNs: 5_000_000,
      distribution: {
        reads: 2,
        versions: [
          { missed: 0, reads: 1 },
          { missed: 2, reads: 1 },
        ],
        lateNs: { p50: 0, p95: 5_000_000, p99: 5_000_000, max: 5_000_000 },
      },
    });
  });

  it("holds within its bound and not beyond", () => {
    expect(kAtomic({ kMax: 3 }).check(stale).valid).toBe(true);
    const { valid, anomalies } = kAtomic({ kMax: 2 }).check(stale);
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "stale-read",
        message:
          "process 1 read 1 from the object, though 2 newer writes had taken effect before it began: only k = 3 or more explains the history, not 2",
        ops: [6],
      },
    ]);
  });

  it("counts the start as a write", () => {
    const late = timeline("0 write 1  0..1 \n 0 write 2  2..3 \n 1 read = null  4..5");
    expect(staleness(late).k).toEqual({ atLeast: 3, atMost: 3 });
    const other = timeline("0 write 1  0..1 \n 1 read = 7  4..5");
    expect(kAtomic().check(other, { init: 7 }).notes?.["k"]).toBe(2);
    expect(kAtomic({ init: 7 }).check(other).notes?.["k"]).toBe(2);
  });

  it("is that of the worst key", () => {
    const keys = timeline(`
      0 write 1 @x   0..1
      0 write 2 @x   2..3
      1 write 1 @y   0..1
      1 read = 1 @y  4..5
      0 read = 1 @x  6..7`);
    expect(kAtomic().check(keys).notes).toMatchObject({ objects: 2, k: 2, deltaNs: 3_000_000 });
  });

  it("needs 2 where reads go back and forth between concurrent writes", () => {
    const swinging = timeline(`
      0 write 1   0..20
      1 write 2   0..20
      2 read = 1  2..3
      2 read = 2  4..5
      2 read = 1  6..7`);
    expect(staleness(swinging)).toMatchObject({
      k: { atLeast: 2, atMost: 2 },
      deltaNs: { atLeast: 1_000_000, atMost: 1_000_000 },
      mostMissed: undefined,
    });
    const { valid, anomalies } = kAtomic({ kMax: 1 }).check(swinging);
    expect(valid).toBe(false);
    expect(anomalies[0]!.message).toMatch(/some read is too stale: only k = 2 or more/);
  });

  it("is unknown when the bound lies between what can be proven", () => {
    const repeated = timeline(`
      0 write 1   0..1
      0 write 1   2..3
      0 write 2   4..5
      1 read = 1  6..7`);
    expect(kAtomic({ kMax: 2 }).check(repeated).valid).toBe(true);
    const { valid, reason, notes } = kAtomic({ kMax: 1, stepsMax: 0 }).check(repeated);
    expect(valid).toBe("unknown");
    expect(reason).toMatch(/^k is between 1 and 2: the budget of steps is spent/);
    expect(notes?.["k"]).toEqual({ atLeast: 1, atMost: 2 });
  });
});

describe("delta-atomic", () => {
  it("holds within its bound and not a nanosecond beyond", () => {
    expect(deltaAtomic({ deltaMaxNs: 5_000_000 }).check(stale).valid).toBe(true);
    const { valid, anomalies } = deltaAtomic({ deltaMaxNs: 4_999_999 }).check(stale);
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "stale-read",
        message: "process 1 read 1 from the object, late by 5000000 ns, more than 4999999 ns",
        ops: [6],
      },
    ]);
  });

  it("speaks of milliseconds where they tell the difference", () => {
    const { anomalies } = deltaAtomic({ deltaMaxNs: 2_500_000 }).check(stale);
    expect(anomalies[0]!.message).toMatch(/late by 5 ms, more than 2.5 ms$/);
  });

  it("is 0 for what is linearizable", () => {
    const sound = timeline("0 write 1  0..3 \n 1 read = 1  1..2 \n 2 read = 1  4..5");
    expect(deltaAtomic({ deltaMaxNs: 0 }).check(sound)).toMatchObject({
      valid: true,
      notes: { k: 1, deltaNs: 0 },
    });
  });
});

describe("what no staleness explains", () => {
  it.each([
    ["garbage-read", "0 read = 5  2..3", [0]],
    ["aborted-read", "1 write 5  0..1 failed \n 0 read = 5  2..3", [0, 2]],
    ["future-read", "0 read = 5  2..3 \n 1 write 5  4..5", [0, 2]],
  ])("is named: %s", (type, text, ops) => {
    for (const checker of [kAtomic(), deltaAtomic({ deltaMaxNs: 1e12 })]) {
      const { valid, anomalies } = checker.check(timeline(text));
      expect(valid).toBe(false);
      expect(anomalies).toMatchObject([{ type, ops }]);
      expect(anomalies[0]!.message).toMatch(/^process 0 read 5 from the object.*no staleness/);
    }
  });
});

describe("a get of a key that holds nothing", () => {
  it('may answer ""', () => {
    const missing = timeline('0 get = "" @x  0..1 \n 0 put "a" @x  2..3 \n 1 get = "" @x  4..5');
    expect(kAtomic().check(missing).notes?.["k"]).toBe(2);
    expect(kAtomic({ type: "register" }).check(missing).valid).toBe(false);
  });

  it('may answer "" though "" was written, and it does not matter which was meant', () => {
    const both = timeline(`
      0 get = "" @x  0..1
      0 put "a" @x   2..3
      0 put "" @x    4..5
      0 put "b" @x   6..7
      0 get = "" @x  8..9`);
    expect(kAtomic({ type: "kv" }).check(both).notes?.["k"]).toBe(2);
  });

  it('leaves it open what was read when "" was written and null was answered too', () => {
    const unclear = timeline(`
      0 get = null @x  0..1
      0 put "" @x      2..3
      0 get = "" @x    4..5`);
    const { valid, reason } = kAtomic({ type: "kv" }).check(unclear);
    expect(valid).toBe("unknown");
    expect(reason).toMatch(/try --type register/);
    expect(kAtomic({ type: "register" }).check(unclear).notes?.["k"]).toBe(1);
  });
});

describe("bad input", () => {
  it("a bound that is none is refused", () => {
    expect(() => kAtomic({ kMax: 0 })).toThrow(UsageError);
    expect(() => kAtomic({ kMax: 1.5 })).toThrow(/kMax 1.5: give a whole number from 1/);
    expect(() => deltaAtomic({ deltaMaxNs: -1 })).toThrow(
      /deltaMaxNs -1: give a whole number from 0/,
    );
  });

  it("types and operations without staleness are refused", () => {
    expect(() => kAtomic({ type: "queue" })).toThrow(/a queue has no staleness/);
    expect(() => kAtomic().check(timeline("0 cas [1,2]  0..1"))).toThrow(
      /event 0.* offers read, write, not cas/,
    );
  });
});
