import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Accesses, isRead } from "../../../../checkers/memory/accesses.js";
import {
  causal,
  causalConvergence,
  causalMemory,
  causalPass,
  convergenceWith,
  releaseAcquire,
} from "../../../../checkers/memory/causal/index.js";
import type { Decision } from "../../../../checkers/memory/decision.js";
import { oracleRuns } from "../../oracle/runs.js";
import { verdicts } from "./brute-force.js";
import { randomAccesses } from "./random-accesses.js";

const options = { stepsMax: 1_000_000 };
const numRuns = oracleRuns;

const arbitraryAccesses = fc
  .record({
    sessions: fc.integer({ min: 1, max: 4 }),
    keys: fc.integer({ min: 1, max: 3 }),
    size: fc.integer({ min: 1, max: 8 }),
    updatesPercent: fc.constantFrom(0, 0, 30, 60),
    seed: fc.integer(),
  })
  .map(({ seed, ...shape }) => randomAccesses(drawing(seed), shape));

/** A small generator, so that one seed makes one history (Steele, Vigna 2014). */
function drawing(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % n;
  };
}

function decided(accesses: Accesses) {
  return {
    causal: causal(accesses, options).holds,
    causalConvergence: causalConvergence(accesses, options).holds,
    releaseAcquire: releaseAcquire(accesses, options).holds,
    causalMemory: causalMemory(accesses, options).holds,
  };
}

const described = (accesses: Accesses) =>
  JSON.stringify({
    starts: [...accesses.starts],
    kind: [...accesses.kind],
    key: [...accesses.key],
    source: [...accesses.source],
  });

describe("the causal models, on tiny histories", () => {
  it("are decided as trying every order decides them", () => {
    fc.assert(
      fc.property(arbitraryAccesses, (accesses) => {
        expect(decided(accesses), described(accesses)).toEqual(verdicts(accesses));
        const both = causalPass(accesses, options);
        expect([both.causal.holds, both.convergence.holds]).toEqual([
          verdicts(accesses).causal,
          verdicts(accesses).causalConvergence,
        ]);
      }),
      { numRuns },
    );
  });

  it("converge with further writes in the past of reads as trying every order says", () => {
    fc.assert(
      fc.property(
        arbitraryAccesses,
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 }),
        (accesses, picks) => {
          const reads = [...accesses.kind.keys()].filter((a) => isRead(accesses.kind[a]!));
          if (reads.length === 0) return;
          const sees = picks.flatMap(([w, r]): [number, number][] => {
            const read = reads[r % reads.length]!;
            const write = w % accesses.size;
            return accesses.kind[write] === 1 && write !== read ? [[write, read]] : [];
          });
          expect(convergenceWith(accesses, options, sees).holds, described(accesses)).toBe(
            verdicts(accesses, sees).causalConvergence,
          );
        },
      ),
      { numRuns },
    );
  });

  it("are refuted by paths of which every step is in the history", () => {
    fc.assert(
      fc.property(arbitraryAccesses, (accesses) => {
        for (const decide of [causal, causalConvergence, releaseAcquire, causalMemory]) {
          checkViolation(accesses, decide(accesses, options));
        }
      }),
      { numRuns: Math.ceil(oracleRuns / 2) },
    );
  });
});

function checkViolation(accesses: Accesses, decision: Decision): void {
  if (decision.holds !== false) return;
  const { type, path, accesses: all } = decision.violation;
  for (const { from, to, relation } of path) {
    expect(all).toContain(from);
    expect(all).toContain(to);
    if (relation === "session") {
      expect(accesses.session[from]).toBe(accesses.session[to]);
      expect(from).toBeLessThan(to);
    }
    if (relation === "reads-from") expect(accesses.source[to]).toBe(from);
    if (relation === "overwrites" || relation === "replaced")
      expect(accesses.key[from]).toBe(accesses.key[to]);
  }
  path.forEach((step, i) => {
    if (i > 0) expect(step.from, described(accesses)).toBe(path[i - 1]!.to);
  });
  if (type.startsWith("Cyclic")) expect(path.at(-1)!.to).toBe(path[0]!.from);
}
