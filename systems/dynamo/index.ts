/**
 * Dynamo: a key-value store without leader (DeCandia et al., SOSP 2007).
 *
 * Placement. Nodes and keys are hashed onto one ring; the first N nodes clockwise from a key are its
 * homes (ring.ts). Any node takes any request and coordinates it: a write waits for W homes, a read
 * for R (coordinator.ts). Versions carry tags (sequence, writer), and a replica keeps the highest.
 * Dynamo's own versions are vector clocks that keep conflicting values side by side; tags put all
 * writes of a key in one order instead, which is what a register needs.
 *
 * Three mechanisms spread what a replica missed, and none asks for agreement, because keeping the
 * highest tag is a join: it does not matter how often, in which order and by which way versions come.
 * - Read repair: whoever reads, and meets a home that is behind, tells it (coordinator.ts).
 * - Hinted handoff: what a home did not acknowledge waits at a stand-in (hints.ts, gathering.ts).
 * - Anti-entropy: homes compare hash trees, and exchange where they differ (anti-entropy.ts).
 * Deletes are writes of a tombstone, a version without value, for the same reason (replica.ts).
 *
 * What it promises depends on who may be in a quorum.
 * - Strict quorums (the default), R + W > N: linearizable reads, writes and deletes, as multi-writer
 *   ABD (Attiya, Bar-Noy, Dolev 1995; Lynch and Shvartsman 1997). Stand-ins keep hints, and count for
 *   nothing. Why: what an operation wrote or returned is at W homes before it ends, so that every
 *   later one meets it among R; the three mechanisms only add copies. Progress needs max(R, W) homes
 *   of each key.
 * - Sloppy quorums (`sloppy=true`): where homes are silent, stand-ins count. Writes go through with
 *   any max(R, W) nodes, and two sides of a partition may both take them without meeting. Promises
 *   that replicas agree in the end and that no acknowledged write is lost to failures. It may lose to
 *   another one: a coordinator that could not see the highest tag goes below it.
 * - R + W <= N: the same.
 *
 * A client may ask for a degraded read: rather one replica's answer than none. Such an answer is marked
 * `degraded: true`; an answer without mark keeps the promise.
 *
 * An error says what is known (coordinator.ts): "it did not happen" only where nothing was stored.
 *
 * Left out: vector clocks and siblings; compare-and-set, for which registers do not suffice (Herlihy
 * 1991); nodes that come and go; collecting tombstones, which needs to know that no older version is
 * under way any more; a bound on the log.
 */

import { ofReplicas } from "../quorum.js";
import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { DynamoNode } from "./node.js";
import { settingsOf } from "./settings.js";

export const dynamo: System = {
  name: "dynamo",
  summary: "a leaderless key-value store: ring, quorums, hinted handoff, hash trees (Dynamo)",
  nodeCounts: [5, 7],
  workloads: ["kv", "deletes", "register", "degraded-reads", "write-once"],
  options: {
    n: {
      summary: "replicas of each key, at most all nodes",
      default: 3,
      range: [1, 100],
      within: (_, nodes) => [1, nodes],
    },
    r: {
      summary: "replicas that a read must hear from, at most n; 0 for a majority of n",
      default: 0,
      range: [0, 100],
      within: ofReplicas,
    },
    w: {
      summary: "replicas that must store a write, at most n; 0 for a majority of n",
      default: 0,
      range: [0, 100],
      within: ofReplicas,
    },
    sloppy: { summary: "stand-ins count where replicas do not answer", default: false },
    degraded: {
      summary: "reads that ask for it get a marked answer where r replicas do not answer",
      default: true,
    },
  },
  bugs,
  invariants: [],
  driftPpmMax: 100_000,
  // A replica that forgot what it acknowledged breaks the quorums; but those that are left agree.
  beyond: { wiped: ["convergence"], "lost-fsync": ["convergence"] },
  recovery: {
    core: (nodeCount, options) => {
      const { replicas, read, write, sloppy } = settingsOf(options, nodeCount);
      const quorum = Math.max(read, write);
      return sloppy ? quorum : nodeCount - replicas + quorum;
    },
    withinMs: 3_000,
  },
  probes: [
    "a coordinator met a duplicate write",
    "a read was repaired before it answered",
    "a late replica was repaired",
    "a read was degraded",
    "a write failed before anything was stored",
    "a write's outcome is unknown",
    "a stand-in keeps a hint",
    "a hint was handed off",
    "stand-ins made a quorum",
    "hash trees differed",
    "a tombstone was stored",
    "a replica restarted with its versions",
  ],
  service: (options, nodeCount) => {
    const { meet, sloppy } = settingsOf(options, nodeCount);
    return {
      operations: ["read", "write", "delete"],
      consistency: meet && !sloppy ? "linearizable" : "eventual",
    };
  },
  create: (context) => new DynamoNode(context),
};
