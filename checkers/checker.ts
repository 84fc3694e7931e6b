/**
 * History in, verdict out. A checker knows histories and nothing else, so that it works on a file
 * recorded anywhere. It never guesses: what it cannot decide within its budget is "unknown".
 */

import type { History } from "../histories/history.js";
import type { Json } from "../src/base/json.js";

export type Validity = true | false | "unknown";

export interface Anomaly {
  /** A standard name in kebab case: stale-read, lost-write, split-brain … */
  type: string;
  /** One sentence that a person understands, naming processes, keys and values. */
  message: string;
  /** Indexes (`HistoryEvent.index`) of the invocations involved, or of the observations. */
  ops: number[];
  /** The event (its index) at which the history stopped being explicable, where the checker knows it. */
  brokenAt?: number;
}

export interface Verdict {
  valid: Validity;
  /** Empty unless `valid` is false. */
  anomalies: Anomaly[];
  /** Why a verdict is "unknown", and what was decided all the same. */
  reason?: string;
  /** Facts worth reporting whatever the verdict: counts, the algorithm used, allowed losses. */
  notes?: { [name: string]: Json };
}

export interface CheckOptions {
  /** The value every key starts with (register, cas-register, kv); null when left out. */
  init?: Json;
  /** Search steps before a checker answers "unknown"; a fixed default keeps verdicts repeatable. */
  stepsMax?: number;
}

export interface Checker {
  name: string;
  /** One line for `faultline list checkers`. */
  summary: string;
  /** The anomaly types that are its own, each with the sentence that says what it is. */
  anomalies?: { readonly [type: string]: string };
  check(history: History, options?: CheckOptions): Verdict;
}

/** The verdict over several: false dominates, then "unknown". */
export function worst(validities: Iterable<Validity>): Validity {
  let result: Validity = true;
  for (const validity of validities) {
    if (validity === false) return false;
    if (validity === "unknown") result = "unknown";
  }
  return result;
}
