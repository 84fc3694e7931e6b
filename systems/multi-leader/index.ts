/**
 * Multi-leader replication: every node takes writes at once and tells the others later.
 *
 * A leader stores a write, answers, and then sends what it holds to the others until each has it. Leaders
 * may take writes of one key at the same time, so conflicts are settled afterwards and everywhere alike.
 * How, is what three systems differ in: the last writer wins (last-writer.ts); siblings stay until a
 * client settles it (siblings.ts); or the application merges (custom-merge.ts). Each is a join: what a
 * leader comes to hold does not depend on the order in which writes arrive, nor on how often; leaders that
 * have heard of the same writes agree.
 *
 * All promise that replicas agree in the end. With the last writer, a session that stays at one node sees
 * of each key only ever newer writes, its own among them, so that each key for itself is sequential
 * (coherence); it may see an effect before its cause, since writes of different keys travel by themselves;
 * one that moves may read older values. Siblings lose no acknowledged write that nobody replaced in the
 * knowledge of it.
 *
 * Changes go from each leader to each other one (a mesh), or around a ring from leader to leader.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Bug, System } from "../system.js";
import { lastWriterBugs, siblingBugs } from "./bugs.js";
import { CustomMerge } from "./custom-merge.js";
import { LastWriter } from "./last-writer.js";
import { type Keeper, Leader, type Replication } from "./leader.js";
import { Mesh } from "./mesh.js";
import { type LeaderProbe, leaderProbes } from "./probes.js";
import type { Resolution } from "./resolution.js";
import { Ring } from "./ring.js";
import { Siblings } from "./siblings.js";

interface Kind {
  name: string;
  summary: string;
  workloads: readonly string[];
  operations: readonly string[];
  sticky?: "coherence";
  bugs: { readonly [name: string]: Bug };
  /** Probes that this way of settling conflicts has no use for. */
  without: readonly LeaderProbe[];
  resolve(context: NodeContext): Resolution;
}

function multiLeaderSystem({ without, resolve, operations, sticky, ...own }: Kind): System {
  return {
    ...own,
    nodeCounts: [3, 5],
    options: {
      topology: {
        summary: "how changes travel: from each leader to each other one, or around a ring",
        default: "mesh",
        values: ["mesh", "ring"],
      },
    },
    invariants: [],
    driftPpmMax: 100_000,
    recovery: { core: () => 1, withinMs: 3_000 },
    probes: leaderProbes.filter((name) => !without.includes(name)),
    service: () => ({
      operations,
      consistency: "eventual",
      ...(sticky === undefined ? {} : { sticky }),
    }),
    create: (context) => {
      const resolution = resolve(context);
      const replicate = (keeper: Keeper): Replication =>
        context.options["topology"] === "ring" ? new Ring(keeper) : new Mesh(keeper, resolution);
      return new Leader(context, resolution, replicate);
    },
  };
}

export const multiLeader = multiLeaderSystem({
  name: "multi-leader",
  summary: "every node takes writes and replicates them later; the last writer wins",
  workloads: ["convergence", "causal-sessions", "kv", "deletes", "unique-names", "replication"],
  operations: ["read", "write", "delete", "claim"],
  sticky: "coherence",
  bugs: lastWriterBugs,
  without: ["a write became a sibling", "a write replaced what was read"],
  resolve: (context) => new LastWriter(context),
});

export const multiLeaderSiblings = multiLeaderSystem({
  name: "multi-leader-siblings",
  summary: "every node takes writes; dotted version vectors keep conflicting ones as siblings",
  workloads: ["siblings"],
  operations: ["read", "write"],
  bugs: siblingBugs,
  without: ["a name was taken", "a write lost a conflict"],
  resolve: (context) => new Siblings(context),
});

export const multiLeaderMerge = multiLeaderSystem({
  name: "multi-leader-merge",
  summary: "every node takes additions to sets; a merge of the application's own settles conflicts",
  workloads: ["set", "set-full"],
  operations: ["read", "add"],
  bugs: {},
  without: [
    "a name was taken",
    "a write became a sibling",
    "a write lost a conflict",
    "a write replaced what was read",
  ],
  resolve: () => new CustomMerge(),
});
