import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { SEED, tableOf } from "../../bench/experiments.js";
import { experiments } from "../../experiments/index.js";
import type { Finding, Outcome, Plot } from "../../src/experiment/experiment.js";
import { judge } from "../../src/experiment/judge.js";

const page = readFileSync("docs/experiments.md", "utf8");

/** The same measurement against a formula that is wrong by that factor, or in every exact claim. */
function wrong(finding: Finding, factor: number): Finding {
  const { kind, predicted } = finding;
  if (kind === "exact") {
    return { ...finding, predicted: typeof predicted === "number" ? predicted + 1 : !predicted };
  }
  // Bounds say less than the number that stands beside them.
  return typeof predicted === "number" ? { ...finding, predicted: predicted * factor } : finding;
}

describe.each([...experiments.values()])("the experiment $name", (experiment) => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await experiment.measure({ seed: SEED });
  }, 60_000);
  const holds = (findings: readonly Finding[]): boolean =>
    judge([{ experiment, outcome: { ...outcome, findings } }])[0]?.holds === true;

  test("holds, and its figure shows predictions and measurements", () => {
    const [judged] = judge([{ experiment, outcome }]);
    expect(judged?.comparisons.filter((one) => !one.holds)).toEqual([]);
    expect(judged?.holds).toBe(true);
    for (const kind of ["predicted", "measured"]) {
      expect(outcome.plot.series.some((series) => series.kind === kind)).toBe(true);
    }
  });

  test("shows what docs/experiments.md has: if not, npm run bench -- experiments --write docs/experiments.md", () => {
    const [judged] = judge([{ experiment, outcome }]);
    expect(page).toContain(judged === undefined ? "nothing" : tableOf(judged));
  });

  test("does not hold against a formula that is wrong by 5 %", () => {
    const estimated = outcome.findings.filter(({ kind }) => kind !== "exact");
    const judgedBy = estimated.length > 0 ? estimated : outcome.findings;
    expect(holds(judgedBy)).toBe(true);
    for (const factor of [0.95, 1.05]) {
      expect(holds(judgedBy.map((finding) => wrong(finding, factor)))).toBe(false);
    }
  });

  test("does not hold where one exact claim is not so", () => {
    const exact = outcome.findings.filter(({ kind }) => kind === "exact");
    for (const finding of exact) expect(holds([wrong(finding, 1)])).toBe(false);
    expect(holds(outcome.findings)).toBe(true);
  });

  test("says what every letter of its formula means", () => {
    for (const { symbol, meaning, unit } of experiment.quantities) {
      expect(experiment.formula).toContain(symbol);
      expect(meaning).not.toBe("");
      expect(unit).not.toBe("");
    }
  });
});

test("an experiment is the same for the same seed, and another one for another", async () => {
  const experiment = experiments.get("quorum-latency");
  const plotOf = async (seed: number): Promise<Plot | undefined> =>
    (await experiment?.measure({ seed }))?.plot;
  const once = await plotOf(3);
  expect(await plotOf(3)).toEqual(once);
  expect(await plotOf(4)).not.toEqual(once);
}, 60_000);
