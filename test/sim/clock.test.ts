import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NodeClock } from "../../src/sim/clock.js";

const MILLION = 1_000_000;
const MINUTE_US = 60 * MILLION;

const rate = fc.oneof(
  fc.integer({ min: -MILLION, max: MILLION }),
  fc.constantFrom(0, -MILLION, MILLION, 1, -1, -999_999),
);
/** When the rate changes, as distances, and to what. */
const history = fc.array(fc.record({ afterUs: fc.nat(MINUTE_US), ppm: rate }), { maxLength: 6 });
const startUs = fc.nat(3_600 * MILLION);

function clockThrough(changes: { afterUs: number; ppm: number }[], startUs: number) {
  const clock = new NodeClock({ startUs, wallStartUs: 0 });
  let nowUs = 0;
  for (const { afterUs, ppm } of changes) {
    nowUs += afterUs;
    clock.setRate(ppm, nowUs);
  }
  return { clock, nowUs };
}

describe("a node's clock", () => {
  test("shows what it was started with", () => {
    const clock = new NodeClock({ startUs: 77, wallStartUs: 1_577_836_800_000_000 });
    expect(clock.monotonicUs(0)).toBe(77);
    expect(clock.wallUs(0)).toBe(1_577_836_800_000_000);
    expect(clock.monotonicUs(1_000)).toBe(1_077);
    expect(clock.wallUs(1_000)).toBe(1_577_836_800_001_000);
  });

  test("runs as fast as its rate says, rounded down to a microsecond", () => {
    fc.assert(
      fc.property(rate, fc.nat(10 * MINUTE_US), (ppm, elapsedUs) => {
        const clock = new NodeClock({ startUs: 0, wallStartUs: 0 });
        clock.setRate(ppm, 0);
        const exact = (BigInt(elapsedUs) * BigInt(MILLION + ppm)) / BigInt(MILLION);
        expect(clock.monotonicUs(elapsedUs)).toBe(Number(exact));
      }),
    );
  });

  test("goes on from where it stands when its rate changes, and never back", () => {
    fc.assert(
      fc.property(history, startUs, rate, fc.array(fc.nat(1_000)), (changes, start, ppm, steps) => {
        const { clock, nowUs } = clockThrough(changes, start);
        const before = clock.monotonicUs(nowUs);
        clock.setRate(ppm, nowUs);
        expect(clock.monotonicUs(nowUs)).toBe(before);
        let at = nowUs;
        let shown = before;
        for (const step of steps) {
          at += step;
          expect(clock.monotonicUs(at)).toBeGreaterThanOrEqual(shown);
          shown = clock.monotonicUs(at);
        }
      }),
    );
  });

  test("is not moved at all by a rate that it has already", () => {
    fc.assert(
      fc.property(history, rate, fc.array(fc.nat(MINUTE_US)), (changes, ppm, pauses) => {
        const [plain, retold] = [clockThrough(changes, 0), clockThrough(changes, 0)];
        for (const { clock, nowUs } of [plain, retold]) clock.setRate(ppm, nowUs);
        let at = plain.nowUs;
        for (const pause of pauses) {
          at += pause;
          retold.clock.setRate(ppm, at);
          expect(retold.clock.monotonicUs(at)).toBe(plain.clock.monotonicUs(at));
        }
      }),
    );
  });

  test("shows a local time at its virtual time, and not a microsecond earlier", () => {
    fc.assert(
      fc.property(history, startUs, rate, fc.nat(MINUTE_US), (changes, start, ppm, ahead) => {
        const { clock, nowUs } = clockThrough(changes, start);
        clock.setRate(ppm, nowUs);
        const localUs = clock.monotonicUs(nowUs) + ahead;
        const at = clock.virtualTimeOf(localUs, nowUs);
        if (ahead === 0) expect(at).toBe(nowUs);
        else if (ppm === -MILLION) expect(at).toBe(Number.MAX_SAFE_INTEGER);
        else {
          expect(clock.monotonicUs(at)).toBeGreaterThanOrEqual(localUs);
          expect(clock.monotonicUs(at - 1)).toBeLessThan(localUs);
        }
      }),
    );
  });

  test("shows a time that is past already now, even when it stands still", () => {
    const clock = new NodeClock({ startUs: 5_000, wallStartUs: 0 });
    clock.setRate(-MILLION, 100);
    expect(clock.virtualTimeOf(5_100, 200)).toBe(200);
    expect(clock.virtualTimeOf(1, 200)).toBe(200);
    expect(clock.virtualTimeOf(5_101, 200)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test("steps its wall face only", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(MINUTE_US), (byUs, atUs) => {
        const clock = new NodeClock({ startUs: 10, wallStartUs: 1_000 });
        const [wall, monotonic] = [clock.wallUs(atUs), clock.monotonicUs(atUs)];
        const due = clock.virtualTimeOf(monotonic + 500, atUs);
        clock.stepWall(byUs);
        expect(clock.wallUs(atUs)).toBe(wall + byUs);
        expect(clock.monotonicUs(atUs)).toBe(monotonic);
        expect(clock.virtualTimeOf(monotonic + 500, atUs)).toBe(due);
      }),
    );
  });

  test("remembers how far beyond standing still it was slowed", () => {
    const clock = new NodeClock({ startUs: 0, wallStartUs: 0 });
    clock.setRate(-800_000, 0);
    clock.setRate(clock.ratePpm - 800_000, 0);
    expect(clock.monotonicUs(1_000)).toBe(0);
    clock.setRate(clock.ratePpm + 800_000, 1_000);
    clock.setRate(clock.ratePpm + 800_000, 1_000);
    expect(clock.ratePpm).toBe(0);
  });
});
