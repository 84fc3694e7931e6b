/** Decisions about chains: who is in one, and what two logs have in common. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chainOf, commonLength } from "../../../systems/chain/chains.js";
import type { Run } from "../../../systems/chain/messages.js";
import type { Extent } from "../../../systems/primary-backup/messages.js";

const granters = (...extents: [string, number, number][]): Map<string, Extent> =>
  new Map(extents.map(([name, epoch, length]) => [name, { epoch, length }]));

describe("the chain of a new epoch", () => {
  it("has the log that reaches furthest at its head: a later epoch first, then the longer one", () => {
    const chain = chainOf(granters(["n1", 1, 9], ["n2", 2, 4], ["n3", 2, 5]), 3);
    expect(chain).toEqual(["n3", "n2", "n1"]);
  });

  it("keeps the order of equals", () => {
    expect(chainOf(granters(["n2", 1, 4], ["n1", 1, 4], ["n3", 1, 4]), 2)).toEqual([
      "n2",
      "n1",
      "n3",
    ]);
  });

  it("leaves those out who are an epoch behind, but never goes below a majority", () => {
    const behind = granters(["n1", 3, 7], ["n2", 2, 7], ["n3", 2, 5], ["n4", 1, 1]);
    expect(chainOf(behind, 3)).toEqual(["n1", "n2", "n3"]);
    const together = granters(["n1", 3, 7], ["n2", 3, 6], ["n3", 3, 6], ["n4", 3, 5]);
    expect(chainOf(together, 3)).toHaveLength(4);
  });
});

describe("what two logs have in common", () => {
  const runsOf = (epochs: readonly number[]): Run[] => {
    const runs: Run[] = [];
    for (const [i, epoch] of epochs.entries()) {
      const last = runs.at(-1);
      if (last?.epoch === epoch) last.end = i + 1;
      else runs.push({ epoch, end: i + 1 });
    }
    return runs;
  };

  it("is the longest prefix with the same epochs", () => {
    const log = fc
      .array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 })
      .map((epochs) => epochs.sort());
    fc.assert(
      fc.property(log, log, (left, right) => {
        const differs = left.findIndex((epoch, i) => epoch !== right[i]);
        expect(commonLength(runsOf(left), runsOf(right))).toBe(differs < 0 ? left.length : differs);
      }),
    );
  });
});
