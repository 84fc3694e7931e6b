/**
 * What Raft servers say to each other, and what they keep in their logs. Types only.
 *
 * Field names follow figure 2 of the paper. Two fields are not in it: `round`, which tells the
 * leader which of its heartbeat rounds an answer belongs to, and `conflictIndex`, by which a
 * follower says where to try next (the paper's "fast backup", §5.3).
 */

import type { Json, JsonObject } from "../../src/base/json.js";

/** What a client asks for. `type` values are those of the wire protocol. */
export type Operation =
  | { type: "read"; key: string }
  | { type: "write"; key: string; value: Json }
  | { type: "cas"; key: string; from: Json; to: Json };

/** An operation with the identity of its request: client and message id, unique among requests. */
export type Command = { client: string; requestId: number; operation: Operation };

/** `command` null: the no-op with which a leader opens its term. */
export type Entry = { term: number; command: Command | null };

/** A place in a log; index 0, term 0 is the place before the first entry. */
export type LogPosition = { index: number; term: number };

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

/** A command on its way from the server that a client talks to, to the leader; and the answer. */
export type Submit = { type: "submit"; command: Command };
export type Answer = { type: "answer"; client: string; requestId: number; reply: JsonObject };

export type PeerMessage = RequestVote | Vote | AppendEntries | Appended | Submit | Answer;

/** A text that names a request; the same for every copy of it. */
export function requestName(request: { client: string; requestId: number }): string {
  return `${request.client}/${request.requestId}`;
}
