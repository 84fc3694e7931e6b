/** A worker thread of a campaign: opens the user's workshop once and runs many seeds. */

import { workerData } from "node:worker_threads";
import { UsageError } from "../base/errors.js";
import type { ConfigSource } from "../config/config.js";
import { type RunSpec, Workshop } from "./prepare.js";
import { type Recording, type RunReport, recordOne, runOne } from "./run-one.js";

/** `begin` loads what runs need, so that a run's own time is not spent on it. */
export type WorkerTask = { begin: true } | { run: RunSpec } | { record: RunSpec };

/** Errors lose their class on the way between threads: what matters of them goes as data. */
export type WorkerAnswer =
  | { begun: true }
  | { report: RunReport }
  | { recording: Recording }
  | { usage: string }
  | { broken: string };

let workshop: Promise<Workshop> | undefined;

// What a system prints is for people: stdout belongs to the campaign's document.
process.stdout.write = process.stderr.write.bind(process.stderr);

export default async function work(task: WorkerTask): Promise<WorkerAnswer> {
  // Piscina wraps what it was given in an array of its own.
  const source = (Array.isArray(workerData) ? workerData[1] : workerData) as ConfigSource;
  try {
    workshop ??= Workshop.open(source);
    if ("run" in task) return { report: await runOne(task.run, await workshop) };
    if ("record" in task) return { recording: await recordOne(task.record, await workshop) };
    await workshop;
    return { begun: true };
  } catch (error) {
    if (error instanceof UsageError) return { usage: error.message };
    return { broken: error instanceof Error ? error.message : String(error) };
  }
}
