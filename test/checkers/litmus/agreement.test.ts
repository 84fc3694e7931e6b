/** Two enumerators that share nothing, machines and axioms, find the same final states of random programs. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axiomatic } from "../../../checkers/litmus/axiomatic/index.js";
import { pso, sc, tso } from "../../../checkers/litmus/operational/index.js";
import type { Enumerate, LitmusModel, LitmusTest } from "../../../checkers/litmus/program.js";
import { oracleRuns, oracleTimeoutMs } from "../oracle/runs.js";
import { type ProgramBounds, programs } from "./programs.js";

const timeout = { timeout: oracleTimeoutMs };

/** Of each size so many programs where a thousand runs were asked for. */
const sizes: readonly (readonly [share: number, bounds: ProgramBounds])[] = [
  [2000, { threadsMax: 3, instructionsMax: 3, locationsMax: 2 }],
  [200, { threadsMax: 3, instructionsMax: 4, locationsMax: 2 }],
  [500, { threadsMax: 2, instructionsMax: 5, locationsMax: 3 }],
  [300, { threadsMax: 4, instructionsMax: 2, locationsMax: 3 }],
  [50, { threadsMax: 4, instructionsMax: 4, locationsMax: 3, plain: true }],
];
const STEPS_MAX = 60_000;

function statesOf(enumerate: Enumerate, test: LitmusTest): Set<string> | undefined {
  const outcomes = enumerate(test, STEPS_MAX);
  return "states" in outcomes ? new Set(outcomes.states.map((state) => state.join())) : undefined;
}

describe("random programs", () => {
  it.each(sizes)("end on machines as by axioms (%i: %o)", timeout, (share, bounds) => {
    fc.assert(
      fc.property(programs(bounds), (test) => {
        for (const [model, machine] of Object.entries({ sc, tso, pso })) {
          const byAxioms = statesOf(axiomatic(model as LitmusModel), test);
          const onMachine = statesOf(machine, test);
          // Too many candidates: one side's answer would have nothing to be compared with.
          fc.pre(byAxioms !== undefined && onMachine !== undefined);
          expect(byAxioms, model).toEqual(onMachine);
        }
      }),
      { numRuns: Math.ceil((oracleRuns * share) / 1000) },
    );
  });

  const inclusions: readonly (readonly [stronger: LitmusModel, weaker: LitmusModel])[] = [
    ["sc", "tso"],
    ["tso", "pso"],
    ["pso", "coherence"],
    ["tso", "causal-convergence"],
    ["causal-convergence", "coherence"],
  ];

  it("end under a weaker model in all ways that they end under a stronger one", timeout, () => {
    const bounds = { threadsMax: 3, instructionsMax: 3, locationsMax: 3 };
    fc.assert(
      fc.property(programs(bounds), (test) => {
        for (const [stronger, weaker] of inclusions) {
          const [few, many] = [
            statesOf(axiomatic(stronger), test),
            statesOf(axiomatic(weaker), test),
          ];
          fc.pre(few !== undefined && many !== undefined);
          const missing = [...few].filter((state) => !many.has(state));
          expect(missing, `${stronger} within ${weaker}`).toEqual([]);
        }
      }),
      { numRuns: Math.ceil(oracleRuns / 2) },
    );
  });
});
