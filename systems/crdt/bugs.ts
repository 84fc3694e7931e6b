/** The mistakes that can be switched on in a CRDT, each the real mistake at one place. */

import type { Bug } from "../system.js";

export const replicaIdReused: Bug = {
  id: "C3",
  summary: "a replica that has lost its disk comes back under its old name, and counts from 0",
  source: "Shapiro et al. 2011, section 3.1; Riak: vnode ids are new after a lost disk (2013)",
  needs: "a disk lost after an update that others know",
  checker: "counter",
  anomalies: ["undercount", "overcount", "impossible-count", "divergence"],
  nemesis: "wipe",
};

export const atLeastOnce: Bug = {
  id: "C2",
  summary: "an operation that arrives again takes effect again",
  source: "Shapiro et al. 2011, section 2.2.2: operations are delivered exactly once",
  needs: "a message delivered twice, or sent again because its acknowledgement was late",
  checker: "counter",
  anomalies: ["overcount", "undercount", "impossible-count", "divergence"],
  nemesis: "duplicate",
  options: { form: "op" },
};

export const tieTakesArrival: Bug = {
  id: "C8",
  summary: "of two writes with equal time the one that arrives later stays",
  source: "Gomes, Kleppmann, Mulligan, Beresford 2017: concurrent operations must commute",
  needs: "two replicas that write one key without knowing of each other",
  checker: "eventual",
  anomalies: ["divergence"],
  nemesis: "reorder",
  options: { form: "op" },
};

export const removesUnseen: Bug = {
  id: "C5",
  summary: "a remove takes away every tag of the element, those too that its replica had not seen",
  source: "Shapiro et al. 2011, section 3.3.5: only observed adds are removed",
  needs: "an add and a remove of one element, each unknown to the other",
  checker: "or-set",
  anomalies: ["lost-add", "divergence"],
  nemesis: "slow-network",
  options: { form: "op" },
};

export const tombstonesByAge: Bug = {
  id: "C6",
  summary: "tombstones are collected half a second old, whoever has not seen the remove yet",
  source:
    "Cassandra: gc_grace_seconds; a node that was away longer brings deleted data back (2011)",
  needs: "a replica that has the add and is away while the remove is made and forgotten",
  checker: "or-set",
  anomalies: ["resurrected-element", "divergence"],
};

export const droppedUnacknowledged: Bug = {
  id: "C7",
  summary: "a delta is taken for delivered as soon as it is sent",
  source: "Almeida, Shoker, Baquero 2018, section 6: delta-intervals and acknowledgements",
  needs: "a lost message",
  checker: "set",
  anomalies: ["lost-element", "stale-element", "divergence"],
  nemesis: "lossy",
  options: { form: "delta" },
};
