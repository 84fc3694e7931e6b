/** One Raft server by hand: what tests tell it, in the words of the protocol. */

import type { OptionValue } from "../../../src/hosts/ts/node.js";
import { raft } from "../../../systems/raft/index.js";
import type { Entry, LogPosition } from "../../../systems/raft/messages.js";
import { Solo } from "../solo.js";

export const nodes = ["n1", "n2", "n3", "n4", "n5"];

export interface ServerOptions {
  bug?: string;
  options?: { readonly [name: string]: OptionValue };
  /** Who is in the cluster at the beginning; all nodes when left out. */
  members?: readonly string[];
}

/** The server n1 of five. */
export function server({ bug, options = {}, members = nodes }: ServerOptions = {}): Solo {
  return new Solo(raft, { nodes, members, options, bugs: bug === undefined ? [] : [bug] });
}

export const origin: LogPosition = { index: 0, term: 0 };

export function entry(term: number, value?: number): Entry {
  if (value === undefined) return { term, command: null };
  return {
    term,
    command: { client: "c9", requestId: value, operation: { type: "write", key: "x", value } },
  };
}

export function askVote(solo: Solo, from: string, term: number, lastLog = origin): void {
  solo.tell(from, { type: "request_vote", term, lastLog });
}

export interface Append {
  term: number;
  previous?: LogPosition;
  entries?: Entry[];
  commitIndex?: number;
}

export function append(solo: Solo, from: string, message: Append): void {
  const { term, previous = origin, entries = [], commitIndex = 0 } = message;
  solo.tell(from, { type: "append_entries", term, round: 0, previous, entries, commitIndex });
}

/** The last answer to AppendEntries since the last look. */
export function answer(solo: Solo) {
  return solo.take("appended").at(-1)?.body;
}

export interface Ack {
  term: number;
  matchIndex: number;
  /** Which heartbeat round is answered; the first when left out. */
  round?: number;
}

export function acknowledge(solo: Solo, from: string, { term, matchIndex, round = 0 }: Ack): void {
  solo.tell(from, {
    type: "appended",
    term,
    round,
    previousIndex: 0,
    success: true,
    matchIndex,
    conflictIndex: 0,
  });
}

/** Lets the server stand for election and win it. Returns its term. */
export async function elect(solo: Solo): Promise<number> {
  const term = await stand(solo);
  for (const voter of ["n2", "n3"]) solo.tell(voter, { type: "vote", term, granted: true });
  await solo.settle();
  return term;
}

/** Lets the server stand for election, with pre-votes where it asks for them. Returns its term. */
export async function stand(solo: Solo): Promise<number> {
  for (let waitedMs = 0; waitedMs < 2_000; waitedMs += 10) {
    await solo.advance(10);
    const wish = solo.take("pre_vote")[0];
    if (wish !== undefined) {
      const term = Number(wish.body["term"]);
      for (const voter of ["n2", "n3"])
        solo.tell(voter, { type: "pre_voted", term, granted: true });
    }
    await solo.settle();
    const request = solo.take("request_vote")[0];
    if (request !== undefined) return Number(request.body["term"]);
  }
  throw new Error("n1 did not stand for election");
}

/** The latest heartbeat round in what the server sent since the last look. */
export function latestRound(solo: Solo): number {
  return Math.max(0, ...solo.take("append_entries").map(({ body }) => Number(body["round"])));
}
