/**
 * Where the runs of a campaign are carried out: in this thread for one job, in a pool of worker
 * threads for more. A worker that dies or hangs costs its run, never the campaign.
 */

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { UsageError } from "../base/errors.js";
import type { ConfigSource } from "../config/config.js";
import { type RunSpec, Workshop } from "./prepare.js";
import { type RunReport, runOne } from "./run-one.js";
import type { WorkerAnswer } from "./worker.js";

/** A run that took longer than this of real time is given up as a failure of the harness. */
const HANG_MS = 300_000;

export type RunOutcome = { report: RunReport } | { broken: string };

export interface Pool {
  readonly jobs: number;
  /** @throws UsageError for an impossible request. */
  run(spec: RunSpec): Promise<RunOutcome>;
  close(): Promise<void>;
}

/** `jobs` undefined means one for each core. */
export async function openPool(source: ConfigSource, jobs = availableParallelism()): Promise<Pool> {
  const file = fileURLToPath(new URL("./worker.js", import.meta.url));
  // Run from its sources, as the tests do, there is no compiled worker to start.
  return jobs === 1 || !existsSync(file) ? inThisThread(source) : inWorkers(source, jobs, file);
}

async function inThisThread(source: ConfigSource): Promise<Pool> {
  const workshop = await Workshop.open(source);
  return {
    jobs: 1,
    run: async (spec) => {
      try {
        return { report: await runOne(spec, workshop) };
      } catch (error) {
        if (error instanceof UsageError) throw error;
        return { broken: firstLine(error) };
      }
    },
    close: async () => undefined,
  };
}

async function inWorkers(source: ConfigSource, jobs: number, filename: string): Promise<Pool> {
  const { Piscina } = await import("piscina");
  const piscina = new Piscina<RunSpec, WorkerAnswer>({
    filename,
    workerData: source,
    minThreads: jobs,
    maxThreads: jobs,
    idleTimeout: 60_000,
  });
  return {
    jobs,
    run: async (spec) => {
      try {
        const answer = await piscina.run(spec, { signal: AbortSignal.timeout(HANG_MS) });
        if ("usage" in answer) throw new UsageError(answer.usage);
        return "report" in answer ? answer : { broken: firstLine(answer.broken) };
      } catch (error) {
        if (error instanceof UsageError) throw error;
        return { broken: `the worker died or hung: ${firstLine(error)}` };
      }
    },
    close: () => piscina.destroy(),
  };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] as string;
}
