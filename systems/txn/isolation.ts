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
  /** What must not have changed since the snapshot for the commit to take effect. */
  certifies: "nothing" | "writes" | "reads";
  /** Do transactions that wrote nothing pass through the log, too? */
  logsReads: boolean;
}

const isolations: { readonly [level in IsolationLevel]: Isolation } = {
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
  serializable: {
    reads: "snapshot",
    locksWrites: false,
    certifies: "reads",
    logsReads: false,
  },
  "strict-serializable": {
    reads: "locked",
    locksWrites: true,
    certifies: "nothing",
    logsReads: true,
  },
};

export function levelOf(option: OptionValue | undefined): IsolationLevel {
  return isolationLevels.find((level) => level === option) ?? "strict-serializable";
}

export function isolationOf(option: OptionValue | undefined): Isolation {
  return isolations[levelOf(option)];
}
