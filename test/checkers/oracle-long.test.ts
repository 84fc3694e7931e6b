/**
 * On histories of 20 to 60 operations, too long for the oracle: the algorithm that is chosen for
 * the type says what the general search alone says. Where either gives up, nothing is compared.
 */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { linearizable } from "../../checkers/index.js";
import { toHistory } from "../../histories/pairing.js";
import { objectTypes } from "./oracle/object-types.js";
import { longHistory } from "./oracle/random-history.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "./oracle/runs.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

/** At least 10,000 when 50,000 small histories are asked for; few where only a slice is. */
const RUNS = Math.ceil(oracleRuns / (oracleRuns >= 10_000 ? 5 : 40));
const stepsMax = 20_000;
const ENOUGH = 1_000;

describe("the chosen algorithm and the general search agree", () => {
  it.each(objectTypes)(`on %s histories of 20 to 60 operations ${withSeed}`, (type) => {
    const verdicts = { true: 0, false: 0, unknown: 0 };
    fc.assert(
      fc.property(longHistory(type), ({ events, init }) => {
        const history = toHistory(events);
        const chosen = linearizable({ type, init }).check(history, { stepsMax });
        const search = linearizable({ type, init, algorithm: "search" });
        const searched = search.check(history, { stepsMax });
        const isOpen = chosen.valid === "unknown" || searched.valid === "unknown";
        verdicts[isOpen ? "unknown" : searched.valid ? "true" : "false"]++;
        if (!isOpen) expect(chosen.valid).toBe(searched.valid);
      }),
      { seed: oracleSeed, numRuns: RUNS },
    );
    // A slice may well hold no violation: the mix is judged where there are enough.
    if (RUNS < ENOUGH) return;
    expect(verdicts.true).toBeGreaterThan(0);
    expect(verdicts.false).toBeGreaterThan(0);
  });
});
