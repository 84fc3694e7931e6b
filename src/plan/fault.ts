/**
 * Faults as data: kind, when, until, whom, how much. A nemesis makes them, a world applies them.
 *
 * Each fault is a mask: it is laid over sound links, clocks and nodes at `atUs` and taken off at
 * `untilUs`, so that any one can be removed from a plan and the others stay what they are.
 */

/** A node, or whoever plays a role when the fault begins; `else` where nobody does. */
export type Target = string | { role: "leader"; else: string };

interface Timed {
  /** Names the fault within its plan. */
  id: number;
  /** Virtual microseconds. */
  atUs: number;
  untilUs: number;
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
];

/** A fault before its plan gives it a number. */
export type FaultDraft = Fault extends infer F ? (F extends Fault ? Omit<F, "id"> : never) : never;
