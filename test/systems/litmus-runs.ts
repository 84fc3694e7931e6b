/** Litmus tests put to systems, as tests of both need them: the texts, and one run. */

import type { InstanceNotes } from "../../checkers/litmus/instances/index.js";
import { type Execution, execute, planRun, type RunRequest } from "../../src/controller/index.js";
import type { System } from "../../systems/index.js";

/** How many times as many seeds as usual: `npm run test:oracle` asks for more. */
export const effort = process.env["FAULTLINE_ORACLE_RUNS"] === undefined ? 1 : 10;

/** A test in the notation for stores: the cells of each row. */
export function storeTest(name: string, rows: readonly string[][], condition: string): string {
  const threads = rows[0]?.map((_, i) => `P${i}`) ?? [];
  const lines = [threads, ...rows].map((cells) => ` ${cells.join(" | ")} ;`);
  return [`store ${name}`, "{ }", ...lines, condition, ""].join("\n");
}

const bothMiss = "exists (0:r0=0 /\\ 1:r0=0)";

export const shapes = {
  SB: storeTest(
    "SB",
    [
      ["x := 1", "y := 1"],
      ["r0 := y", "r0 := x"],
    ],
    bothMiss,
  ),
  "SB+fences": storeTest(
    "SB+fences",
    [
      ["x := 1", "y := 1"],
      ["fence", "fence"],
      ["r0 := y", "r0 := x"],
    ],
    bothMiss,
  ),
  MP: storeTest(
    "MP",
    [
      ["x := 1", "r0 := y"],
      ["y := 1", "r1 := x"],
    ],
    "exists (1:r0=1 /\\ 1:r1=0)",
  ),
  S: storeTest(
    "S",
    [
      ["x := 2", "r0 := y"],
      ["y := 1", "x := 1"],
    ],
    "exists (1:r0=1 /\\ x=2)",
  ),
  "2+2W": storeTest(
    "2+2W",
    [
      ["x := 1", "y := 1"],
      ["y := 2", "x := 2"],
    ],
    "exists (x=1 /\\ y=1)",
  ),
  WRC: storeTest(
    "WRC",
    [
      ["x := 1", "r0 := x", "r0 := y"],
      ["", "y := 1", "r1 := x"],
    ],
    "exists (1:r0=1 /\\ 2:r0=1 /\\ 2:r1=0)",
  ),
  IRIW: storeTest(
    "IRIW",
    [
      ["x := 1", "r0 := x", "y := 1", "r0 := y"],
      ["", "r1 := y", "", "r1 := x"],
    ],
    "exists (1:r0=1 /\\ 1:r1=0 /\\ 3:r0=1 /\\ 3:r1=0)",
  ),
  "3.SB": storeTest(
    "3.SB",
    [
      ["x := 1", "y := 1", "z := 1"],
      ["r0 := y", "r0 := z", "r0 := x"],
    ],
    "exists (0:r0=0 /\\ 1:r0=0 /\\ 2:r0=0)",
  ),
  swaps: storeTest("swaps", [["r0 := swap(x, 1)", "r0 := swap(x, 2)"]], bothMiss),
  cas: storeTest("cas", [["r0 := cas(x, 0, 1)", "r0 := cas(x, 0, 1)"]], bothMiss),
} as const;

export interface LitmusRun extends Omit<RunRequest, "system" | "workload" | "options"> {
  test: string;
  placement?: string;
  claim?: string;
  instances?: number;
}

export interface LitmusOutcome {
  execution: Execution;
  notes: InstanceNotes;
  /** Types of anomalies, with their messages. */
  found: string[];
  /** How often the test's condition held. */
  condition: number;
}

export async function litmusRun(
  system: System,
  { test, placement = "", claim = "claimed", ...request }: LitmusRun,
): Promise<LitmusOutcome> {
  const options = { test, placement, claim };
  const plan = planRun({ operations: 240, ...request, system, workload: "litmus", options });
  const execution = await execute(plan, { system });
  const verdicts = Object.values(execution.results);
  const notes = execution.results["litmus"]?.notes as InstanceNotes;
  return {
    execution,
    notes,
    found: verdicts.flatMap(({ anomalies }) => anomalies.map((it) => `${it.type}: ${it.message}`)),
    condition: notes.outcomes.reduce((sum, one) => sum + (one.condition ? one.count : 0), 0),
  };
}

/** What was found against a claim in seeds 1 to `seeds`, with the seed; empty when all is well. */
export async function litmusAnomalies(
  system: System,
  seeds: number,
  run: Omit<LitmusRun, "seed">,
): Promise<string[]> {
  const found: string[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = await litmusRun(system, { ...run, seed });
    found.push(...outcome.found.map((text) => `${seed}: ${text}`));
  }
  return found;
}
