/**
 * The document of an explanation: what text and pages are drawn from. Times are virtual
 * microseconds since the run began; a null in place of a part says that it could not be told, and
 * `missing` says why. The same case gives the same document.
 */

import type { Validity } from "../../checkers/index.js";
import type { Json } from "../base/json.js";
import type { Plan } from "../plan/plan.js";
import type { Exactness } from "../sim/host.js";
import type { ShrunkMark } from "../store/case-file.js";

export const EXPLANATION_FORMAT = "faultline-explanation/1";

export interface Explanation {
  format: typeof EXPLANATION_FORMAT;
  /** Of Faultline. */
  version: string;
  /** The case or the run's directory, as it was named. */
  source: string;
  run: ExplainedRun;
  /** How the plan was made smaller before it was explained; null where it is explained as it was. */
  shrunk: ShrunkMark | null;
  problem: Problem;
  faults: ExplainedFault[];
  operations: ExplainedOperation[];
  /** The operations in real-time order, drawn with plain characters. */
  timeline: string;
  neighbour: Neighbour | null;
  likelihood: Likelihood | null;
  diagram: Diagram;
  /** Parts that were left out or cut short, and why. */
  missing: { part: Part; why: string }[];
  /** How many runs it took. */
  runs: number;
}

export type Part = "faults" | "operations" | "neighbour" | "likelihood";

export interface ExplainedRun {
  system: string;
  workload: string;
  nemesis: string[];
  seed: number;
  nodes: string[];
  clients: number;
  bugs: string[];
  exactness: Exactness;
  traceHash: string;
  virtualUs: number;
  events: number;
  /** The plan that is explained: it can be run as it is. */
  plan: Plan;
}

export interface Problem {
  /** checker/workload/anomaly: see `signatureOf`. */
  signature: string;
  group: string;
  checker: string;
  /** The name of the anomaly. */
  type: string;
  /** It in a sentence. */
  message: string;
  /** From here on nothing can make the history right again. */
  atUs: number;
  /** Ids of the operations that contradict each other; empty where it is about nodes. */
  operations: number[];
  /** What nodes said that is part of it, such as that they lead. */
  observations: Observation[];
}

export interface Observation {
  timeUs: number;
  node: string;
  /** 'leader {"term":1}' */
  text: string;
}

/** What becomes of the run when the plan lacks one thing. */
export interface Without {
  /** Whether nothing is wrong with it: see `Outcome.passes`. */
  passes: boolean;
  valid: Validity;
  /** How it fails instead, or still. */
  signature: string | null;
  /** "without it the run passes" */
  words: string;
}

export interface ExplainedFault {
  id: number;
  kind: string;
  /** "n3, the leader, is cut off from all others from 1.2 s to 3.4 s" */
  words: string;
  /** As it was in this run; null when the moment that it waits for never came. */
  atUs: number | null;
  untilUs: number | null;
  /** The node that it hit, where it has one target; a role as it was resolved in this run. */
  node: string | null;
  /** Null when it was not tried. */
  without: Without | null;
}

export interface ExplainedOperation {
  /** `Operation.id` in the history of the run. */
  id: number;
  /** The operation of the plan that it carries out; null for a final read, which is the harness's own. */
  planned: number | null;
  process: number;
  /** The client by its number in the plan. */
  client: number;
  node: string | null;
  f: string;
  key: Json;
  input: Json;
  output: Json;
  outcome: "ok" | "fail" | "info";
  invokedUs: number;
  /** Null when it never ended. */
  completedUs: number | null;
  /** "process 3 writes 5 to x at n2 (1.2 s to 1.3 s): ok" */
  words: string;
  /** Whether it is one of those that contradict each other. */
  involved: boolean;
  without: Without | null;
  /** What it read, and what it could have read; empty where nothing was read or it was not tried. */
  reads: ExplainedRead[];
}

export interface ExplainedRead {
  /** Which micro-operation of a transaction; null for an operation of its own. */
  micro: number | null;
  key: Json;
  returned: Json;
  /** Whether what it returned is among what a correct system could have returned. */
  sound: boolean;
  /** The checker that was asked. */
  checker: string;
  /** Of the values tried, those which a correct system could have returned at this point. */
  possible: PossibleValue[];
  /** How many values were tried. */
  tried: number;
}

export interface PossibleValue {
  value: Json;
  /** The operation that wrote it; null for the initial value, or where it is not one operation. */
  by: number | null;
  /** "5, written by process 1 (0.2 s to 0.3 s)" */
  words: string;
}

/** The smallest change found that makes the run pass. */
export interface Neighbour {
  change: ExplainedChange;
  /** The plan with this one change; it passes. */
  plan: Plan;
  parting: Parting;
}

export interface ExplainedChange {
  kind:
    | "fault-end"
    | "fault-begin"
    | "fault-whole"
    | "fault-removed"
    | "fault-target"
    | "operation"
    | "operation-removed"
    | "operation-node"
    | "message";
  /** Of the fault or operation that is changed; null for a message. */
  id: number | null;
  /** By how much time something moves, earlier when negative; null where nothing moves. */
  byUs: number | null;
  words: string;
}

/** Where the failing and the passing run part. */
export interface Parting {
  /** The first event that differs in anything. */
  first: Divergence;
  /** The first difference that is more than another time: an event that only one has, or another outcome. */
  consequence: Divergence | null;
}

export interface Divergence {
  words: string;
  /** A few events around the place in each run; the place is at `at` of each list. */
  failing: TraceLine[];
  passing: TraceLine[];
  failingAt: number;
  passingAt: number;
}

export interface TraceLine {
  timeUs: number;
  kind: string;
  who: string;
  /** What it carried, and what became of what was sent. */
  text: string;
}

export interface Likelihood {
  /** How many futures follow each point. */
  futures: number;
  series: LikelihoodPoint[];
  inevitable: Inevitable | null;
}

export interface LikelihoodPoint {
  atUs: number;
  /** Futures in which the same checker complains, and those that fail in another way. */
  failing: number;
  otherwise: number;
  futures: number;
  /** What happens there, where it is not merely a point of the grid. */
  words: string | null;
}

export interface Inevitable {
  /** From just after this event on, every future that was tried fails. */
  atUs: number;
  /** Just before: how many of the futures failed. */
  before: number;
  event: TraceLine | null;
  words: string;
}

export interface Diagram {
  fromUs: number;
  toUs: number;
  lanes: string[];
  lines: DiagramLine[];
  /** How many events of the stretch are not shown. */
  omitted: number;
  text: string;
}

export interface DiagramLine {
  timeUs: number;
  what: "message" | "fault" | "moment";
  /** Source and destination of a message; the node of a moment, where it has one. */
  from: string | null;
  to: string | null;
  arrived: boolean;
  text: string;
}
