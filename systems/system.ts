/**
 * A system under test: a set of nodes that offer a service to clients.
 *
 * A reference system teaches its algorithm, keeps what it promises under every fault, and carries
 * switchable, documented bugs that prove that the checkers see.
 */

import type { JsonObject } from "../src/base/json.js";
import type { Node, NodeContext, OptionValue } from "../src/hosts/ts/node.js";
import type { FaultKind } from "../src/plan/fault.js";

/** How far a transactional service keeps transactions apart, weakest first; names of models. */
export const isolationLevels = [
  "read-committed",
  "snapshot-isolation",
  "serializable",
  "strict-serializable",
] as const;

export type IsolationLevel = (typeof isolationLevels)[number];

/** Memory models that a store may promise in place of one copy, strongest first; names of models. */
export const memoryPromises = [
  "sequential",
  "tso",
  "pso",
  "causal-memory",
  "causal-convergence",
  "release-acquire",
  "causal",
  "processor",
  "pram",
  "coherence",
] as const;

export type MemoryPromise = (typeof memoryPromises)[number];

export function isMemoryPromise(promise: Consistency): promise is MemoryPromise {
  return (memoryPromises as readonly string[]).includes(promise);
}

/** What a service promises to its clients; the workload chooses its checkers by it. */
export type Consistency =
  /** What each session may see of the others; every acknowledged write is kept. */
  | MemoryPromise
  /** What is promised of transactions; of single operations it says the same. */
  | IsolationLevel
  /** Every operation takes effect at one instant between its invocation and its completion. */
  | "linearizable"
  /** Replicas agree once faults end and writes stop, and keep everything acknowledged. */
  | "eventual"
  /** Replicas agree once faults end, but acknowledged writes may be lost on the way. */
  | "lossy";

/** All that a service may promise, by name. */
export const consistencies: readonly Consistency[] = [
  "linearizable",
  ...isolationLevels,
  ...memoryPromises,
  "eventual",
  "lossy",
];

export interface Service {
  /** The operations it answers, by workload function: read, write, cas, add, remove, txn … */
  operations: readonly string[];
  consistency: Consistency;
  /** What it promises to sessions that stay at one node, where that is more. */
  sticky?: Consistency;
}

export interface OptionSpec {
  summary: string;
  default: OptionValue;
  /** The only values allowed; any value of the default's type when left out. */
  values?: readonly OptionValue[];
  /** Whole numbers from the first to the second, both allowed. */
  range?: readonly [min: number, max: number];
  /** What of the range makes sense with the other options, on so many nodes; the default always does. */
  within?(
    options: { readonly [name: string]: OptionValue },
    nodeCount: number,
  ): readonly [min: number, max: number];
  /** Another value than the default means something only where these options have these values. */
  only?: { readonly [name: string]: OptionValue };
}

export interface Bug {
  /** Its number in the catalogue of docs/bugs.md, such as R4: what it is called across systems. */
  id?: string;
  /** One line: what the code does wrong. */
  summary: string;
  /** Where it happened in the real world, or the paper that warns of it. */
  source: string;
  /** What must go wrong around it to show: the smallest set of faults. */
  needs: string;
  /** The checker that says so, by the name under which a verdict has it. */
  checker?: string;
  /** The anomaly types that may report it. */
  anomalies: readonly string[];
  /** The nemesis that finds it; `swarm` when left out. */
  nemesis?: string;
  /** Options that the bug needs, such as a read mode. */
  options?: { readonly [name: string]: OptionValue };
  /** The workload that finds it; the system's first when left out. */
  workload?: string;
}

/** A promise of progress: so many healthy nodes that can talk suffice, whatever befell the others. */
export interface Recovery {
  core(nodeCount: number, options: { readonly [name: string]: OptionValue }): number;
  /**
   * From the end of the core's faults until every node of it has served a client, with room for an
   * operation that began too early and timed out (1 s). Infinity where the options leave nothing to
   * promise, such as a request that takes longer than any client waits.
   */
  withinMs: number | ((options: { readonly [name: string]: OptionValue }) => number);
}

/**
 * What a protocol promises to survive. Bad links, partitions, crashes with a sound disk, pauses and
 * wall clocks are borne by all unless bounded here; the rest only by those who say so. A plan keeps
 * within it, and then every anomaly counts, or goes beyond it on purpose.
 */
export interface Survives {
  /** Nodes that may be down, paused or cut off at one time; any number when left out. */
  down?(nodeCount: number): number;
  /** Nodes that may come back with an empty disk, over a whole run; none when left out. */
  wiped?(nodeCount: number): number;
  /** Nodes that may send what they please; none when left out. */
  byzantine?(nodeCount: number): number;
  /** Kinds of fault that few protocols bear and this one does: corrupt, torn-write, lost-fsync … */
  kinds?: readonly FaultKind[];
  /** Nodes may leave the cluster and join it, one change at a time. */
  membership?: true;
  /** It is safe only where messages and steps are as fast as this says; asynchronous when left out. */
  timing?: "synchronous" | "partially-synchronous";
}

/**
 * What still holds where a plan goes beyond the promise, by what it exceeds: a kind of fault, or one of
 * `drift`, `down`, `wiped`, `byzantine`, `membership`, `timing`. Names of checkers and invariants;
 * nothing where it is left out.
 */
export type HoldsBeyond = { readonly [excess: string]: readonly string[] };

export interface System {
  name: string;
  summary: string;
  /** Cluster sizes that a swarm draws from; the first is the default. */
  nodeCounts: readonly number[];
  /** Default workloads, the first one being that of `faultline run`. */
  workloads: readonly string[];
  options: { readonly [name: string]: OptionSpec };
  bugs: { readonly [name: string]: Bug };
  /** Checkers of the nodes' own observations, such as election-safety. */
  invariants: readonly string[];
  /** The largest clock drift, in parts per million, under which it keeps its promises. */
  driftPpmMax?: number;
  survives?: Survives;
  beyond?: HoldsBeyond;
  /** Everything that its nodes may count with `probe`: a campaign says what of it never happened. */
  probes?: readonly string[];
  /** When it serves again after faults; see docs/campaigns.md. All nodes within 10 s when left out. */
  recovery?: Recovery;
  /** What it offers and promises, as configured, on so many nodes. */
  service(options: { readonly [name: string]: OptionValue }, nodeCount: number): Service;
  /** Data centres, where its promises are about cuts between them; every node by itself if left out. */
  sites?(
    nodes: readonly string[],
    options: { readonly [name: string]: OptionValue },
  ): readonly (readonly string[])[];
  create(context: NodeContext): Node;
  /**
   * How a Byzantine node makes a lie credible, where messages carry digests and signatures: what it
   * says in the place of `truth`, signed in its own name, where a fault has made `lie` of it without
   * knowing of such things. `word` is drawn for this lie. The lie as it is where it is left out.
   */
  perjure?(liar: string, truth: JsonObject, lie: JsonObject, word: number): JsonObject;
}

/** A system of the user's own: what it may leave out has the defaults of `defineSystem`. */
export type OwnSystem = Pick<System, "name" | "workloads" | "service" | "create"> & Partial<System>;

/** Completes a system: three nodes, no options, no bugs, no invariants, no tolerated drift. */
export function defineSystem(own: OwnSystem): System {
  return { summary: "", nodeCounts: [3], options: {}, bugs: {}, invariants: [], ...own };
}
