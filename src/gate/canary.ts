/**
 * The canary: a known bug, switched on, that the gate must catch before its silence counts.
 *
 * It proves, on this machine and with this version, that faults strike, that clients see what comes
 * of them and that checkers tell. A system of one's own proves more with a bug of its own.
 */

import type { Bug } from "../../systems/index.js";
import { UsageError } from "../base/errors.js";
import { unknownName } from "../base/names.js";
import type { Pool } from "../campaign/pool.js";
import type { RunSpec } from "../campaign/prepare.js";
import type { Clock } from "./clock.js";

export interface Canary {
  system: string;
  bug: string;
  workload?: string;
  nemesis: string[];
  seeds: { from: number; to: number };
  /** The anomalies by which it counts as caught. */
  anomalies: readonly string[];
}

/**
 * The usual canary. A Raft leader, cut off, that answers reads from its own state: it takes network
 * faults, clients on both sides and a linearizability checker to see it, and about every second
 * seed shows it. The seeds are pinned, so that a miss is a change of ours and not bad luck.
 */
export const usualCanary: Canary = {
  system: "raft",
  bug: "stale-read",
  workload: "kv",
  nemesis: ["partition"],
  seeds: { from: 1, to: 60 },
  anomalies: ["stale-read"],
};

/** How many seeds a canary of the user's own gets. */
const OWN_SEEDS = 100;

export interface CanaryResult {
  system: string;
  bug: string;
  /** `cut short`: the time was over before it could be called missed. */
  verdict: "caught" | "missed" | "cut short";
  /** The seed that caught it. */
  seed?: number;
  /** Runs until then. */
  runs: number;
  /** Why it was missed, when there is more to say than that no seed showed it. */
  reason?: string;
}

/**
 * A canary from `SYSTEM:BUG`; `bugsOf` gives the bugs that a system declares.
 * @throws UsageError when it is malformed or there is no such bug.
 */
export async function canaryFrom(
  text: string,
  bugsOf: (system: string) => Promise<{ readonly [name: string]: Bug }>,
): Promise<Canary> {
  // The system may be a file whose path has a colon in it; the name of a bug has none.
  const at = text.lastIndexOf(":");
  if (at <= 0 || at === text.length - 1) {
    throw new UsageError(`--canary ${text}: expected SYSTEM:BUG, or none`);
  }
  const system = text.slice(0, at);
  const name = text.slice(at + 1);
  if (system === usualCanary.system && name === usualCanary.bug) return usualCanary;
  const bugs = await bugsOf(system);
  const bug = bugs[name];
  if (bug === undefined) {
    const known = Object.keys(bugs);
    if (known.length === 0) {
      throw new UsageError(`--canary ${text}: ${system} declares no bugs (see docs/systems.md)`);
    }
    throw new UsageError(`--canary ${text}: ${unknownName("bug", name, known)}`);
  }
  return {
    system,
    bug: name,
    nemesis: [bug.nemesis ?? "swarm"],
    seeds: { from: 1, to: OWN_SEEDS },
    anomalies: bug.anomalies,
    ...(bug.workload === undefined ? {} : { workload: bug.workload }),
  };
}

/**
 * Runs the seeds, in order, until one shows the bug; at `untilMs` it is cut short, but every
 * lane of the pool has tried one seed at least.
 */
export async function runCanary(
  canary: Canary,
  pool: Pool,
  clock: Clock,
  untilMs: number,
): Promise<CanaryResult> {
  const { system, bug, seeds, anomalies } = canary;
  const result: CanaryResult = { system, bug, verdict: "missed", runs: 0 };
  let next = seeds.from;
  const lane = async (): Promise<void> => {
    do {
      if (next > seeds.to) return;
      const seed = next++;
      const outcome = await pool.run(canarySpec(canary, seed));
      result.runs++;
      if ("broken" in outcome) result.reason = outcome.broken;
      else if (outcome.report.anomalies.some((type) => anomalies.includes(type))) {
        result.verdict = "caught";
        result.seed = Math.min(seed, result.seed ?? seed);
      }
    } while (result.verdict === "missed" && clock.now() < untilMs);
  };
  await Promise.all(Array.from({ length: pool.jobs }, lane));
  if (result.verdict === "caught") delete result.reason;
  else if (next <= seeds.to && result.reason === undefined) {
    result.verdict = "cut short";
    result.reason = "the time was over";
  }
  return result;
}

/** One of its runs. */
export function canarySpec(
  { system, bug, workload, nemesis, seeds }: Canary,
  seed = seeds.from,
): RunSpec {
  const about = { seed, system, nemesis, bugs: [bug] };
  return workload === undefined ? about : { ...about, workload };
}
