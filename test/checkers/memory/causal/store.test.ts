import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { causalStore, type Load } from "../../../../bench/memory/causal-store.js";
import {
  causal,
  causalConvergence,
  causalMemory,
  causalPass,
  releaseAcquire,
} from "../../../../checkers/memory/causal/index.js";
import { oracleRuns } from "../../oracle/runs.js";
import { patterns } from "./closure.js";

const options = { stepsMax: 10_000_000 };
const numRuns = Math.ceil(oracleRuns / 20);

const loads: fc.Arbitrary<Load> = fc.record({
  seed: fc.nat(),
  sessions: fc.integer({ min: 2, max: 12 }),
  accesses: fc.integer({ min: 60, max: 160 }),
  keys: fc.integer({ min: 1, max: 8 }),
  replicas: fc.integer({ min: 1, max: 6 }),
  exchangePercent: fc.constantFrom(5, 20, 50),
  readPercent: fc.constantFrom(30, 60),
  wins: fc.constantFrom("last-writer", "last-arrival"),
  staleReads: fc.constantFrom(0, 0, 1, 3),
});

const base: Load = {
  seed: 1,
  sessions: 20,
  accesses: 10_000,
  keys: 50,
  replicas: 8,
  exchangePercent: 20,
  readPercent: 50,
  wins: "last-writer",
};

describe("histories of a causal store", () => {
  it("are decided as the closure of their relations decides them", () => {
    fc.assert(
      fc.property(loads, (load) => {
        const accesses = causalStore(load);
        expect({
          causal: causal(accesses, options).holds,
          causalConvergence: causalConvergence(accesses, options).holds,
          releaseAcquire: releaseAcquire(accesses, options).holds,
          causalMemory: causalMemory(accesses, options).holds,
        }).toEqual(patterns(accesses));
      }),
      { numRuns },
    );
  });

  it("converge causally where the last writer wins", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { causal: cc, convergence } = causalPass(causalStore({ ...base, seed }), options);
        expect([cc.holds, convergence.holds]).toEqual([true, true]);
      }),
      { numRuns: 3 },
    );
  });

  it("are causal memory where what arrives last wins", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const accesses = causalStore({ ...base, seed, accesses: 4000, wins: "last-arrival" });
        expect(causalMemory(accesses, options).holds).toBe(true);
      }),
      { numRuns: 3 },
    );
  });

  it("converge causally with updates that are made at the home of their key", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const accesses = causalStore({ ...base, seed, keys: 48, updatesPercent: 40 });
        expect(causalConvergence(accesses, options).holds).toBe(true);
        expect(releaseAcquire(accesses, options).holds).toBe(true);
      }),
      { numRuns: 3 },
    );
  });

  it("converge as transactions, too", () => {
    const accesses = causalStore({ ...base, transaction: 5 });
    const { causal: cc, convergence } = causalPass(accesses, options);
    expect([cc.holds, convergence.holds]).toEqual([true, true]);
  });

  it("are decided with more sessions than there are accesses in each", () => {
    const accesses = causalStore({ ...base, sessions: 2000, concurrency: 30 });
    expect(causalPass(accesses, options).convergence.holds).toBe(true);
  });

  it("are decided with sessions longer than small clocks count", () => {
    for (const length of [300, 70_000]) {
      const accesses = causalStore({
        ...base,
        sessions: 2,
        replicas: 2,
        keys: 3,
        accesses: 2 * length,
      });
      expect(causalPass(accesses, options).convergence.holds).toBe(true);
      const read = accesses.kind.lastIndexOf(0);
      const early = [...accesses.key.keys()].find(
        (a) => accesses.kind[a] === 1 && accesses.key[a] === accesses.key[read],
      )!;
      accesses.source[read] = early;
      expect(causal(accesses, options)).toMatchObject({ violation: { type: "WriteCORead" } });
    }
  });

  it("are no causal convergence with one stale read, which is shown with few steps", () => {
    const decision = causalPass(causalStore({ ...base, seed: 3, staleReads: 1 }), options).causal;
    expect(decision.holds).toBe(false);
    if (decision.holds !== false) return;
    expect(decision.violation.type).toBe("WriteCORead");
    expect(decision.violation.path.length).toBeLessThanOrEqual(8);
  });
});
