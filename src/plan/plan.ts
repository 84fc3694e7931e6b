/**
 * A plan: everything that a seed decides about a run, as one JSON document.
 *
 * The run consumes the plan; what is still drawn inside it (delays, ties) comes from streams keyed
 * by purpose under the same seed. Editing a plan (one fault less, one operation less) leaves the
 * rest of the run as it was, as far as the system lets it.
 */

import type { Json } from "../base/json.js";
import type { Fault } from "./fault.js";
import type { Timing } from "./timing.js";

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

/** What a swarm drew for this run, for people: the faults and operations of the plan follow from it. */
export interface Swarm {
  /** How many times as often as usual each nemesis of the mix strikes, in percent; 0: left out. */
  rates: { [nemesis: string]: number };
  /** Relative weights of the functions, where the workload lets them be chosen; 0: switched off. */
  mix: { [f: string]: number };
}

/**
 * The second phase: when the first one's faults are lifted, a core of nodes stays healthy, and what
 * clients ask of it must succeed again; the others may be frozen in whatever befell them. Faults and
 * operations of this phase stand among those of the plan, at times after `timeLimitUs`.
 */
export interface Recovery {
  core: string[];
  /** Virtual time from the end of the first phase until every node of the core must have served. */
  withinUs: number;
}

/** From a moment on, everything still drawn comes from another seed: one of the possible futures. */
export interface Branch {
  atUs: number;
  seed: number;
}

/**
 * What nodes talk to each other over. Reliable: as over TCP, in order, nothing lost or doubled while a
 * connection lasts. Unreliable: as over UDP, without order, and some messages are lost or doubled.
 */
export type Channel = "reliable" | "unreliable";

export const channels: readonly Channel[] = ["reliable", "unreliable"];

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
  /** Without a channel, links keep their order and have what faults do to them. */
  network: { delayUs: number; jitterUs: number; channel?: Channel };
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
  swarm?: Swarm;
  /** The strategy that made the faults, where it is not plain chance. */
  strategy?: string;
  /** The seeds of the mutations that a guided campaign applied, one after the other. */
  mutations?: number[];
  recovery?: Recovery;
  /** How long messages may be under way; as their links say when left out. */
  timing?: Timing;
  /** Faults may exceed what the system promises to survive: only what holds all the same is judged. */
  beyond?: true;
  branch?: Branch;
}
