/** What a decision procedure for a memory model answers, and what it has to show for it. */

import type { Accesses, KeyOrders } from "./accesses.js";

/** Why one access comes before another. */
export type Relation =
  /** Earlier in the same session, and kept in that order by the model. */
  | "session"
  /** The second read what the first wrote. */
  | "reads-from"
  /** Both write the key, in this order in every explanation. */
  | "overwrites"
  /** The first read a value that the second replaced. */
  | "replaced"
  /** Through several of session and reads-from: the first is in the causal past of the second. */
  | "causes";

export interface Step {
  from: number;
  to: number;
  relation: Relation;
}

/** Why a history is outside a model. */
export interface Violation {
  /** Standard name: WriteCORead, CyclicHB, store-buffering …, non-sequential where no shape fits. */
  type: string;
  /** A cycle or a path through accesses, step by step; empty where only a search found no explanation. */
  path: readonly Step[];
  /**
   * Accesses that the argument rests on: all of `path`, and what it was derived from as far as that is
   * known. A hint where to look for a smaller history; a superset or a subset does no harm.
   */
  accesses: readonly number[];
  /** Of models of one process' view: whose view it is (a session). */
  view?: number;
}

/**
 * Events of a store-buffer machine that explain the history: `access * 2` when an access is issued (a
 * read takes its value, a write enters its buffer, an update or a fence acts), `access * 2 + 1` when a
 * buffered write reaches the memory. Of sequential consistency: issues alone.
 */
export type MachineOrder = Int32Array;

export type Decision =
  | { holds: true; order?: MachineOrder }
  | { holds: false; violation: Violation }
  | { holds: "unknown"; reason: string };

export interface DecideOptions {
  /** Search steps before the answer is "unknown". */
  stepsMax: number;
  /** The order of the writes of each key, where the store told it: then nothing is searched. */
  orders?: KeyOrders;
}

/** Decides one model. Every source is given: what a repeated value came from was settled before. */
export type Decide = (accesses: Accesses, options: DecideOptions) => Decision;

/** Search steps where nobody says otherwise: some ten seconds. */
export const STEPS_MAX = 20_000_000;
