/**
 * Faults as data: kind, when, until, whom, how much. A nemesis makes them, a world applies them.
 *
 * Each fault is a mask: it is laid over sound links, clocks and nodes at `atUs` and taken off at
 * `untilUs`, so that any one can be removed from a plan and the others stay what they are.
 */

/**
 * A node, or whoever plays a role when the fault begins; `else` where nobody does. The role `moment`
 * is the node of the moment that the fault waits for.
 */
export type Target = string | { role: "leader" | "moment"; else: string };

/**
 * A moment of the protocol that a fault may wait for. `ack`: a node answers a client's request with
 * anything but an error; the fault begins before the answer leaves, or right after it left.
 * `leader`: a node says for the first time that it leads (in a term).
 */
export type Moment =
  | { moment: "ack"; edge: "before" | "after"; nth: number }
  | { moment: "leader"; nth: number };

interface Timed {
  /** Names the fault within its plan. */
  id: number;
  /** Virtual microseconds. */
  atUs: number;
  untilUs: number;
  /**
   * When given, the fault begins at the nth (from 1) such moment from `atUs` on, however late, and
   * lasts as long as it would have; where that moment does not come, it never begins.
   */
  on?: Moment;
}

/** Which links a link fault covers: those between the nodes named, all nodes when left out. */
interface OnLinks {
  from?: string[];
  to?: string[];
  /** The links to and from clients (and services), too. */
  clients?: boolean;
}

/**
 * Nodes that cannot reach each other. `groups`: every group is cut off from the others; a node in
 * no group reaches all (a bridge). `pairs`: directed cuts, source first. `isolate`: one node is cut
 * off from all others, in one direction or both.
 */
export type Partition = Timed & { kind: "partition"; shape: string } & (
    | { groups: string[][] }
    | { pairs: [string, string][] }
    | { isolate: Target; direction: "in" | "out" | "both" }
  );

export type LinkFault = Timed &
  OnLinks &
  (
    | { kind: "delay"; delayUs: number; jitterUs: number }
    | { kind: "loss"; ppm: number }
    | { kind: "duplicate"; ppm: number }
    | { kind: "reorder"; ppm: number; byUs: number }
    | { kind: "bandwidth"; bytesPerSecond: number }
    /** So many messages in a million arrive with something in their body altered. */
    | { kind: "corrupt"; ppm: number }
    /** Connections break as it begins: what is under way on these links is lost. */
    | { kind: "reset" }
    /** Messages sent meanwhile are kept back, and released in their order when it ends. */
    | { kind: "clog" }
    /**
     * The `nth` message (from 1) that is sent there meanwhile is held until the fault ends; others
     * overtake it. `type`: counts only messages of this body type.
     */
    | { kind: "hold"; nth: number; type?: string }
    /**
     * Probabilistic concurrency testing over chains of messages (PCT, Burckhardt et al. 2010; PCTCP,
     * Ozkan et al. 2018): every causal chain draws one of `levels` priorities by `salt`, and its
     * messages are late by its priority times `stepUs`. The chain of the `changes[i]`-th message
     * (from 1, over all links covered) falls below all others from there on.
     */
    | { kind: "priorities"; salt: number; levels: number; stepUs: number; changes: number[] }
  );

export type ProcessFault = Timed & { target: Target } & (
    | { kind: "crash" | "pause" }
    /** A crash after which the node boots with an empty disk. */
    | { kind: "wipe" }
    /** Everything that the node handles takes so long, one after the other. */
    | { kind: "slow"; costUs: number }
  );

/**
 * Nodes that are not always members. `leave`: the cluster is asked to remove the node when it begins,
 * and to take it back when it ends, with an empty disk where `wipe` says so. `join`: until it ends
 * the node is no member and does not run; then it boots, and the cluster is asked to take it in.
 */
export type MembershipFault = Timed & { target: Target } & (
    | { kind: "leave"; wipe?: boolean }
    | { kind: "join" }
  );

/**
 * Each lies over one node's disk; what the node wrote is kept beneath it. `lost-fsync`: an fsync that
 * completes meanwhile made nothing durable.
 */
export type DiskFault = Timed & { target: Target } & (
    | { kind: "lost-fsync" }
    /** A crash meanwhile leaves the first change that it loses, where there is one, half written. */
    | { kind: "torn-write" }
    /** So many of a million values and records that are on the disk when it begins read as altered. */
    | { kind: "bit-rot"; ppm: number }
    /** The nth write meanwhile lands where another value lives. */
    | { kind: "misdirected-write"; nth: number }
    /** So many reads in a million fail (EIO). */
    | { kind: "read-error"; ppm: number }
    /** Writes fail (ENOSPC). */
    | { kind: "disk-full" }
    /** Every fsync takes so much longer. */
    | { kind: "slow-disk"; addUs: number }
  );

/**
 * A node that is not what it should be: its outgoing messages are rewritten, its state is sound.
 * `clients`: what it says to clients (and services), too. `equivocate`: so many in a million of what
 * it has to say is told to some as it is, to others changed.
 */
export type ByzantineFault = Timed & { target: Target; clients?: boolean } & (
    | { kind: "equivocate"; ppm: number }
    /** So many of its messages in a million say something else. */
    | { kind: "lie"; ppm: number }
    /** Sends nothing to those named, or to nobody. */
    | { kind: "mute"; to?: string[] }
  );

export type ClockFault = Timed & { target: Target } & (
    | { kind: "clock-step"; byUs: number }
    | { kind: "clock-rate"; ppm: number }
    | { kind: "clock-strobe"; byUs: number; periodUs: number }
    /** The wall clock runs so much fast or slow until it has gained or lost `byUs`. */
    | { kind: "clock-slew"; byUs: number; ppm: number }
    /** Both faces stand still, and no timer fires. */
    | { kind: "clock-freeze" }
    /** A leap second as it begins: repeated at once, or smeared over so long. */
    | { kind: "clock-leap"; smearUs?: number }
  );

export type Fault =
  | Partition
  | LinkFault
  | ProcessFault
  | MembershipFault
  | DiskFault
  | ByzantineFault
  | ClockFault;
export type FaultKind = Fault["kind"];

export const linkFaultKinds: readonly FaultKind[] = [
  "delay",
  "loss",
  "duplicate",
  "reorder",
  "bandwidth",
  "corrupt",
  "reset",
  "clog",
  "hold",
  "priorities",
];

/** What may be wrong with what a disk says or keeps; `slow-disk` is late, and right. */
export const untrueDiskKinds: readonly DiskFault["kind"][] = [
  "lost-fsync",
  "torn-write",
  "bit-rot",
  "misdirected-write",
  "read-error",
  "disk-full",
];

/** What a node says that is not so; `mute` says nothing. */
export const lyingKinds: readonly ByzantineFault["kind"][] = ["equivocate", "lie"];

/** The node that a target names, whoever it will be in the run. */
export function namedBy(target: Target): string {
  return typeof target === "string" ? target : target.else;
}

/** A fault before its plan gives it a number. */
export type FaultDraft = Fault extends infer F ? (F extends Fault ? Omit<F, "id"> : never) : never;
