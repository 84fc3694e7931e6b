/**
 * What goes through the queue: runs on their way to workers, outcomes on their way back, both as
 * plain JSON. The queue's name carries the version, so that only workers that would come to the same
 * hash take a run.
 */

import { version } from "../base/version.js";
import type { RunOutcome } from "../campaign/pool.js";
import type { RunSpec } from "../campaign/prepare.js";
import type { RunReport } from "../campaign/run-one.js";

export const QUEUE_NAME = `faultline-${version}`;

export type Task = { spec: RunSpec } | { spec: RunSpec; audit: RunReport };

/** Errors lose their class on the way: bad usage goes as data. */
export type Answer = { outcome: RunOutcome } | { difference: string | null } | { usage: string };
