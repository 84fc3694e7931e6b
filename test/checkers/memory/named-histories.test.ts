/** Seventy histories of the literature: what every model says of them. */

import { describe, expect, it } from "vitest";
import { isValid, isValidSet, verdictOf } from "./judged.js";
import { history, INIT } from "./notation.js";
import { namedHistories } from "./oracle/named-histories.js";
import { oracleOf } from "./oracle/oracle.js";
import { type Guarantee, guaranteeSets, type Reading } from "./oracle/sessions.js";

/** The forbidden sets that contain no smaller one. */
function smallest(isForbidden: (set: readonly Guarantee[]) => boolean): readonly Guarantee[][] {
  const found: Guarantee[][] = [];
  for (const set of guaranteeSets) {
    const isLarger = found.some((other) => other.every((guarantee) => set.includes(guarantee)));
    if (!isLarger && isForbidden(set)) found.push([...set]);
  }
  return found;
}

const readings: readonly Reading[] = ["arbitration", "views"];
const timedModels = new Set(["linearizable"]);

describe("the oracle says of the named histories what is known", () => {
  it("of all seventy", () => expect(namedHistories).toHaveLength(70));

  it.each(namedHistories)("$name: $text", ({ text, verdicts, broken }) => {
    const oracle = oracleOf(history(text), { init: INIT });
    for (const [model, verdict] of verdicts) {
      if (!timedModels.has(model)) expect.soft(oracle.allows(model), model).toBe(verdict);
    }
    for (const reading of broken === undefined ? [] : readings) {
      const found = smallest((set) => !oracle.allowsSet(set, reading));
      expect.soft(found, reading).toEqual(broken![reading]);
    }
  });
});

describe("the checkers say of the named histories what is known", () => {
  it.each(namedHistories)("$name: $text", ({ text, verdicts, broken }) => {
    const judged = history(text);
    for (const [model, verdict] of verdicts) {
      expect.soft(isValid(model, judged), model).toBe(verdict);
    }
    for (const reading of broken === undefined ? [] : readings) {
      const found = smallest((set) => isValidSet(set, reading, judged) === false);
      expect.soft(found, reading).toEqual(broken![reading]);
    }
  });

  it.each(namedHistories.filter(({ staleness }) => staleness !== undefined))(
    "how stale are the reads of $name: $text",
    ({ text, staleness }) => {
      const { k, deltaNs } = staleness!;
      for (const model of ["k-atomic", "delta-atomic"]) {
        const { valid, notes } = verdictOf(model, history(text));
        expect(valid, model).toBe(Number.isFinite(k));
        if (valid === true) expect(notes, model).toMatchObject({ k, deltaNs });
      }
    },
  );
});
