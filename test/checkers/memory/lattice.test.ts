/** The memory models stand to each other as the lattice says: no edge is missing, and none is too much. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { implied } from "../../../checkers/lattice/lattice.js";
import { dearRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../oracle/runs.js";
import { isValid, isValidSet, verdictOf } from "./judged.js";
import { history, INIT } from "./notation.js";
import { namedHistories } from "./oracle/named-histories.js";
import { memoryModels, oracleOf } from "./oracle/oracle.js";
import { anyHistory, historyWith } from "./oracle/random-histories.js";
import { guaranteeSets, guarantees } from "./oracle/sessions.js";
import { shapes } from "./oracle/shapes.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

/** Those of the lattice that hold of a history although a stronger one does not, or the other way round. */
function contradictions(verdict: (model: string) => unknown): string[] {
  const valid = memoryModels.filter((model) => verdict(model) === true);
  return valid.flatMap((model) =>
    [...weakerThan(model)]
      .filter((weaker) => memoryModels.includes(weaker) && verdict(weaker) === false)
      .map((weaker) => `${model}, but not ${weaker}`),
  );
}

function weakerThan(model: string): ReadonlySet<string> {
  if (model !== "strong-convergence") return implied(model);
  return new Set(["eventual", ...implied("causal-convergence")]);
}

const noUpdates = historyWith(["read", "write", "fence"], { operationsMax: 10 });
/** What long histories may cost: some stay open. */
const FEW_STEPS = 5_000;

const random = { seed: oracleSeed, numRuns: Math.ceil(dearRuns / 2) };

describe("what holds of a model holds of the weaker ones", () => {
  it(`as the oracle has it ${withSeed}`, () => {
    fc.assert(
      fc.property(anyHistory({ operationsMax: 10 }), (drawn) => {
        const oracle = oracleOf(drawn.history, { init: INIT });
        expect(contradictions((model) => oracle.allows(model))).toEqual([]);
      }),
      random,
    );
  });

  it(`as the checkers have it ${withSeed}`, () => {
    fc.assert(
      fc.property(anyHistory({ operationsMax: 10, lostPercent: 2 }), (drawn) => {
        const verdicts = new Map(
          memoryModels.map((model) => [model, isValid(model, drawn.history)]),
        );
        expect(contradictions((model) => verdicts.get(model))).toEqual([]);
      }),
      random,
    );
  });

  it(`of long histories ${withSeed}`, () => {
    fc.assert(
      fc.property(anyHistory({ operationsMax: 40, lostPercent: 1 }), (drawn) => {
        const verdicts = new Map(
          memoryModels.map((model) => [model, isValid(model, drawn.history, FEW_STEPS)]),
        );
        expect(contradictions((model) => verdicts.get(model))).toEqual([]);
      }),
      { ...random, numRuns: Math.ceil(dearRuns / 8) },
    );
  });

  it(`what is linearizable is 1-atomic, and has all that it implies ${withSeed}`, () => {
    const registers = historyWith(["read", "write"], { operationsMax: 10 });
    fc.assert(
      fc.property(registers, ({ history: judged }) => {
        if (isValid("linearizable", judged) !== true) return;
        for (const model of implied("linearizable")) {
          if (memoryModels.includes(model)) expect(isValid(model, judged), model).not.toBe(false);
        }
        expect(verdictOf("k-atomic", judged).notes).toMatchObject({ k: 1 });
        expect(verdictOf("delta-atomic", judged).notes).toMatchObject({ deltaNs: 0 });
      }),
      random,
    );
  });
});

describe("sets of session guarantees", () => {
  it(`forbid all that their parts forbid ${withSeed}`, () => {
    fc.assert(
      fc.property(anyHistory({ operationsMax: 10 }), (drawn) => {
        for (const reading of ["arbitration", "views"] as const) {
          const allowed = guaranteeSets.filter(
            (set) => isValidSet(set, reading, drawn.history) !== false,
          );
          for (const set of allowed) {
            for (const part of guaranteeSets) {
              if (part.every((one) => set.includes(one))) expect(allowed).toContain(part);
            }
          }
        }
      }),
      { ...random, numRuns: Math.ceil(dearRuns / 4) },
    );
  });

  it(`make up PRAM, causal memory and causal convergence, where nothing is updated ${withSeed}`, () => {
    fc.assert(
      fc.property(noUpdates, ({ history: drawn }) => {
        const three = guarantees.filter((guarantee) => guarantee !== "writes-follow-reads");
        expect(isValidSet(three, "views", drawn)).toBe(isValid("pram", drawn));
        expect(isValidSet(guarantees, "views", drawn)).toBe(isValid("causal-memory", drawn));
        const convergence = isValid("causal-convergence", drawn);
        expect(isValidSet(guarantees, "arbitration", drawn)).toBe(convergence);
      }),
      random,
    );
  });
});

