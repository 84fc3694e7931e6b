/** Timing models as a network keeps them: bounded, bounded from some moment on, and unbounded. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Timing } from "../../src/plan/timing.js";
import { heavyTailed } from "../../src/sim/pace.js";
import { type Arrival, everywhere, Wire } from "./wire.js";

const MS = 1_000;
const SECOND = 1_000_000;
const BOUND_US = 50 * MS;

/** Messages a while apart on links that are slow and unruly for two seconds. */
async function weather(seed: number, timing: Timing | undefined): Promise<Arrival[]> {
  const wire = new Wire({ seed, manner: { timing } });
  const bad = { delayUs: 300 * MS, jitterUs: 200 * MS, reorderPpm: 500_000, reorderUs: 400 * MS };
  wire.disturb([0, 2 * SECOND], everywhere, { ...bad, duplicatePpm: 300_000 });
  for (let i = 0; i < 100; i++) wire.send(i * 10 * MS, "n1", "n2", { type: "m", i });
  return wire.run();
}

const delayOf = ({ atUs, body }: Arrival): number => atUs - (body["i"] as number) * 10 * MS;

describe("synchronous links", () => {
  it("deliver everything within the bound, under delays, disorder and duplicates", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const arrivals = await weather(seed, { model: "synchronous", boundUs: BOUND_US });
        expect(new Set(arrivals.map(({ body }) => body["i"])).size).toBe(100);
        expect(Math.max(...arrivals.map(delayOf))).toBeLessThanOrEqual(BOUND_US);
      }),
      { numRuns: 20 },
    );
  });

  it("would not without the model", async () => {
    const arrivals = await weather(1, undefined);
    expect(Math.max(...arrivals.map(delayOf))).toBeGreaterThan(BOUND_US);
  });
});

describe("partially synchronous links", () => {
  it("deliver what was under way within the bound of their stabilising, and all later in time", async () => {
    const stabilisesAtUs = 500 * MS;
    const timing: Timing = { model: "partially-synchronous", boundUs: BOUND_US, stabilisesAtUs };
    const arrivals = await weather(1, timing);
    const late = arrivals.filter((arrival) => delayOf(arrival) > BOUND_US);
    expect(late.length).toBeGreaterThan(0);
    for (const arrival of arrivals) {
      const sentUs = (arrival.body["i"] as number) * 10 * MS;
      expect(arrival.atUs).toBeLessThanOrEqual(Math.max(sentUs, stabilisesAtUs) + BOUND_US);
    }
  });
});

describe("partially synchronous links that are reliable channels", () => {
  it("do not wait for a time-out after they have stabilised", async () => {
    const stabilisesAtUs = 500 * MS;
    const timing: Timing = { model: "partially-synchronous", boundUs: BOUND_US, stabilisesAtUs };
    for (const untilUs of [450 * MS, 500 * MS, 700 * MS]) {
      const wire = new Wire({ manner: { timing, channel: "reliable" } });
      wire.disturb([45 * MS, untilUs], everywhere, { cut: true });
      for (let i = 0; i < 10; i++) wire.send(i * 10 * MS, "n1", "n2", { type: "m", i });
      const arrivals = await wire.run();
      expect(arrivals.map(({ body }) => body["i"])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const lastUs = Math.max(...arrivals.map(({ atUs }) => atUs));
      expect(lastUs).toBeLessThanOrEqual(Math.max(untilUs, stabilisesAtUs) + BOUND_US);
    }
  });
});

describe("asynchronous links", () => {
  const wild: Timing = { model: "asynchronous", untilUs: 3_600 * SECOND };
  const crowd = async (timing: Timing, dest = "n2"): Promise<Wire> => {
    const wire = new Wire({ manner: { timing }, clients: ["c1"] });
    for (let i = 0; i < 4_000; i++) wire.send(i * 10 * MS, "n1", dest, { type: "m", i });
    await wire.run();
    return wire;
  };
  const orderOf = (wire: Wire): number[] => wire.arrivals.map(({ body }) => body["i"] as number);

  it("deliver everything, mostly soon, some after seconds, and out of order", async () => {
    const wire = await crowd(wild);
    const delays = wire.arrivals.map(delayOf).sort((a, b) => a - b);
    expect(delays.length).toBe(4_000);
    expect(delays[2_000]).toBeLessThan(2 * MS);
    expect(delays.at(-1)).toBeGreaterThan(SECOND / 5);
    expect(orderOf(wire)).not.toEqual([...orderOf(wire)].sort((a, b) => a - b));
  });

  it("are as usual at the end, and between clients and nodes", async () => {
    for (const wire of [await crowd({ ...wild, untilUs: 0 }), await crowd(wild, "c1")]) {
      expect(Math.max(...wire.arrivals.map(delayOf))).toBeLessThan(2 * MS);
      expect(orderOf(wire)).toEqual([...orderOf(wire)].sort((a, b) => a - b));
    }
  });

  it("have a tail in which n times as late is n times as seldom", () => {
    const words = Array.from({ length: 64 }, (_, i) => i << 26);
    const draws = words.flatMap((word) => words.map((second) => heavyTailed(word, second, 1_000)));
    for (const times of [4, 16, 64, 256]) {
      const beyond = draws.filter((delay) => delay > times * 1_000).length / draws.length;
      expect(beyond * times).toBeGreaterThan(0.8);
      expect(beyond * times).toBeLessThan(1.2);
    }
    expect(Math.max(...draws)).toBe(8_192_000);
  });
});
