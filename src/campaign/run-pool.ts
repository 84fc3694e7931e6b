/**
 * What carries out the runs of a campaign: worker threads of this machine, or whatever else keeps
 * these promises. A worker that dies or hangs costs its run, never the campaign.
 */

import type { RunSpec } from "./prepare.js";
import type { RunReport } from "./run-one.js";

/** `broken`: why the harness has no verdict on this run, in a line. */
export type RunOutcome = { report: RunReport } | { broken: string };

export interface Pool {
  /** At most so many runs are under way at a time; those asked for beyond them wait their turn. */
  readonly jobs: number;
  /** @throws UsageError for an impossible request. */
  run(spec: RunSpec): Promise<RunOutcome>;
  /**
   * Runs it again elsewhere than where `first` came from.
   * Returns what came out differently, in a line, if anything did.
   */
  audit(spec: RunSpec, first: RunReport): Promise<string | undefined>;
  /** Ends what is still under way. */
  close(): Promise<void>;
}

export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] as string;
}
