/** A worker thread of a campaign: opens the user's workshop once and runs many seeds. */

import { workerData } from "node:worker_threads";
import { UsageError } from "../base/errors.js";
import type { ConfigSource } from "../config/config.js";
import { type RunSpec, Workshop } from "./prepare.js";
import { type RunReport, runOne } from "./run-one.js";

let workshop: Promise<Workshop> | undefined;

/** Errors lose their class on the way between threads: what matters of them goes as data. */
export type WorkerAnswer = { report: RunReport } | { usage: string } | { broken: string };

export default async function work(spec: RunSpec): Promise<WorkerAnswer> {
  // Piscina wraps what it was given in an array of its own.
  const source = (Array.isArray(workerData) ? workerData[1] : workerData) as ConfigSource;
  try {
    workshop ??= Workshop.open(source);
    return { report: await runOne(spec, await workshop) };
  } catch (error) {
    if (error instanceof UsageError) return { usage: error.message };
    return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
