/** Opens the pool that carries out the runs of a campaign on this machine. */

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { UsageError } from "../base/errors.js";
import type { ConfigSource } from "../config/config.js";
import { howRecordingsDiffer, howReportsDiffer } from "./audit.js";
import { type RunSpec, Workshop } from "./prepare.js";
import { recordOne, runOne } from "./run-one.js";
import { firstLine, type Pool, type RunOutcome } from "./run-pool.js";
import { seatsFor, Workers } from "./workers.js";

export type { Pool, RunOutcome } from "./run-pool.js";

/** Real time after which a run is given up. */
export const RUN_TIMEOUT_MS = 60_000;

export interface PoolOptions {
  /** A run that takes longer than this of real time is given up as a failure of the harness. */
  runTimeoutMs?: number;
}

/** `jobs` undefined means one for each core. */
export async function openPool(
  source: ConfigSource,
  jobs = availableParallelism(),
  { runTimeoutMs = RUN_TIMEOUT_MS }: PoolOptions = {},
): Promise<Pool> {
  const file = fileURLToPath(new URL("./worker.js", import.meta.url));
  // Run from its sources, as the tests do, there is no compiled worker to start.
  if (!existsSync(file)) return inThisThread(source);
  // Loaded only when needed: commands that run nothing start sooner without it.
  const { Seat } = await import("./seat.js");
  const seats = seatsFor(jobs);
  const take = () => new Seat(source, { file, seats, runTimeoutMs });
  return new Workers(jobs, Array.from({ length: seats }, take));
}

async function inThisThread(source: ConfigSource): Promise<Pool> {
  const workshop = await Workshop.open(source);
  const run = async (spec: RunSpec): Promise<RunOutcome> => {
    try {
      return { report: await runOne(spec, workshop) };
    } catch (error) {
      if (error instanceof UsageError) throw error;
      return { broken: firstLine(error) };
    }
  };
  return {
    jobs: 1,
    run,
    audit: async (spec, first) => {
      const again = await run(spec);
      if ("broken" in again) return `run again, ${again.broken}`;
      const what = howReportsDiffer(first, again.report);
      if (what === undefined) return undefined;
      return howRecordingsDiffer(what, [
        await recordOne(spec, workshop),
        await recordOne(spec, workshop),
      ]);
    },
    close: async () => undefined,
  };
}
