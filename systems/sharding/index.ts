/**
 * A key-value store whose keys are spread over the nodes, and move.
 *
 * Two questions are kept apart. Where keys should be is placement (placement.ts): ranges of keys, hash mod N,
 * consistent hashing with virtual nodes (Karger et al. 1997; Stoica et al., Chord, 2001), or a fixed number of
 * slots (Redis Cluster, Riak). Placements differ in how even they are and in how much moves when nodes come
 * and go. How keys get there without being lost is the hand-off, which is the same for all:
 *
 *   freeze   the old owner stops serving the shard, durably
 *   copy     all of it goes to the next owner, who keeps it on its disk
 *   flip     the table of owners names the next one, under an epoch of its own
 *   thaw     the next owner serves; or, if the copy did not arrive, the old one again, under one epoch more
 *
 * One coordinator keeps the table and decides on moves (coordinator.ts), as Bigtable's master does (Chang et al.
 * 2006) or the configuration service of MIT 6.824's lab 4: when members come or go, and on a timer, to even
 * out the load (balancer.ts), so that something always moves. Clients may ask any node (router.ts). Its table
 * may be old: it asks an owner under an epoch, and one who does not own the shard in that epoch sends it on.
 *
 * Why there is one owner. Epochs of a shard are given out once each. A node serves what it owns until it has
 * frozen it by its own hand, durably, and the table names another one only after that one has the copy,
 * which is made after the freeze. So nobody has to trust a clock, and who is cut off may go on: it cannot have been
 * replaced without having frozen. Why nothing is lost: the copy has every write that was answered, since
 * writes are answered by an owner that is not frozen. Why nothing is done twice: a key takes along what was
 * answered to whom (messages.ts: Cell).
 *
 * Promised: linearizable reads, writes and compare-and-sets of single keys, whatever befalls links, nodes
 * and clocks, while nodes leave and join. A node that left has handed over all it had, and may lose its disk.
 *
 * Left out: replicas. A shard is on one node, and is not served while that one is down; a real store would
 * make each owner a group (raft, chain). The coordinator is one node with a sound disk: while it is down
 * nothing moves, and it cannot leave. Ranges are not merged, and what was handed over is not deleted.
 */

import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { ShardedNode } from "./node.js";
import { partitionings } from "./partitionings.js";
import { probes } from "./probes.js";

export const shardedStore: System = {
  name: "sharded-store",
  summary: "a key-value store cut into shards, which move from node to node under load and changes",
  nodeCounts: [3, 5],
  workloads: ["kv", "register"],
  options: {
    partitioning: {
      summary:
        "how keys are cut and placed: ranges that split (range), slots moved evenly (slots), consistent hashing (ring), or hash mod N (modulo)",
      default: "ring",
      values: partitionings,
    },
    rebalanceMs: {
      summary: "how often the coordinator moves a shard, or splits one, to even out the load",
      default: 500,
      range: [50, 600_000],
    },
  },
  bugs,
  invariants: ["ownership"],
  survives: { membership: true },
  driftPpmMax: 100_000,
  // Clocks say only when something is tried.
  beyond: {
    drift: ["ownership", "linearizable"],
    "clock-freeze": ["ownership", "linearizable"],
  },
  // A shard is on one node: all of them are needed.
  recovery: { core: (nodeCount) => nodeCount, withinMs: 4_000 },
  probes,
  service: () => ({ operations: ["read", "write", "cas"], consistency: "linearizable" }),
  create: (context) => new ShardedNode(context),
};
