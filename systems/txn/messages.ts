/** What the nodes of the transactional store say to each other, and what their log holds. */

import type { Json, JsonObject } from "../../src/base/json.js";

/** Names a client's request: a client numbers its requests upwards, and has one open at a time. */
export type RequestId = { client: string; number: number };

/** `set` replaces a key's value, `append` adds an element to its list. */
export type Write = { kind: "set" | "append"; key: string; value: Json };

/** A transaction that asks to be committed: an entry of the log. */
export type CommitRecord = RequestId & {
  /** The place in the log as of which it read. */
  snapshot: number;
  /** The keys that it read, its own writes aside. */
  reads: string[];
  /** In program order. */
  writes: Write[];
  /** The term in which its locks were taken; null when it took none. */
  lockTerm: number | null;
};

export type LockMode = "shared" | "exclusive";

/** From a coordinator to the leader: a lock, and the value under it. Answered by `Locked`. */
export type Lock = {
  type: "lock";
  owner: RequestId;
  /** The term of the locks that the transaction has already; null when it has none. */
  lockTerm: number | null;
  key: string;
  mode: LockMode;
};

export type Locked = { type: "locked"; term: number; value: Json };

/** The transaction was given up before it asked to be committed: its locks are free. */
export type Abandon = { type: "abandon"; owner: RequestId };

export type Commit = { type: "commit"; record: CommitRecord };

/** What became of a transaction, for certain. */
export type Outcome = { type: "outcome"; id: RequestId; decision: Decision };

/** `timestamp`: the place in the log of a commit; timestamps order all commits. */
export type Decision = { committed: boolean; timestamp: number };

export type TxnMessage = Lock | Abandon | Commit | Outcome;

export function nameOf({ client, number }: RequestId): string {
  return `${client}/${number}`;
}

/** A peer's message of this system rather than of its log. */
export function isTxnMessage(body: JsonObject): boolean {
  return txnTypes.has(String(body["type"]));
}

const txnTypes: ReadonlySet<string> = new Set<TxnMessage["type"]>([
  "lock",
  "abandon",
  "commit",
  "outcome",
]);
