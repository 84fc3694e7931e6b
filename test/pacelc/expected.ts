/** What theory says of every row of the table, and why where it surprises. */

import type { PacelcClass } from "../../src/pacelc/classify.js";

export interface Expected {
  system: string;
  /** As the table names it. */
  with: string;
  class: PacelcClass;
  why?: string;
}

export const expected: readonly Expected[] = [
  { system: "quorum", with: "3 nodes", class: "PC/EC" },
  { system: "quorum", with: "3 nodes, r=1", class: "PC/EL", why: "quorums that do not meet" },
  { system: "quorum", with: "3 nodes, w=1", class: "PC/EL", why: "quorums that do not meet" },
  { system: "dynamo", with: "5 nodes", class: "PC/EC", why: "strict quorums by default here" },
  { system: "dynamo", with: "5 nodes, r=1", class: "PC/EL", why: "quorums that do not meet" },
  { system: "dynamo", with: "5 nodes, w=1", class: "PC/EL", why: "quorums that do not meet" },
  {
    system: "dynamo",
    with: "5 nodes, sloppy=true",
    class: "PA/EC",
    why: "hints are for failures: without one, r + w > n meets",
  },
  {
    system: "dynamo",
    with: "5 nodes, sloppy=true, r=1, w=1",
    class: "PA/EL",
    why: "Abadi's Dynamo: for him its defaults trade both",
  },
  { system: "raft", with: "5 nodes", class: "PC/EC" },
  { system: "primary-backup", with: "3 nodes", class: "PC/EC" },
  {
    system: "primary-backup",
    with: "3 nodes, mode=async",
    class: "PA/EC",
    why: "Abadi's MongoDB: all goes through one primary, whose writes a fail-over loses",
  },
  {
    system: "primary-backup",
    with: "3 nodes, reads=backup",
    class: "PC/EL",
    why: "Abadi's PNUTS: reads are local and old, writes need the primary",
  },
  { system: "multi-leader", with: "3 nodes", class: "PA/EL" },
  { system: "lww-register", with: "3 nodes", class: "PA/EL" },
  {
    system: "crdt-lww-register",
    with: "3 nodes",
    class: "PC/EL",
    why: "a write is on two disks before it is acknowledged: one node alone cannot",
  },
  {
    system: "crdt-lww-register",
    with: "5 nodes",
    class: "PA/EL",
    why: "the minority has two disks",
  },
  { system: "gossip", with: "5 nodes", class: "PA/EL" },
  { system: "tso-store", with: "3 nodes", class: "PC/EL", why: "one memory, reached in time" },
  {
    system: "sequential-store",
    with: "3 nodes",
    class: "PC/EL",
    why: "sequential consistency is no cheaper in a partition, but its reads are",
  },
  { system: "causal-store", with: "3 nodes", class: "PA/EL" },
  { system: "cops", with: "6 nodes", class: "PA/EL" },
  { system: "multi-paxos", with: "5 nodes", class: "PC/EC" },
  { system: "pbft", with: "4 nodes", class: "PC/EC" },
  { system: "chain", with: "3 nodes", class: "PC/EC" },
  {
    system: "sharded-store",
    with: "3 nodes",
    class: "PC/EC",
    why: "no replicas: each key is served on the side where its owner is",
  },
  { system: "pipelined-log", with: "3 nodes", class: "PC/EC" },
];
