/**
 * How soon each bug is caught: the number of runs to the first one that shows an anomaly which the bug
 * says it shows, in campaigns on seed ranges of their own, under the bug's own nemesis, workload and
 * options (the swarm, and the system's first workload, where it names none).
 *
 * A campaign is a sequence that ends at its first catch: as many go on at once as there are cores.
 */

import type { Pool } from "../src/campaign/pool.js";
import type { RunSpec } from "../src/campaign/prepare.js";
import type { RunReport } from "../src/campaign/run-one.js";
import { type Bug, type System, systems } from "../systems/index.js";
import type { BugName } from "./strategies.js";

/** Where ranges begin: far apart, so that none reaches into the next. */
const RANGE = 10_000;

export interface CatchQuestion {
  bugs: readonly BugName[];
  /** How many ranges of seeds. */
  ranges: number;
  /** Runs after which a range counts as without a catch. */
  cap: number;
  /** Told of each bug when all its ranges are done. */
  progress?: (caught: Caught) => void;
}

/** What came of one range. */
export interface Catch {
  /** Runs to the first catch, that one included; null where there was none. */
  runs: number | null;
  /** Of the run that caught it, what of it the bug said. */
  anomalies: string[];
  checker: string;
  /** Simulated and real time, over all runs of the range. */
  virtualMs: number;
  wallMs: number;
}

/** What came of all ranges of a bug. */
export interface Caught extends BugName {
  about: Bug;
  catches: Catch[];
}

/** In the order of the bugs asked about. @throws Error where the harness itself broke. */
export async function catchBugs(pool: Pool, question: CatchQuestion): Promise<Caught[]> {
  const all = question.bugs.map((name): Caught => ({ ...name, about: bugOf(name), catches: [] }));
  const hunts = all.flatMap((caught) =>
    Array.from({ length: question.ranges }, (_, range) => ({ caught, range })),
  );
  const lane = async (): Promise<void> => {
    for (let hunt = hunts.shift(); hunt !== undefined; hunt = hunts.shift()) {
      const { caught, range } = hunt;
      caught.catches[range] = await huntFor(pool, caught, range * RANGE + 1, question.cap);
      if (Object.keys(caught.catches).length === question.ranges) question.progress?.(caught);
    }
  };
  await Promise.all(Array.from({ length: pool.jobs }, lane));
  return all;
}

/** The run count in the middle, the later of two; infinite where most ranges have no catch. */
export function medianRuns({ catches }: Caught): number {
  const sorted = catches.map(({ runs }) => runs ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.POSITIVE_INFINITY;
}

function bugOf({ system, bug }: BugName): Bug {
  const about = systems.get(system)?.bugs[bug];
  if (about === undefined) throw new RangeError(`no bug ${system} ${bug}`);
  return about;
}

async function huntFor(pool: Pool, about: Caught, from: number, cap: number): Promise<Catch> {
  const started = performance.now();
  let virtualMs = 0;
  for (let runs = 1; runs <= cap; runs++) {
    const spec = specOf(about, from + runs - 1);
    const report = reportOf(await pool.run(spec), spec);
    virtualMs += report.virtualUs / 1000;
    const anomalies = report.anomalies.filter((type) => about.about.anomalies.includes(type));
    if (report.valid !== false || anomalies.length === 0) continue;
    const checker = report.signature?.split("/")[0] ?? "";
    return { runs, anomalies, checker, virtualMs, wallMs: performance.now() - started };
  }
  const wallMs = performance.now() - started;
  return { runs: null, anomalies: [], checker: "", virtualMs, wallMs };
}

function specOf({ system, bug, about }: Caught, seed: number): RunSpec {
  const { workloads } = systems.get(system) as System;
  return {
    system,
    workload: about.workload ?? (workloads[0] as string),
    nemesis: [about.nemesis ?? "swarm"],
    bugs: [bug],
    seed,
  };
}

/** A run that the harness breaks would make the table a lie: it ends the bench. */
function reportOf(outcome: Awaited<ReturnType<Pool["run"]>>, spec: RunSpec): RunReport {
  if ("broken" in outcome) throw new Error(`${JSON.stringify(spec)}: ${outcome.broken}`);
  return outcome.report;
}
