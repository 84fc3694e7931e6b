/** A few seeds of a campaign, as the tests of reference systems need them. */

import { execute, planRun, type RunRequest } from "../../src/controller/index.js";
import type { System } from "../../systems/index.js";
import { seedsForBug } from "./known-seeds.js";

export interface Slice extends Omit<RunRequest, "seed" | "system"> {
  seeds: number;
}

/** What was found in seeds 1 to `seeds`, as "seed: checker, type, message"; empty when all is well. */
export async function anomaliesOf(system: System, slice: Slice): Promise<string[]> {
  const { seeds, ...request } = slice;
  const found: string[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const { valid, results } = await execute(planRun({ ...request, system, seed }), { system });
    if (valid === true) continue;
    for (const [checker, { anomalies, reason }] of Object.entries(results)) {
      if (reason !== undefined) found.push(`${seed}: ${checker}, ${reason}`);
      for (const { type, message } of anomalies)
        found.push(`${seed}: ${checker}, ${type}, ${message}`);
    }
  }
  return found;
}

/**
 * The anomaly types of the first seed tried that catches the bug, the way the bug itself says it is
 * found; empty when no seed up to `seedsMax` does.
 */
export async function caughtAnomalies(
  system: System,
  bugName: string,
  seedsMax = 300,
): Promise<string[]> {
  const bug = system.bugs[bugName];
  if (bug === undefined) throw new RangeError(`${system.name} has no bug ${bugName}`);
  const { nemesis = "swarm", options = {}, workload } = bug;
  for (const seed of seedsForBug(system.name, bugName, seedsMax)) {
    const plan = planRun({
      system,
      seed,
      nemesis: [nemesis],
      bugs: [bugName],
      options,
      ...(workload === undefined ? {} : { workload }),
    });
    const { valid, results } = await execute(plan, { system });
    if (valid !== false) continue;
    const verdicts = Object.values(results);
    return [...new Set(verdicts.flatMap(({ anomalies }) => anomalies.map(({ type }) => type)))];
  }
  return [];
}
