import { describe, expect, test } from "vitest";
import { experiments } from "../../experiments/index.js";
import { judge } from "../../src/experiment/judge.js";

describe.each([...experiments.values()])("the experiment $name", (experiment) => {
  test("holds, and its figure shows predictions and measurements", async () => {
    const outcome = await experiment.measure({ seed: 7 });
    const [judged] = judge([{ experiment, outcome }]);
    expect(judged?.comparisons.filter(({ holds }) => !holds)).toEqual([]);
    expect(judged?.holds).toBe(true);
    for (const kind of ["predicted", "measured"]) {
      expect(outcome.plot.series.some((series) => series.kind === kind)).toBe(true);
    }
  });

  test("is the same for the same seed", async () => {
    const once = await experiment.measure({ seed: 3 });
    expect(await experiment.measure({ seed: 3 })).toEqual(once);
  });

  test("says what every letter of its formula means", () => {
    for (const { symbol, meaning, unit } of experiment.quantities) {
      expect(experiment.formula).toContain(symbol);
      expect(meaning).not.toBe("");
      expect(unit).not.toBe("");
    }
  });
});
