/** The oracle against itself: identities between models, and definitions taken word by word. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { dearRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../oracle/runs.js";
import { INIT } from "./notation.js";
import { accessesOf, asValue } from "./oracle/accesses.js";
import { holdsLiterally } from "./oracle/literal-sessions.js";
import { oracleOf } from "./oracle/oracle.js";
import { anyHistory, historyWith } from "./oracle/random-histories.js";
import { guaranteeSets, guarantees, holdsGuarantees } from "./oracle/sessions.js";
import { explanationsOf } from "./oracle/sources.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

const few = { seed: oracleSeed, numRuns: Math.ceil(dearRuns / 3) };
const noUpdates = historyWith(["read", "write", "fence"], { operationsMax: 9 });

describe(`the oracle agrees with itself ${withSeed}`, () => {
  it("on what the least visible sets allow", () => {
    fc.assert(
      fc.property(anyHistory({ operationsMax: 6, updatePercent: 10 }), ({ history }) => {
        for (const explanation of explanationsOf(accessesOf(history), asValue(INIT))) {
          const { accesses } = explanation;
          const reads = accesses.filter(({ found }) => found !== undefined).length;
          const writes = accesses.filter(({ left }) => left !== undefined).length;
          if (reads * writes > 6) continue;
          for (const set of guaranteeSets) {
            const least = holdsGuarantees(explanation, set, "arbitration");
            expect(least, set.join()).toBe(holdsLiterally(explanation, set));
          }
        }
      }),
      few,
    );
  });

  it("on guarantees that make up other models", () => {
    fc.assert(
      fc.property(noUpdates, ({ history }) => {
        const oracle = oracleOf(history, { init: INIT });
        const three = guarantees.filter((guarantee) => guarantee !== "writes-follow-reads");
        expect(oracle.allowsSet(three, "views")).toBe(oracle.allows("pram"));
        expect(oracle.allowsSet(guarantees, "views")).toBe(oracle.allows("causal-memory"));
        const convergence = oracle.allows("causal-convergence");
        expect(oracle.allowsSet(guarantees, "arbitration")).toBe(convergence);
      }),
      few,
    );
  });

  it("that a larger set of guarantees allows less", () => {
    fc.assert(
      fc.property(anyHistory({ operationsMax: 8 }), ({ history }) => {
        const oracle = oracleOf(history, { init: INIT });
        for (const reading of ["arbitration", "views"] as const) {
          const allowed = guaranteeSets.filter((set) => oracle.allowsSet(set, reading));
          for (const set of allowed) {
            for (const part of guaranteeSets) {
              if (part.every((one) => set.includes(one))) expect(allowed).toContain(part);
            }
          }
        }
      }),
      few,
    );
  });
});
