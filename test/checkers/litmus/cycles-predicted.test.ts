/** What is said of a cycle from its edges is what its test can do. */

import { describe, expect, it } from "vitest";
import { axiomsOf } from "../../../checkers/litmus/axiomatic/axioms.js";
import { enumerateUnder } from "../../../checkers/litmus/axiomatic/enumerate.js";
import { axiomatic } from "../../../checkers/litmus/axiomatic/index.js";
import {
  type Cycle,
  type CycleModel,
  criticalCycles,
  parseCycle,
  predict,
  spellCycle,
  testOf,
} from "../../../checkers/litmus/cycles/index.js";
import { judge } from "../../../checkers/litmus/judge.js";
import { pso, sc, tso } from "../../../checkers/litmus/operational/index.js";
import { type Enumerate, litmusModels } from "../../../checkers/litmus/program.js";
import { oracleRuns, oracleTimeoutMs } from "../oracle/runs.js";
import { isRecorded, recordedTests } from "./recorded.js";

const threadsMax = oracleRuns > 1000 ? 5 : 4;
const small = [2, 3, 4, 5].slice(0, threadsMax - 1).flatMap((threads) => criticalCycles(threads));

const timeout = { timeout: oracleTimeoutMs };

const [perLocation, partialStore] = axiomsOf.pso.orders;

/** Nothing is kept but across fences and locked instructions. */
const rmo = enumerateUnder({
  ...axiomsOf.pso,
  orders: [
    perLocation!,
    {
      ...partialStore!,
      keeps: (first, second) =>
        [first, second].some(({ kind, locked }) => kind === "fence" || locked),
    },
  ],
});

function disagreements(cycles: readonly Cycle[], model: CycleModel, enumerate: Enumerate) {
  return cycles
    .filter((cycle) => {
      const test = testOf(cycle);
      return judge(test, enumerate(test)).verdict !== predict(cycle, model);
    })
    .map(spellCycle);
}

const enumerators: readonly (readonly [engine: string, model: CycleModel, Enumerate])[] = [
  ...litmusModels.map((model) => ["axioms", model, axiomatic(model)] as const),
  ["axioms", "rmo", rmo],
  ["machine", "sc", sc],
  ["machine", "tso", tso],
  ["machine", "pso", pso],
];

describe("every critical cycle", () => {
  it.each(enumerators)(`of up to ${threadsMax} threads: %s, %s`, timeout, (_, model, enumerate) => {
    expect(disagreements(small, model, enumerate)).toEqual([]);
  });

  it.each([
    [2, 4, 11, 15],
    [3, 25, 60, 83],
    [4, 154, 346, 445],
    [5, 961, 1992, 2403],
  ])("of %i threads: %i allowed by tso, %i by pso, %i by rmo", (threads, ...allowed) => {
    const cycles = criticalCycles(threads);
    const counted = (["tso", "pso", "rmo"] as const).map(
      (model) => cycles.filter((cycle) => predict(cycle, model) === "allowed").length,
    );
    expect(counted).toEqual(allowed);
  });
});

describe("longer threads", () => {
  it.each([
    ["Rfi PodRR Fre Rfi PodRR Fre", "tso", "allowed"],
    ["PodWW Rfi Fre PodWW Rfi Fre", "tso", "forbidden"],
    ["PodWW Rfi Fre PodWW Rfi Fre", "pso", "allowed"],
    ["PodWW Rfi Fre PodWW Rfi Fre", "causal-convergence", "forbidden"],
    ["PodWR Rmw Coe PodWR Rmw Coe", "pso", "forbidden"],
    ["PodWW Rfe PodRW MFencedWR Fre", "tso", "forbidden"],
    ["PodWW Rfe PosRR PodRR Fre", "pso", "allowed"],
  ] as const)("%s under %s: %s", (text, model, verdict) => {
    expect(predict(parseCycle(text), model)).toBe(verdict);
  });

  it.skipIf(!isRecorded).each(enumerators)(
    "of recorded cycles (in ../shared/data/litmus): %s, %s",
    (_, model, enumerate) => {
      const cycles = recordedTests()
        .filter(({ cycle }) => cycle !== "" && !cycle.includes("Hat"))
        .map(({ cycle }) => parseCycle(cycle))
        .filter(canBeTested);
      expect(cycles.length).toBeGreaterThan(0);
      expect(disagreements(cycles, model, enumerate)).toEqual([]);
    },
  );
});

function canBeTested(cycle: Cycle): boolean {
  try {
    testOf(cycle);
    return true;
  } catch {
    return false;
  }
}
