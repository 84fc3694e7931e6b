/**
 * Logical time as a service: nodes stamp what happens, so that causes come before effects.
 *
 * An event happens before another where both are of one node and it is the earlier, where it is the
 * sending of a message and the other the receipt, and where a chain of such steps leads from it to the
 * other (Lamport 1978). Everything else is concurrent. The option `clock` chooses who tells: `lamport`, a
 * counter; `vector`, a counter per node; `hybrid`, a counter that keeps near the calendar.
 *
 * Promises the clock condition, that an effect has a higher stamp than its cause, across crashes: a clock
 * goes on from what is on disk. Lamport's and hybrid stamps differ between any two events, and so are in
 * one total order. Vectors promise the converse, too: a higher stamp only for an effect. A hybrid stamp is
 * ahead of all that its node's calendar has ever said by `boundMs` at most, whatever the calendars of
 * others say. Messages may be lost, late, twice or out of order: each arrival is an event.
 *
 * Left out: clients that carry stamps from node to node, and vectors of nodes that come and go.
 */

import type { System } from "../system.js";
import { ClockNode, clockNames } from "./node.js";

export const logicalClocks: System = {
  name: "logical-clocks",
  summary: "stamps for events and messages: Lamport's, vector, or hybrid logical clocks",
  nodeCounts: [3, 5],
  workloads: ["stamps"],
  options: {
    clock: {
      summary: "which clock stamps events",
      default: "lamport",
      values: clockNames,
    },
    boundMs: {
      summary: "how far ahead of its calendar a hybrid clock lets messages bring it",
      default: 500,
      range: [0, 600_000],
    },
  },
  bugs: {
    "no-max-on-receive": {
      id: "K1",
      summary: "the receipt of a message raises the counter by one, whatever the message's stamp",
      source: "Lamport (CACM 1978), rule IR2 (b); local counters taken for logical clocks",
      needs: "a message from a node with more events than its receiver",
      checker: "happened-before",
      anomalies: ["effect-before-cause"],
      nemesis: "none",
    },
    "vector-forgotten": {
      id: "K2",
      summary: "the vector is kept in memory only, and begins with nothing after a restart",
      source: "Riak's vnodes whose counters began anew, until actors had epochs (2.1, 2015)",
      needs: "a crash and a restart of a node",
      checker: "happened-before",
      anomalies: ["false-concurrency", "effect-before-cause", "timestamp-reuse", "false-order"],
      nemesis: "crash",
      options: { clock: "vector" },
    },
    "no-drift-bound": {
      id: "K3",
      summary: "a message is taken however far it is ahead of the calendar",
      source:
        "Kulkarni et al. (2014), section 5; CockroachDB refuses offsets beyond --max-offset (2015)",
      needs: "a calendar that steps forward far, and a message from there",
      checker: "happened-before",
      anomalies: ["drift-bound-broken"],
      nemesis: "clock",
      options: { clock: "hybrid" },
    },
    "physical-part-forgotten": {
      id: "K4",
      summary: "after a restart the clock begins at the calendar, not above its last stamp",
      source:
        "CockroachDB waits out the maximum offset at a restart, and can persist a bound of its clock (2018)",
      needs: "a crash, and a calendar behind the node's last stamp",
      checker: "happened-before",
      anomalies: ["effect-before-cause", "timestamp-reuse"],
      options: { clock: "hybrid" },
    },
    "ties-unbroken": {
      id: "K5",
      summary: "stamps go without the node's name: equal counters are equal stamps",
      source: "Lamport (CACM 1978): ties are broken by an arbitrary total order of the processes",
      needs: "two nodes with as many events",
      checker: "happened-before",
      anomalies: ["no-total-order"],
      nemesis: "none",
    },
  },
  invariants: [],
  driftPpmMax: 100_000,
  recovery: { core: () => 1, withinMs: 3_000 },
  probes: [
    "a message was received and stamped",
    "a message from too far ahead was refused",
    "a clock went on after a restart",
    "a crash left events on disk that nobody had been told of",
  ],
  service: () => ({ operations: ["event", "send"], consistency: "eventual" }),
  create: (context) => new ClockNode(context),
};
