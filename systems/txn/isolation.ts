/**
 * What each isolation level does differently: the whole of it, as a table.
 *
 * A transaction's writes wait at its coordinator until it commits, as one record of the log, at
 * every level. Levels differ in what reads see, in what is locked, and in what is asked of a record
 * before it may take effect.
 */

import type { OptionValue } from "../../src/hosts/ts/node.js";
import { type IsolationLevel, isolationLevels } from "../system.js";

export interface Isolation {
  /**
   * `latest`: each read sees what this node knows to be committed at that moment. `snapshot`: what
   * it knew when the transaction began. `locked`: the leader's state, under a shared lock.
   */
  reads: "latest" | "snapshot" | "locked";
  /** Are written keys locked until the commit, at the leader? */
  locksWrites: boolean;
  /**
   * What must not have changed since the snapshot for the commit to take effect; `structures`: what
   * was written, and no dangerous structure of antidependencies (ssi.ts).
   */
  certifies: "nothing" | "writes" | "reads" | "structures";
  /** Do transactions that wrote nothing pass through the log, too? */
  logsReads: boolean;
  /** Do transactions that only read do so from a snapshot, whatever is asked of others? */
  readersApart?: true;
}

/** How transactions are kept serializable, at the level of that name. */
export const serializableBy = ["certification", "ssi", "locking"] as const;

export type SerializableBy = (typeof serializableBy)[number];

/** What a transaction that only reads needs to be serializable, and no more. */
export const snapshotReads: Isolation = {
  reads: "snapshot",
  locksWrites: false,
  certifies: "reads",
  logsReads: false,
};

const strictLocking: Isolation = {
  reads: "locked",
  locksWrites: true,
  certifies: "nothing",
  logsReads: true,
};

const serializable: { readonly [by in SerializableBy]: Isolation } = {
  certification: snapshotReads,
  ssi: { ...snapshotReads, certifies: "structures", logsReads: true },
  locking: { ...strictLocking, readersApart: true },
};

const isolations: { readonly [level in Exclude<IsolationLevel, "serializable">]: Isolation } = {
  "read-committed": {
    reads: "latest",
    locksWrites: true,
    certifies: "nothing",
    logsReads: false,
  },
  "snapshot-isolation": {
    reads: "snapshot",
    locksWrites: false,
    certifies: "writes",
    logsReads: false,
  },
  "strict-serializable": strictLocking,
};

export function levelOf(option: OptionValue | undefined): IsolationLevel {
  return isolationLevels.find((level) => level === option) ?? "strict-serializable";
}

/** @param by how serializable transactions are kept so; other levels have one way each. */
export function isolationOf(
  option: OptionValue | undefined,
  by: OptionValue | undefined = "certification",
): Isolation {
  const level = levelOf(option);
  if (level !== "serializable") return isolations[level];
  return serializable[serializableBy.find((name) => name === by) ?? "certification"];
}
