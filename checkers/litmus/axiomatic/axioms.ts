/**
 * The memory models as axioms: which orders of the events must exist, and what each of them must agree with.
 *
 * Names as in the literature: program order; reads-from, from a write to its readers, internal within a
 * thread; coherence, a total order of the writes of each location; from-reads, from a read to the writes
 * that are coherence-after its source.
 *
 * Sources: L. Lamport, How to Make a Multiprocessor Computer That Correctly Executes Multiprocess
 * Programs, 1979 (sc); S. Owens, S. Sarkar, P. Sewell, A Better x86 Memory Model: x86-TSO, TPHOLs 2009;
 * J. Alglave, L. Maranget, M. Tautschnig, Herding Cats, TOPLAS 2014 (the form of the axioms, pso);
 * O. Lahav, N. Giannarakis, V. Vafeiadis, Taming Release-Acquire Consistency, POPL 2016 (strong
 * release/acquire, which is causal convergence).
 *
 * What repairs a gap of published models of x86: the read and the write of one exchange are ordered in
 * every order; otherwise an exchange may read from a write that overwrites its own.
 */

import type { LitmusModel } from "../program.js";
import type { MemoryEvent } from "./events.js";

/** A partial order that an execution must have. */
export interface OrderAxiom {
  readonly name: string;
  /** Whether it keeps two events of a thread, of different instructions, in program order. */
  readonly keeps: (first: MemoryEvent, second: MemoryEvent) => boolean;
  /** Whether the read of an exchange comes before its write. */
  readonly halves: boolean;
  readonly readsFrom: { readonly internal: boolean; readonly external: boolean };
  readonly coherence: boolean;
  /** `ordered`: part of the order. `not-against`: only never the other way round. */
  readonly fromReads: "ordered" | "not-against" | "free";
}

export interface Axioms {
  readonly orders: readonly OrderAxiom[];
  /** No write comes, in coherence, between what an exchange read and what it wrote. */
  readonly atomicity: boolean;
}

const everywhere = { internal: true, external: true };

const perLocation: OrderAxiom = {
  name: "coherence",
  keeps: (first, second) => first.location === second.location && first.location >= 0,
  halves: true,
  readsFrom: everywhere,
  coherence: true,
  fromReads: "ordered",
};

const sequential: OrderAxiom = { ...perLocation, name: "sequential", keeps: () => true };

/** Fences and locked instructions are ordered with everything; a thread sees its own buffer early. */
function buffered(name: string, keeps: OrderAxiom["keeps"]): OrderAxiom {
  const barrier = (event: MemoryEvent) => event.kind === "fence" || event.locked;
  return {
    ...perLocation,
    name,
    keeps: (first, second) => barrier(first) || barrier(second) || keeps(first, second),
    readsFrom: { internal: false, external: true },
  };
}

const totalStore = buffered(
  "total store order",
  (first, second) => first.kind === "read" || second.kind === "write",
);

const partialStore = buffered(
  "partial store order",
  (first, second) =>
    first.kind === "read" || (second.kind === "write" && first.location === second.location),
);

const happensBefore: OrderAxiom = {
  ...sequential,
  name: "happens-before",
  coherence: false,
  fromReads: "not-against",
};

const arbitration: OrderAxiom = { ...sequential, name: "arbitration", fromReads: "free" };

export const axiomsOf: Readonly<Record<LitmusModel, Axioms>> = {
  sc: { orders: [sequential], atomicity: true },
  tso: { orders: [perLocation, totalStore], atomicity: true },
  pso: { orders: [perLocation, partialStore], atomicity: true },
  coherence: { orders: [perLocation], atomicity: true },
  "causal-convergence": { orders: [happensBefore, arbitration], atomicity: true },
};
