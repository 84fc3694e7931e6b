import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FaultDraft } from "../../src/plan/fault.js";
import { NodeClock } from "../../src/sim/clock.js";
import { EPOCH_US } from "../../src/sim/world.js";
import { MS, numbered, SECOND, Stage } from "./stage.js";

const on = (kind: string, atMs: number, untilMs: number, own: object = {}): FaultDraft =>
  ({ kind, atUs: atMs * MS, untilUs: untilMs * MS, target: "n1", ...own }) as FaultDraft;

/** How far the wall clock of n1 is from the truth at these moments, in microseconds. */
async function errors(faults: readonly FaultDraft[], atMs: readonly number[]): Promise<number[]> {
  const stage = new Stage({ nodes: ["n1"] });
  const seen: number[] = [];
  for (const [id, fault] of faults.entries()) stage.fault(numbered(fault, id));
  for (const at of atMs) {
    stage.at(at * MS, () =>
      seen.push(stage.world.machine("n1").wallUs() - EPOCH_US - stage.kernel.now),
    );
  }
  await stage.run(20 * SECOND);
  return seen;
}

describe("a slew", () => {
  test("turns the wall clock bit by bit, as far as it is to, and back when it is lifted", async () => {
    const slew = on("clock-slew", 1_000, 3_000, { byUs: -500, ppm: 1_000 });
    expect(await errors([slew], [999, 1_100, 1_400, 1_600, 2_999, 3_001])).toEqual([
      0, -100, -400, -500, -500, 0,
    ]);
    const gain = on("clock-slew", 1_000, 3_000, { byUs: 5_000, ppm: 1_000 });
    expect(await errors([gain], [2_000, 2_999, 3_001])).toEqual([1_000, 1_999, 0]);
  });

  test("adds to others, and takes off its own part alone", async () => {
    const slew = on("clock-slew", 0, 2_000, { byUs: 300, ppm: 1_000 });
    const step = on("clock-step", 500, 3_000, { byUs: 7 });
    expect(await errors([slew, step, slew], [1_000, 2_500, 4_000])).toEqual([607, 7, 0]);
  });

  test("never lets the wall clock run backwards", () => {
    const nat = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(
        fc.integer({ min: -9_999, max: 9_999 }),
        nat,
        fc.array(nat),
        (byUs, ppm, gaps) => {
          const clock = new NodeClock({ startUs: 0, wallStartUs: 0 });
          clock.slew({ byUs, ppm }, 0);
          let nowUs = 0;
          for (const gap of gaps) {
            const before = clock.wallUs(nowUs);
            nowUs += gap;
            expect(clock.wallUs(nowUs)).toBeGreaterThanOrEqual(before);
          }
        },
      ),
    );
  });
});

describe("a leap second", () => {
  test("is the same second once more, or smeared", async () => {
    const leap = on("clock-leap", 2_000, 9_000);
    expect(await errors([leap], [1_999, 2_001, 8_999, 9_001])).toEqual([0, -SECOND, -SECOND, 0]);
    const smeared = on("clock-leap", 2_000, 9_000, { smearUs: 4 * SECOND });
    expect(await errors([smeared], [1_999, 4_000, 6_000, 8_999, 9_001])).toEqual([
      0,
      -SECOND / 2,
      -SECOND,
      -SECOND,
      0,
    ]);
  });
});

describe("a clock that stands still", () => {
  const freeze = (atMs: number, untilMs: number): FaultDraft => on("clock-freeze", atMs, untilMs);
  /** When a timer of 100 ms fires, and both faces at some moments. */
  async function seen(faults: readonly FaultDraft[], atMs: readonly number[] = []) {
    const fired: number[] = [];
    const faces: number[][] = [];
    const stage: Stage = new Stage({
      nodes: ["n1"],
      create: ({ after: later }) => ({
        start: () => {
          later(100, () => {
            fired.push(stage.kernel.now / MS);
          });
        },
      }),
    });
    const machine = stage.world.machine("n1");
    const start = [machine.monotonicUs(), machine.wallUs()] as const;
    for (const [id, fault] of faults.entries()) stage.fault(numbered(fault, id));
    for (const at of atMs) {
      stage.at(at * MS, () =>
        faces.push([machine.monotonicUs() - start[0], machine.wallUs() - start[1]]),
      );
    }
    await stage.run(SECOND);
    return { fired, faces, probes: stage.probes };
  }

  test("shows the same on both faces, lets no timer fire, and then has its wall face set right", async () => {
    const { fired, faces, probes } = await seen([freeze(50, 300)], [60, 299, 301]);
    expect(fired).toEqual([350]);
    expect(faces).toEqual([
      [50 * MS, 50 * MS],
      [50 * MS, 50 * MS],
      [51 * MS, 301 * MS],
    ]);
    expect(probes).toEqual(["a clock that stood still kept timers back"]);
  });

  test("stands still whatever drifts, and until the last freeze is lifted", async () => {
    const drift = on("clock-rate", 60, 200, { ppm: 500_000 });
    expect((await seen([freeze(50, 300), drift])).fired).toEqual([350]);
    expect((await seen([freeze(50, 300), freeze(100, 200)])).fired).toEqual([350]);
    const both = await seen([freeze(50, 300), freeze(100, 400)], [401]);
    expect(both.fired).toEqual([450]);
    expect(both.faces).toEqual([[51 * MS, 401 * MS]]);
  });

  test("is not turned by a slew until it runs again", async () => {
    const slew = on("clock-slew", 20, 400, { byUs: 30_000, ppm: 100_000 });
    const late = on("clock-slew", 60, 70, { byUs: 30_000, ppm: 100_000 });
    const { faces } = await seen([slew, freeze(50, 300), late], [51, 65, 299, 301, 401]);
    expect(faces).toEqual([
      [50 * MS, 53 * MS],
      [50 * MS, 53 * MS],
      [50 * MS, 53 * MS],
      [51 * MS, 329_100],
      [151 * MS, 401 * MS],
    ]);
  });
});
