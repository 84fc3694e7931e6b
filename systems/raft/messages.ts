/**
 * What Raft servers say to each other, and what they keep in their logs. Types only.
 *
 * Field names follow figure 2 of the paper and the figures of the thesis. Two fields are not in
 * them: `round`, which tells the leader which of its heartbeat rounds an answer belongs to, and
 * `conflictIndex`, by which a follower says where to try next (the paper's "fast backup", §5.3).
 */

import type { Json, JsonObject } from "../../src/base/json.js";

/** What a client asks for. `type` values are those of the wire protocol. */
export type Operation =
  | { type: "read"; key: string }
  | { type: "write"; key: string; value: Json }
  | { type: "cas"; key: string; from: Json; to: Json };

/** An operation with the identity of its request: client and message id, unique among requests. */
export type Command = { client: string; requestId: number; operation: Operation };

/**
 * Who votes and holds copies. `outgoing` is there while a joint change is under way (thesis §4.3):
 * then a quorum is a majority of `voters` and a majority of `outgoing`. `asked`: the latest request of
 * each administrator that was taken; they number them upwards, and what comes late is not taken again.
 */
export type Configuration = {
  voters: string[];
  outgoing?: string[];
  asked: { [administrator: string]: number };
};

/**
 * `command` null: the no-op with which a leader opens its term, or an entry that says who the
 * servers are from here on.
 */
export type Entry = { term: number; command: Command | null; configuration?: Configuration };

/** A place in a log; index 0, term 0 is the place before the first entry. */
export type LogPosition = { index: number; term: number };

/** The state after all entries up to `last`, in their place (thesis §5). */
export type Snapshot = {
  last: LogPosition;
  /** The latest configuration up to there, and where it stands. */
  configuration: Configuration;
  configurationIndex: number;
  machine: Json;
};

/** Would you vote for me in this term? A promise of nothing (thesis §9.6). */
export type PreVote = { type: "pre_vote"; term: number; lastLog: LogPosition };
/** `term` is the one asked for where granted, the voter's own where not. */
export type PreVoted = { type: "pre_voted"; term: number; granted: boolean };

export type RequestVote = { type: "request_vote"; term: number; lastLog: LogPosition };
export type Vote = { type: "vote"; term: number; granted: boolean };

export type AppendEntries = {
  type: "append_entries";
  term: number;
  round: number;
  /** The entry before `entries`: the follower must have it. */
  previous: LogPosition;
  entries: Entry[];
  commitIndex: number;
};

/** Answered like AppendEntries that end at `snapshot.last`. */
export type InstallSnapshot = {
  type: "install_snapshot";
  term: number;
  round: number;
  snapshot: Snapshot;
};

export type Appended = {
  type: "appended";
  term: number;
  round: number;
  /** The index of `previous` in the message answered. */
  previousIndex: number;
  success: boolean;
  /** On success: the follower's log equals the leader's up to here. */
  matchIndex: number;
  /** On failure: the follower's log may equal the leader's before this index. */
  conflictIndex: number;
};

/**
 * A command on its way from the server that a client talks to, to the leader; and the answer. `via`:
 * where it came from, when passed on by one that no longer leads.
 */
export type Submit = { type: "submit"; command: Command; via?: string };
export type Answer = { type: "answer"; client: string; requestId: number; reply: JsonObject };

/** A change of membership on its way from the server that was asked to the leader; and the answer. */
export type Change = {
  type: "change";
  client: string;
  requestId: number;
  node: string;
  add: boolean;
};
export type Changed = { type: "changed"; client: string; requestId: number; reply: JsonObject };

export type LogMessage =
  | PreVote
  | PreVoted
  | RequestVote
  | Vote
  | AppendEntries
  | InstallSnapshot
  | Appended;
export type PeerMessage = LogMessage | Submit | Answer | Change | Changed;

/** A text that names a request; the same for every copy of it. */
export function requestName(request: { client: string; requestId: number }): string {
  return `${request.client}/${request.requestId}`;
}
