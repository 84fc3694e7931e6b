/** What is said of a cycle from its edges is what its test can do. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axiomsOf } from "../../../checkers/litmus/axiomatic/axioms.js";
import { enumerateUnder } from "../../../checkers/litmus/axiomatic/enumerate.js";
import { axiomatic } from "../../../checkers/litmus/axiomatic/index.js";
import { parseEdge, programRelations, spellEdge } from "../../../checkers/litmus/cycles/edge.js";
import {
  type Cycle,
  type CycleModel,
  criticalCycles,
  type Edge,
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
    ["PodWW Rfe PosRW Coe PodWR Fre", "causal-convergence", "allowed"],
    ["Coe PodWR PodRR Fre", "coherence", "forbidden"],
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

describe("random cycles", () => {
  const relations: readonly Edge["relation"][] = [
    ...programRelations,
    ...(["Rmw", "Rfi", "Fri", "Coi"] as const),
    ...(["Rfe", "Fre", "Coe"] as const),
  ];
  const length = { minLength: 3, maxLength: 9 };
  /** Edges by number: of those that start where the last one ended, the next. */
  const texts = fc.array(fc.nat(1000), length).map((choices) => {
    const edges: string[] = [];
    let at = "";
    for (const choice of choices) {
      const next = allEdges(relations).filter((edge) => at === "" || edge.from === at);
      const edge = next[choice % next.length]!;
      edges.push(spellEdge(edge));
      at = edge.to;
    }
    return edges.join(" ");
  });
  const cycles = texts.map(parsed).filter((cycle) => cycle !== undefined && canBeTested(cycle));

  it.each(enumerators)("of several accesses a thread: %s, %s", timeout, (_, model, enumerate) => {
    fc.assert(
      fc.property(cycles, (cycle) => {
        expect(disagreements([cycle!], model, enumerate)).toEqual([]);
      }),
      { numRuns: Math.ceil(oracleRuns / 10) },
    );
  });
});

function allEdges(relations: readonly Edge["relation"][]): Edge[] {
  const ends = ["RR", "RW", "WR", "WW"];
  return relations.flatMap((relation) =>
    programRelations.some((one) => one === relation)
      ? ends.map((directions) => parseEdge(`${relation}${directions}`))
      : [parseEdge(relation)],
  );
}

/** Most random edges do not chain into a cycle. */
function parsed(text: string): Cycle | undefined {
  try {
    return parseCycle(text);
  } catch {
    return undefined;
  }
}

function canBeTested(cycle: Cycle): boolean {
  try {
    testOf(cycle);
    return true;
  } catch {
    return false;
  }
}
