/** What the nodes of a primary-backup group say to each other, and what their logs hold. */

import type { Json } from "../../src/base/json.js";
import type { InSync } from "./in-sync.js";

/** What the replicated state understands; its own business. */
export type Operation = { type: string; [field: string]: Json };

/** A client's request to change something; a client numbers its requests upwards. */
export type Request = { client: string; number: number; operation: Operation };

/** `request` is null in the entry with which a primary opens its epoch. */
export type Entry = { epoch: number; request: Request | null };

/** How far a log reaches: the epoch of its last entry (0 when empty), and how many there are. */
export type Extent = { epoch: number; length: number };

/** True when the first log is to be preferred: a later epoch, or the same and longer. */
export function reachesFurther(left: Extent, right: Extent): boolean {
  return left.epoch !== right.epoch ? left.epoch > right.epoch : left.length > right.length;
}

/** From the primary, also when there is nothing new: `entries` follow the first `base` ones. */
export type Replicate = {
  type: "replicate";
  epoch: number;
  /** Echoed in the answer: tells a primary which of its questions a backup has heard. */
  round: number;
  base: number;
  /** The epoch of entry `base`, for the backup to see whether its log fits. */
  baseEpoch: number;
  entries: Entry[];
  /** How many entries of the primary's log are kept by now; where backups answer reads. */
  kept?: number;
  /** The in-sync set, where there is one. */
  inSync?: InSync;
};

/** The backup holds the first `length` entries durably; or it does not fit: try from there. */
export type Replicated = {
  type: "replicated";
  epoch: number;
  round: number;
  fits: boolean;
  length: number;
  /** The version of the in-sync set that came with the question, durable by now. */
  version?: number;
};

/** A backup wants to be primary of `epoch`. */
export type Claim = { type: "claim"; epoch: number; extent: Extent };

/** The promise, durable by now; with the granter's log where it reaches further than the claimer's. */
export type Grant = {
  type: "grant";
  epoch: number;
  entries: Entry[] | null;
  /** The latest in-sync set that the granter knows, where there is one. */
  inSync?: InSync;
};

/** An answer to whoever acts in an epoch that is over. */
export type Outdated = { type: "outdated"; epoch: number };

/** What a client asks for: to change something, or to read a key (or whatever the state is asked for). */
export type Command = { request: Request } | { key: Json };

/** Asks the primary how much is kept, to answer a read that came before the question. */
export type AskMark = { type: "ask-mark" };

/** So many entries were kept by the primary of that epoch when it was asked. */
export type Mark = { epoch: number; kept: number };

export type Forward = { type: "forward"; command: Command };

export type PeerMessage = Replicate | Replicated | Claim | Grant | Outdated | Forward | AskMark;
