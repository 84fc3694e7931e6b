/** What replicas say to each other, and what they keep. Types only. */

import type { Answer, Command, Submit } from "../raft/messages.js";

/** What an instance decides: a command of a client, or null, the no-op. */
export type Value = Command | null;

/** A value accepted for an instance of the log; `ballot` is `CHOSEN` where it is known to be chosen. */
export type Entry = { slot: number; ballot: number; value: Value };

/** Outranks every ballot. */
export const CHOSEN = Number.MAX_SAFE_INTEGER;

/** How often replicas have lost their disks, of those that have; see rejoin.ts. */
export type Lives = { [replica: string]: number };

/** Phase 1a, for all instances from `from` on. */
export type Prepare = { type: "prepare"; ballot: number; from: number };
/** Phase 1b: all that is accepted from `from` on. */
export type Promised = {
  type: "promise";
  ballot: number;
  from: number;
  entries: Entry[];
  lives: Lives;
};
/** Phase 2a, and the leader's heartbeat. */
export type Accept = {
  type: "accept";
  ballot: number;
  /** The latest heartbeat round of the leader. */
  round: number;
  /** The leader has learnt all instances up to this one. */
  learnt: number;
  entries: { slot: number; value: Value }[];
};
/** Phase 2b, to all learners; without entries to the leader alone. */
export type Accepted = {
  type: "accepted";
  ballot: number;
  round: number;
  entries: { slot: number; value: Value }[];
  lives: Lives;
};
/** Neither: a higher ballot was promised. */
export type Refused = { type: "refused"; ballot: number; promised: number };

/** A learner that is behind asks for what is chosen from `from` on; and the answer. */
export type Learn = { type: "learn"; from: number };
export type Learnt = { type: "learnt"; from: number; values: Value[] };

/** From a replica with a blank disk: do you know of an earlier life of mine? */
export type WhoAmI = { type: "who-am-i"; nonce: number };
/** The latest life that is known; -1: none. */
export type YouWere = { type: "you-were"; nonce: number; life: number };
/** What earlier lives have said counts no longer; what do you know? */
export type Join = { type: "join"; life: number };
export type Welcome = {
  type: "welcome";
  life: number;
  voter: boolean;
  promised: number;
  /** All instances up to this one are learnt, and to be asked for. */
  learnt: number;
  /** What is accepted beyond. */
  entries: Entry[];
  lives: Lives;
};

export type PeerMessage =
  | Prepare
  | Promised
  | Accept
  | Accepted
  | Refused
  | Learn
  | Learnt
  | WhoAmI
  | YouWere
  | Join
  | Welcome
  | Submit
  | Answer;
