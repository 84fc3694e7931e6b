/**
 * How many nodes each step needs, by replication mode.
 *
 * `grants`: nodes that promise an epoch to its primary. A majority, so that an epoch has one primary.
 * `keep`: copies after which an entry survives any failover, hence may be shown. Every set of
 * `grants` nodes meets every set of `keep` nodes: grants + keep = N + 1.
 * `acknowledge`: copies after which a client is told. With k backups waited for, k + 1.
 *
 * A write must be kept when it is acknowledged: keep <= k + 1, hence grants >= N - k. Waiting for
 * all backups leaves failover with the least to ask for, a majority, and waiting for one with the
 * most, N - 1. Asynchronous replication gives that inequality up.
 *
 * With an in-sync set (in-sync.ts) it is not numbers but names that must meet: a majority of grants,
 * one of them from the set. Then a write waits for no node that has fallen behind, as in `semi-sync`,
 * and for all others, as in `sync`.
 *
 * `confirm` is a majority where reads are to be fresh: it meets every set of granters.
 */

import { majorityOf } from "../../src/base/majority.js";
import type { OptionValue } from "../../src/hosts/ts/node.js";
import type { Recovery } from "../system.js";

export const modes = ["semi-sync", "sync", "async", "in-sync"] as const;
export type Mode = (typeof modes)[number];

export interface Rules {
  grants: number;
  keep: number;
  acknowledge: number;
  /** Nodes that confirm before a read that the epoch still stands; 1 where the primary just reads. */
  confirm: number;
  /** The least size of the in-sync set, all of which must hold an entry besides; 0 without one. */
  inSync: number;
}

interface RuleOptions {
  mode?: OptionValue;
  minInSync?: OptionValue;
}

export function rulesOf({ mode, minInSync = 2 }: RuleOptions, nodeCount: number): Rules {
  const majority = majorityOf(nodeCount);
  if (mode === "async") {
    return { grants: majority, keep: 1, acknowledge: 1, confirm: 1, inSync: 0 };
  }
  if (mode === "in-sync") {
    const least = Math.min(Number(minInSync), nodeCount);
    return {
      grants: majority,
      keep: least,
      acknowledge: least,
      confirm: majority,
      inSync: least,
    };
  }
  const backups = mode === "sync" ? nodeCount - 1 : Math.min(1, nodeCount - 1);
  const grants = Math.max(majority, nodeCount - backups);
  return {
    grants,
    keep: nodeCount - grants + 1,
    acknowledge: backups + 1,
    confirm: majority,
    inSync: 0,
  };
}

/**
 * Nodes that can fail over to one of them, and then keep, acknowledge and confirm. One that was in
 * sync must be among them, who may be any: hence all but as many as cannot be the whole set.
 */
export const groupRecovery: Recovery = {
  core: (nodeCount, options) => {
    const { grants, acknowledge, confirm, inSync } = rulesOf(options, nodeCount);
    const meetInSync = inSync === 0 ? 0 : nodeCount - inSync + 1;
    return Math.max(grants, acknowledge, confirm, meetInSync);
  },
  withinMs: 5_000,
};
