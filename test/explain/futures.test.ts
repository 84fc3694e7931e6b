import { describe, expect, test } from "vitest";
import type { Json } from "../../src/base/json.js";
import { planRun } from "../../src/controller/index.js";
import { futureOf, futureSeeds, redraw } from "../../src/explain/futures.js";
import { parsePlan } from "../../src/plan/schema.js";

const whole = planRun({ seed: 3, system: "raft", nemesis: ["swarm"], nodes: 5, operations: 40 });
const atUs = Math.floor(whole.timeLimitUs / 2);
const redrawn = redraw(whole, 77, undefined);

describe("another future", () => {
  test("keeps what had begun and the recovery phase, and redraws the faults between", () => {
    const future = futureOf(whole, atUs, 77, redrawn);
    const past = whole.faults.filter((fault) => fault.atUs < atUs);
    expect(past.length).toBeGreaterThan(0);
    expect(redrawn.some((fault) => fault.atUs >= atUs)).toBe(true);
    expect(future.faults).toEqual(expect.arrayContaining(past));
    const late = whole.faults.filter((fault) => fault.atUs >= whole.timeLimitUs);
    expect(future.faults).toEqual(expect.arrayContaining(late));
    const ids = whole.faults.map(({ id }) => id);
    const fresh = future.faults.filter(({ id }) => !ids.includes(id));
    for (const fault of fresh) {
      expect(fault.atUs).toBeGreaterThanOrEqual(atUs);
      expect(fault.untilUs).toBeLessThanOrEqual(whole.timeLimitUs);
    }
    expect(future.operations).toBe(whole.operations);
    expect(future.branch).toEqual({ atUs, seed: 77 });
  });

  test("is a sound plan, also of a cluster that lost nodes in shrinking", () => {
    const nodes = ["n2", "n3", "n5"];
    const small = { ...whole, nodes, clocks: {}, operations: [], faults: [] };
    delete small.recovery;
    const future = futureOf(small, 0, 5, redraw(small, 5, undefined));
    expect(future.faults.length).toBeGreaterThan(0);
    expect(parsePlan(JSON.parse(JSON.stringify(future)) as Json, "future")).toBeDefined();
  });

  test("is the same for the same seed, and seeds follow from the case's", () => {
    expect(redraw(whole, 77, undefined)).toEqual(redrawn);
    expect(futureSeeds(3, 4)).toEqual(futureSeeds(3, 6).slice(0, 4));
    expect(futureSeeds(3, 4)).not.toEqual(futureSeeds(4, 4));
  });
});
