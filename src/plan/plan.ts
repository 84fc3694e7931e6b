/**
 * A plan: everything that a seed decides about a run, as one JSON document.
 *
 * The run consumes the plan; what is still drawn inside it (delays, ties) comes from streams keyed
 * by purpose under the same seed. Editing a plan (one fault less, one operation less) leaves the
 * rest of the run as it was, as far as the system lets it.
 */

import type { Json } from "../base/json.js";
import type { Fault } from "./fault.js";

export const PLAN_FORMAT = "faultline-plan/1";

/** One operation that a client will invoke. */
export interface PlannedOperation {
  /** Names the operation within its plan; the random streams of its messages are keyed by it. */
  id: number;
  /** Which client, from 0; a client invokes its operations one after the other. */
  client: number;
  /** Invoked at this virtual time, or when the client's operation before it has ended. */
  atUs: number;
  /** The node that the client turns to. */
  node: string;
  f: string;
  key?: string | number;
  value: Json;
}

export type PlanOptionValue = string | number | boolean;

export interface Plan {
  format: typeof PLAN_FORMAT;
  seed: number;
  /** A reference system by name, or `bin` for an external program. */
  system: string;
  /** The command line of an external program. */
  bin?: string;
  workload: string;
  /** The nemeses that made the faults, by name. */
  nemesis: string[];
  nodes: string[];
  clients: number;
  options: { [name: string]: PlanOptionValue };
  bugs: string[];
  network: { delayUs: number; jitterUs: number };
  /** Wall clocks start this far from true time, by node. */
  clocks: { [node: string]: { wallOffsetUs: number } };
  /** Faults and operations happen before this; then everything heals. */
  timeLimitUs: number;
  /** How long a client waits for an operation. */
  operationTimeoutUs: number;
  /** From healing to the first final read. */
  settleUs: number;
  /** After healing, how long clients go on trying their final reads. */
  recoveryUs: number;
  operations: PlannedOperation[];
  faults: Fault[];
}
