/**
 * The catalogue of conflict-free replicated datatypes (Shapiro, Preguiça, Baquero, Zawirski 2011): a
 * system for each type, all on one kind of replica.
 *
 * Every replica takes updates at once and tells the others later; replicas that know of the same
 * updates are equal, whatever came in which order. There are three ways to get there (`form`):
 *
 * - state: send the whole state now and then. The merge is a join in a semilattice, so loss,
 *   repetition and reordering do not matter; the size does.
 * - delta: send what has changed since the peer's last acknowledgement (Almeida, Shoker, Baquero
 *   2018). The same merge, and a buffer that must not let go of what is not acknowledged.
 * - op: send the operations. They are small, and their effects need only commute where they are
 *   concurrent; in return each must take effect exactly once and after its causes: causal broadcast.
 *
 * The promise: once faults end, replicas agree, and what was acknowledged is among what they agree on.
 * Disks may be lost, one node's in a run: an acknowledged update is on two, and a replica without a
 * past takes a new name. The OR-Set promises less and is there for more: it acknowledges alone, at
 * once, and its tombstones are collected by what every replica covers, so that its disks must last.
 *
 * The files, from the paper inwards: datatype.ts (what a type is) and one file per type; states.ts and
 * operations.ts (the forms); replica.ts. Left out: sequences (RGA), maps, members that come and go.
 */

import type { Bug, System } from "../system.js";
import * as bugs from "./bugs.js";
import type { MakeDatatype } from "./datatype.js";
import { gCounter } from "./g-counter.js";
import { gSet } from "./g-set.js";
import { lwwRegister } from "./lww-register.js";
import { mvRegister } from "./mv-register.js";
import { orSet } from "./or-set.js";
import { pnCounter } from "./pn-counter.js";
import { Replica } from "./replica.js";

/** What differs from type to type. */
interface Type {
  summary: string;
  workloads: readonly string[];
  bugs: { readonly [name: string]: Bug };
  make: MakeDatatype;
  /** Acknowledges only what is on two disks; true when left out. */
  outlivesDisks?: boolean;
  probes?: readonly string[];
}

const forms = ["state", "delta", "op"] as const;

const commonProbes = [
  "a replica restarted with its state",
  "a replica met a duplicate update",
  "a state brought nothing new",
  "a peer was sent the whole state in place of deltas",
  "a replica was sent a snapshot",
  "an operation came again",
];

/** Of those that may lose a disk. */
const rebirthProbes = [
  "a replica without a past left a request alone",
  "a new replica took a lost one's place",
  "a message from a former life was refused",
  "a delta for a lost replica was left alone",
];

/** What is on two disks outlives one of them; a single replica has one. */
const wiped = (nodeCount: number): number => (nodeCount >= 2 ? 1 : 0);

function crdt(name: string, type: Type): System {
  const { summary, workloads, make, outlivesDisks = true } = type;
  const operations = ["read", ...make(new Set()).updates];
  return {
    name,
    summary,
    nodeCounts: [3, 5],
    workloads,
    options: {
      form: {
        summary: "what travels: whole states, what has changed of them, or operations",
        default: "state",
        values: forms,
      },
    },
    bugs: type.bugs,
    invariants: [],
    driftPpmMax: 100_000,
    ...(outlivesDisks ? { survives: { wiped } } : {}),
    // Who has lost its past must hear from everybody before it takes updates again.
    recovery: { core: (nodes) => (outlivesDisks ? nodes : 1), withinMs: 3_000 },
    probes: [...commonProbes, ...(outlivesDisks ? rebirthProbes : []), ...(type.probes ?? [])],
    service: () => ({ operations, consistency: "eventual" }),
    create: (context) => new Replica(context, make(context.bugs), outlivesDisks),
  };
}

export const crdts: readonly System[] = [
  crdt("crdt-g-counter", {
    summary: "G-Counter: a counter that only grows, one slot per replica; form state, delta or op",
    workloads: ["counter"],
    bugs: { "replica-id-reused": bugs.replicaIdReused },
    make: gCounter,
  }),
  crdt("crdt-pn-counter", {
    summary: "PN-Counter: a counter that goes up and down; form state, delta or op",
    workloads: ["pn-counter", "counter"],
    bugs: { "at-least-once": bugs.atLeastOnce },
    make: pnCounter,
  }),
  crdt("crdt-lww-register", {
    summary: "LWW-Register: the write with the highest stamp wins; form state, delta or op",
    workloads: ["convergence", "kv"],
    bugs: { "tie-takes-arrival": bugs.tieTakesArrival },
    make: lwwRegister,
  }),
  crdt("crdt-mv-register", {
    summary:
      "MV-Register: concurrent writes stay side by side as siblings; form state, delta or op",
    workloads: ["mv-register"],
    bugs: {},
    make: mvRegister,
  }),
  crdt("crdt-g-set", {
    summary: "G-Set: a set that only grows; form state, delta or op",
    workloads: ["set"],
    bugs: { "dropped-unacknowledged": bugs.droppedUnacknowledged },
    make: gSet,
  }),
  crdt("crdt-or-set", {
    summary: "OR-Set: elements come and go, and an add wins over a remove that has not seen it",
    workloads: ["or-set", "set"],
    bugs: {
      "removes-unseen": bugs.removesUnseen,
      "tombstones-by-age": bugs.tombstonesByAge,
    },
    make: orSet,
    outlivesDisks: false,
    probes: ["the stable frontier moved", "a state from before the stable frontier was refused"],
  }),
];
