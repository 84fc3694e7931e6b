/**
 * Whether a run is what its seed says: some runs are carried out twice, in different workers.
 *
 * A module that remembers earlier runs, or a source of randomness that the fence does not know,
 * makes them differ; then no verdict of that run can be trusted. Failing runs are all audited,
 * since people will replay them, the others one in twenty.
 */

import { hashText, mix, scale } from "../random/mix.js";
import { firstEvent, whatDiffers } from "../store/replay.js";
import type { RunSpec } from "./prepare.js";
import type { Recording, RunReport } from "./run-one.js";

const AUDITED_PERCENT = 5;

/** Decided by seed and subject alone, so that it is the same whoever asks. */
export function isAudited({ seed, system, bin, workload }: RunSpec, report: RunReport): boolean {
  if (report.valid === false) return true;
  const subject = hashText(`${bin ?? system} ${workload ?? ""}`);
  const word = mix(mix(subject, seed), Math.floor(seed / 4294967296));
  return scale(word, 100) < AUDITED_PERCENT;
}

/** What of two runs of one seed differs although it is promised, in a few words. */
export function howReportsDiffer(first: RunReport, again: RunReport): string | undefined {
  // Nothing but the plan is promised where a program woke by itself, be it only in one of them.
  const unscheduled = [first, again].some(({ exactness }) => exactness === "statistical");
  if (unscheduled) return undefined;
  return whatDiffers(first, again);
}

/** The same with the first event that differs, from two more runs that were recorded. */
export function howRecordingsDiffer(
  what: string,
  [first, again]: readonly [Recording, Recording],
): string {
  const place =
    firstEvent(first.trace, again.trace, first.exactness)?.message ??
    "yet it did not differ when both were recorded";
  return `two runs of one seed differ: ${what}: ${place}`;
}
