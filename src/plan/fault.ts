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

export type ProcessFault = Timed & { kind: "crash" | "pause"; target: Target };

export type ClockFault = Timed & { target: Target } & (
    | { kind: "clock-step"; byUs: number }
    | { kind: "clock-rate"; ppm: number }
    | { kind: "clock-strobe"; byUs: number; periodUs: number }
  );

export type Fault = Partition | LinkFault | ProcessFault | ClockFault;
export type FaultKind = Fault["kind"];

export const linkFaultKinds: readonly FaultKind[] = [
  "delay",
  "loss",
  "duplicate",
  "reorder",
  "bandwidth",
  "clog",
  "hold",
  "priorities",
];

/** A fault before its plan gives it a number. */
export type FaultDraft = Fault extends infer F ? (F extends Fault ? Omit<F, "id"> : never) : never;
