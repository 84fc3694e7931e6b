/** What the nodes of a pipelined group say to each other, besides what primary-backup's say. */

import type {
  Claim,
  Entry,
  Forward,
  Grant,
  Outdated,
  Request,
} from "../primary-backup/messages.js";

/** One entry on its way: its place in the log, counted from 0, within the epoch's window. */
export type Append = {
  type: "append";
  epoch: number;
  sequence: number;
  request: Request | null;
  /** So many entries of the leader's log are committed. */
  committed: number;
};

/** The follower has the first `length` entries of the leader's log on its disk. */
export type Ack = { type: "ack"; epoch: number; length: number };

/** The leader's whole log, up to the entry that opens its epoch: from there on entries go one by one. */
export type Start = { type: "start"; epoch: number; entries: Entry[]; committed: number };

export type Beat = { type: "beat"; epoch: number; committed: number };

/** Somebody has missed its leader: it is your turn to lead, in this epoch. */
export type Turn = { type: "turn"; epoch: number };

export type PeerMessage = Append | Ack | Start | Beat | Turn | Claim | Grant | Outdated | Forward;

/** Leaders take turns. */
export function leaderOf(epoch: number, nodes: readonly string[]): string {
  return nodes[epoch % nodes.length] as string;
}

/** What a node records of an entry: whose request it is. */
export function nameOf(request: Request | null): string {
  return request === null ? "no-op" : `${request.client}/${request.number}`;
}
