/**
 * The seam behind which every node sits, whatever it is made of: a TypeScript class in this
 * process, a program on stdin and stdout, later a V8 context, a WebAssembly module, a real server.
 *
 * The world owns time, network, clock and disk; the host runs one node on a machine of that world.
 * Network, faults, workloads, history and checkers never learn which kind of host they serve.
 */

import type { Json, JsonObject } from "../base/json.js";
import type { FaultKind } from "../plan/fault.js";
import type { Random } from "../random/random.js";
import type { Disk } from "./disk.js";
import type { Kernel, VirtualTime } from "./kernel.js";
import type { Message } from "./message.js";
import type { Network } from "./network.js";

/** What a seed promises on a host, from the strongest down; see docs/determinism.md. */
export type Exactness = "bit" | "schedule" | "statistical";

/** How a system under test misbehaved; each kind is an anomaly of its own. */
export type Misconduct =
  | "crashed"
  | "threw"
  | "bad-message"
  | "unknown-destination"
  | "oversized-message"
  | "babbling"
  | "silent";

/** What the world lends to the host of one node. */
export interface Machine {
  readonly id: string;
  /** All nodes of the cluster, this one included, in order. */
  readonly nodes: readonly string[];
  /** Those that make up the cluster at the beginning; see NodeContext. */
  readonly members: readonly string[];
  readonly disk: Disk;
  readonly random: Random;
  /** Local time of this machine's own clock, microseconds. */
  monotonicUs(): number;
  wallUs(): number;
  /** Sends in this node's name (or in `src`'s: programs forward requests under a client's name). */
  send(dest: string, body: JsonObject, src?: string): void;
  /** Fires after `delayUs` of this machine's monotonic clock, unless cancelled or killed first. */
  timer(delayUs: number, fire: () => void): { cancel(): void };
  /** A number for `msg_id`, never used before on this machine, restarts included. */
  nextMessageId(): number;
  observe(f: string, value: Json): void;
  probe(name: string): void;
  log(text: string, data?: Json): void;
  /** Reports that the node did what no node may; `down` when it no longer runs because of it. */
  misconduct(kind: Misconduct, detail: string, down?: boolean): void;
}

/** A promise holds the world's time still until it settles; hosts in this process return nothing. */
export type Settling = Promise<void> | void;

export interface Host {
  /** Starts the node afresh: nothing but the disk is left from before. */
  boot(): Settling;
  deliver(message: Message): Settling;
  /** Stops the node at once; nothing it still had in mind may happen afterwards. */
  kill(): Settling;
  /** What a Byzantine node says in the place of `truth`; see `System.perjure`. */
  perjure?(truth: JsonObject, lie: JsonObject, word: number): JsonObject;
  /** Only a host with threads of its own needs to act: the world holds back timers and messages. */
  pause?(paused: boolean): Settling;
  /** The run is over: release everything. */
  close?(): Promise<void>;
}

export type HostFactory = (machine: Machine) => Host;

/** A request that a node must have answered before clients begin, after each boot. */
export interface SetupRequest {
  node: string;
  body: JsonObject;
}

/** The run that a kind of host joins. */
export interface RunContext {
  kernel: Kernel;
  network: Network;
  seed: number;
  setup: readonly SetupRequest[];
}

/** One kind of host, for the length of one run. */
export interface HostKind {
  readonly name: string;
  /** What a seed promises at best. */
  readonly exactness: Exactness;
  /** Kinds of fault that nodes of this kind can suffer. */
  readonly faultKinds: readonly FaultKind[];
  /** True when nodes run in this thread, where ambient effects must be fenced off. */
  readonly fenced: boolean;
  readonly makeHost: HostFactory;
  /** Joins the run: services that nodes may call, and whatever else lives beside the nodes. */
  attach?(run: RunContext): void;
  /** Awaited before virtual time moves on to `toUs`; for hosts whose nodes live in real time. */
  beforeAdvance?(toUs: VirtualTime): Promise<void> | undefined;
  /** What this run kept of the promise, once it is over. */
  achieved?(): Exactness;
}
