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
 * `confirm` is a majority where reads are to be fresh: it meets every set of granters.
 */

import type { OptionValue } from "../../src/hosts/ts/node.js";
import type { Recovery } from "../system.js";

export const modes = ["semi-sync", "sync", "async"] as const;
export type Mode = (typeof modes)[number];

export interface Rules {
  grants: number;
  keep: number;
  acknowledge: number;
  /** Nodes that confirm before a read that the epoch still stands; 1 where the primary just reads. */
  confirm: number;
}

export function rulesOf(mode: OptionValue | undefined, nodeCount: number): Rules {
  const majority = Math.floor(nodeCount / 2) + 1;
  if (mode === "async") {
    return { grants: majority, keep: 1, acknowledge: 1, confirm: 1 };
  }
  const backups = mode === "sync" ? nodeCount - 1 : Math.min(1, nodeCount - 1);
  const grants = Math.max(majority, nodeCount - backups);
  return {
    grants,
    keep: nodeCount - grants + 1,
    acknowledge: backups + 1,
    confirm: majority,
  };
}

/** Nodes that can fail over to one of them, and then keep, acknowledge and confirm. */
export const groupRecovery: Recovery = {
  core: (nodeCount, { mode }) => {
    const { grants, acknowledge, confirm } = rulesOf(mode, nodeCount);
    return Math.max(grants, acknowledge, confirm);
  },
  withinMs: 5_000,
};