/** Stronger, not weaker, and the smallest history that the first allows and the second forbids. */
const wrongEdges: readonly (readonly [string, string, string])[] = [
  ["tso", "pram", "w(z,1) w(x,1) w(y,1) | w(x,2) r(z)0 r(y)1 r(x)2"],
  ["tso", "causal-memory", "w(z,1) w(x,1) w(y,1) | w(x,2) r(z)0 r(y)1 r(x)2"],
  ["tso", "processor", "w(x,1) w(y,1) r(y)2 | w(y,2) r(x)0"],
  ["tso", "sequential", "w(x,1) r(y)0 | w(y,1) r(x)0"],
  ["pso", "tso", "w(x,1) w(y,1) | r(y)1 r(x)0"],
  ["pso", "causal", "w(x,1) w(y,1) | r(y)1 r(x)0"],
  ["causal-convergence", "pram", "w(z,1) w(x,1) w(y,1) | w(x,2) r(z)0 r(y)1 r(x)2"],
  ["causal-convergence", "causal-memory", "w(z,1) w(x,1) w(y,1) | w(x,2) r(z)0 r(y)1 r(x)2"],
  ["causal-convergence", "tso", "w(x,1) | w(y,1) | r(x)1 r(y)0 | r(y)1 r(x)0"],
  ["causal-memory", "causal-convergence", "w(x,1) r(x)2 | w(x,2) r(x)1"],
  ["causal-memory", "coherence", "w(x,1) r(x)2 | w(x,2) r(x)1"],
  ["causal-memory", "processor", "w(x,1) r(x)2 | w(x,2) r(x)1"],
  ["processor", "causal", "r(x)1 w(y,1) | r(y)1 w(x,1)"],
  ["processor", "pso", "r(x)1 w(y,1) | r(y)1 w(x,1)"],
  ["processor", "writes-follow-reads", "r(x)1 w(y,1) | r(y)1 w(x,1)"],
  ["causal", "monotonic-reads", "w(x,1) r(x)1 r(x)2 r(x)1 | w(x,2)"],
  ["causal", "read-your-writes", "w(x,1) r(x)2 w(y,1) r(x)1 | w(x,2) r(x)1"],
  ["causal", "pram", "w(x,1) | w(x,2) r(x)1 r(x)2"],
  ["causal", "coherence", "w(x,1) r(x)2 | w(x,2) r(x)1"],
  ["release-acquire", "causal-convergence", "w(x,1) w(y,1) r(y)2 | w(y,2) w(x,2) r(x)1"],
  ["release-acquire", "pram", "w(z,1) w(x,1) w(y,1) | w(x,2) r(z)0 r(y)1 r(x)2"],
  ["pram", "causal", "w(x,1) | r(x)1 w(y,1) | r(y)1 r(x)0"],
  ["pram", "coherence", "w(x,1) r(x)2 | w(x,2) r(x)1"],
  ["pram", "writes-follow-reads", "r(x)1 w(y,1) | r(y)1 w(x,1)"],
  ["coherence", "pram", "w(x,1) w(y,1) | r(y)1 r(x)0"],
  ["coherence", "writes-follow-reads", "r(x)1 w(y,1) | r(y)1 w(x,1)"],
  ["slow", "pram", "w(x,1) w(y,1) | r(y)1 r(x)0"],
  ["slow", "coherence", "w(x,1) r(x)2 | w(x,2) r(x)1"],
  ["sequential", "eventual", "w(x,1) R(x)1 | w(x,2) R(x)2"],
  ["eventual", "slow", "w(x,1) r(x)0 R(x)1"],
  ["eventual", "strong-convergence", "w(x,1) w(x,2) R(x)1 | R(x)1"],
];

describe("edges that are often believed in", () => {
  it.each(wrongEdges)("%s does not imply %s: %s", (stronger, weaker, text) => {
    const judged = history(text);
    const oracle = oracleOf(judged, { init: INIT });
    expect.soft(oracle.allows(stronger), `oracle: ${stronger}`).toBe(true);
    expect.soft(oracle.allows(weaker), `oracle: ${weaker}`).toBe(false);
    expect.soft(isValid(stronger, judged), stronger).toBe(true);
    expect.soft(isValid(weaker, judged), weaker).toBe(false);
    if (stronger !== "eventual" && weaker !== "strong-convergence") {
      expect(implied(stronger).has(weaker)).toBe(false);
    }
  });

  it("PRAM and coherence together are not processor consistency", () => {
    const text = "w(x,1) w(y,1) | w(y,2) w(x,2) | r(x)2 r(x)1 | r(y)1 r(y)2";
    for (const model of ["pram", "coherence"]) expect(isValid(model, history(text))).toBe(true);
    expect(isValid("processor", history(text))).toBe(false);
  });
});

describe("models that the lattice does not connect", () => {
  /** Alone it forbids what every model forbids: values out of thin air or out of the own future. */
  const forbidsNothing = "monotonic-writes";
  /** No causal circle passes a store buffer, and alone the guarantee forbids nothing else. */
  const known = ["pso, writes-follow-reads"];

  it("differ on some known history", () => {
    const models = memoryModels.filter((model) => !/eventual|strong-convergence/.test(model));
    const texts = [...namedHistories, ...shapes].map(({ text }) => text);
    const all = [...texts, ...wrongEdges.map(([, , text]) => text)].map((text) => {
      const oracle = oracleOf(history(text), { init: INIT });
      return new Map(models.map((model) => [model, oracle.allows(model)]));
    });
    const equal = models.flatMap((model) =>
      models
        .filter((other) => other !== forbidsNothing && !implied(model).has(other))
        .filter((other) => !all.some((verdicts) => verdicts.get(model) && !verdicts.get(other)))
        .map((other) => `${model}, ${other}`),
    );
    expect(equal.filter((pair) => !known.includes(pair))).toEqual([]);
  });
});
