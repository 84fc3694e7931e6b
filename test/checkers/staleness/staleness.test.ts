/** k, Delta and the staleness of every read are what trying everything finds. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { registerZones } from "../../../checkers/linearizability/algorithms/register-zones.js";
import { decide } from "../../../checkers/linearizability/decide.js";
import { prepareView } from "../../../checkers/linearizability/problem.js";
import type { ObjectView } from "../../../checkers/linearizability/view.js";
import { clustersOf } from "../../../checkers/staleness/clusters.js";
import { impossibleReads } from "../../../checkers/staleness/impossible-reads.js";
import { timedObjects } from "../../../checkers/staleness/objects.js";
import { readStaleness } from "../../../checkers/staleness/reads.js";
import { recentValues } from "../../../checkers/staleness/recent-values.js";
import { wholeView } from "../../../checkers/staleness/reduced-views.js";
import { staleness } from "../../../checkers/staleness/staleness.js";
import { toHistory } from "../../../histories/pairing.js";
import { smallHistory } from "../linearizability/algorithms/small-registers.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, sampleSeed, withSeed } from "../oracle/runs.js";
import { leastDelta, leastStaleness } from "./every-order.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

/** Trying every order takes its time. */
const runs = Math.ceil(oracleRuns / 2);
const shapes = [
  { repeats: 0, operationsMax: 8 },
  { repeats: 40, operationsMax: 7 },
];
const functions = ["read", "write"];

describe("smallest k", () => {
  it.each(shapes)(`with $repeats % repeated values ${withSeed}`, (shape) => {
    fc.assert(
      fc.property(smallHistory({ ...shape, functions }), ({ events }) => {
        const { k, impossible } = staleness(toHistory(events));
        const expected = leastStaleness(events).k;
        if (impossible.length > 0) expect(expected).toBe(Number.POSITIVE_INFINITY);
        else expect(k).toEqual({ atLeast: expected, atMost: expected });
      }),
      { seed: oracleSeed, numRuns: runs },
    );
  });

  it.each(shapes)("is of every kind with $repeats % repeated values", (shape) => {
    const histories = fc.sample(smallHistory({ ...shape, functions }), {
      seed: sampleSeed,
      numRuns: 150,
    });
    const seen = new Set(histories.map(({ events }) => leastStaleness(events).k));
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([1, 2, 3, Number.POSITIVE_INFINITY].sort()),
    );
  });
});

describe("smallest Delta", () => {
  it.each(shapes)(`with $repeats % repeated values ${withSeed}`, (shape) => {
    const seen = new Set<number>();
    fc.assert(
      fc.property(smallHistory({ ...shape, functions }), ({ events }) => {
        const { deltaNs, impossible } = staleness(toHistory(events));
        const expected = leastDelta(events);
        seen.add(expected);
        if (impossible.length > 0) expect(expected).toBe(Number.POSITIVE_INFINITY);
        else expect(deltaNs).toEqual({ atLeast: expected, atMost: expected });
      }),
      { seed: oracleSeed, numRuns: runs },
    );
    expect(seen.size).toBeGreaterThan(1);
  });
});

it(`the writes that a read certainly missed are those of the best order ${withSeed}`, () => {
  let stale = 0;
  fc.assert(
    fc.property(smallHistory({ ...shapes[0]!, functions }), ({ events }) => {
      for (const view of timedObjects(toHistory(events), {})) {
        if (impossibleReads(view).length > 0) continue;
        const { reads, versions } = readStaleness(view, clustersOf(view));
        const { missed } = leastStaleness(events);
        stale += versions.some((version) => version > 0) ? 1 : 0;
        const told = [...reads].map((read, n) => [view.invoked[read]!, versions[n]!] as const);
        expect(new Map(told)).toEqual(missed);
      }
    }),
    { seed: oracleSeed, numRuns: runs },
  );
  expect(stale).toBeGreaterThan(0);
});

it(`k is 1 and Delta is 0 exactly for what zones find linearizable ${withSeed}`, () => {
  fc.assert(
    fc.property(smallHistory({ functions, operationsMax: 30, repeats: 0 }), ({ events }) => {
      const [view] = timedObjects(toHistory(events), {});
      if (view === undefined) return;
      const { k, deltaNs } = staleness(toHistory(events), { stepsMax: 0 });
      const { valid } = registerZones.examine(view);
      expect(k?.atMost === 1).toBe(valid);
      expect(deltaNs?.atMost === 0).toBe(valid);
    }),
    { seed: oracleSeed, numRuns: runs },
  );
});

it(`without a budget k is still bounded from both sides ${withSeed}`, () => {
  fc.assert(
    fc.property(smallHistory({ functions, operationsMax: 10, repeats: 10 }), ({ events }) => {
      const exact = staleness(toHistory(events)).k;
      const bounds = staleness(toHistory(events), { stepsMax: 0 }).k;
      if (exact === undefined) return;
      expect(bounds!.atLeast).toBeLessThanOrEqual(exact.atLeast);
      expect(bounds!.atMost).toBeGreaterThanOrEqual(exact.atMost);
      expect(bounds!.reason === undefined).toBe(bounds!.atLeast === bounds!.atMost);
    }),
    { seed: oracleSeed, numRuns: runs },
  );
});

it(`chunks, bounds and the search on them say what the search says on the whole ${withSeed}`, () => {
  fc.assert(
    fc.property(smallHistory({ functions, operationsMax: 14, repeats: 0 }), ({ events }) => {
      const [view] = timedObjects(toHistory(events), {});
      if (view === undefined || impossibleReads(view).length > 0) return;
      const { k } = staleness(toHistory(events));
      expect(isAtomic(view, k!.atMost)).not.toBe(false);
      if (k!.atLeast > 1) expect(isAtomic(view, k!.atLeast - 1)).not.toBe(true);
    }),
    { seed: oracleSeed, numRuns: runs },
  );
});

it("some histories leave k open between its bounds, so that the search has something to do", () => {
  const sample = fc.sample(smallHistory({ functions, operationsMax: 14, repeats: 0 }), {
    seed: sampleSeed,
    numRuns: 1000,
  });
  const isOpen = ({ events }: (typeof sample)[number]): boolean => {
    const rough = staleness(toHistory(events), { stepsMax: 0 }).k;
    return rough !== undefined && rough.atLeast < rough.atMost;
  };
  expect(sample.some(isOpen)).toBe(true);
});

/** What is harder takes gigabytes, and is left open. */
const STEPS_MAX = 500_000;

function isAtomic(view: ObjectView, k: number): boolean | "unknown" {
  const whole = wholeView(view);
  const model = recentValues(k);
  const initial = model.init(whole.values.value(whole.init));
  return decide(prepareView(model, whole, ["read", "write"], initial), STEPS_MAX).valid;
}
