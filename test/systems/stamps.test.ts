import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareStamps, firstStamp, HybridClock, type Stamp } from "../../systems/stamps.js";

const stamp: fc.Arbitrary<Stamp> = fc.record({
  ms: fc.nat(3),
  count: fc.nat(2),
  node: fc.constantFrom("n1", "n2"),
});

describe("stamps", () => {
  it("are totally ordered: of two different ones exactly one is later", () => {
    fc.assert(
      fc.property(stamp, stamp, (a, b) => {
        const same = a.ms === b.ms && a.count === b.count && a.node === b.node;
        expect(Math.sign(compareStamps(a, b)) + Math.sign(compareStamps(b, a))).toBe(0);
        expect(compareStamps(a, b) === 0).toBe(same);
      }),
    );
  });

  it("follow one another transitively", () => {
    fc.assert(
      fc.property(stamp, stamp, stamp, (a, b, c) => {
        fc.pre(compareStamps(a, b) < 0 && compareStamps(b, c) < 0);
        expect(compareStamps(a, c)).toBeLessThan(0);
      }),
    );
  });

  it("begin with one that is before all others", () => {
    fc.assert(
      fc.property(stamp, (other) => {
        expect(compareStamps(firstStamp, other)).toBeLessThan(0);
      }),
    );
  });
});

describe("a hybrid clock", () => {
  it("gives a stamp above all that it gave or witnessed, whatever the calendar says", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(stamp, fc.integer({ min: -5, max: 5 })), { minLength: 1 }),
        (steps) => {
          const clock = new HybridClock("n1");
          const known: Stamp[] = [];
          for (const step of steps) {
            if (typeof step === "number") {
              const given = clock.next(step);
              for (const earlier of known) expect(compareStamps(given, earlier)).toBeGreaterThan(0);
              known.push(given);
            } else {
              clock.witness(step);
              known.push(step);
            }
          }
        },
      ),
    );
  });

  it("keeps to the calendar where that is ahead, in whole milliseconds", () => {
    const clock = new HybridClock("n1");
    expect(clock.next(7.9)).toEqual({ ms: 7, count: 0, node: "n1" });
    expect(clock.next(7.95)).toEqual({ ms: 7, count: 1, node: "n1" });
    expect(clock.next(9)).toEqual({ ms: 9, count: 0, node: "n1" });
  });
});
