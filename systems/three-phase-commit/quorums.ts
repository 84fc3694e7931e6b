/**
 * The rule by which an outcome is found, from what participants say of themselves (Skeen, "A
 * Quorum-Based Commit Protocol", 1982).
 *
 * Commit takes a quorum of participants that have joined it, abort one that have joined that. Nobody
 * joins both, and the two sizes exceed all participants by one: both can never be reached, whoever
 * counts, and as soon as all have joined something one of them is. So it does not matter how many lead,
 * or that they know nothing of each other; and what blocks is ended when all can talk again.
 */

import { majorityOf } from "../../src/base/majority.js";
import type { Outcome } from "../commitment/log.js";

/** Of a participant: has voted yes, has joined one side, or knows the outcome. */
export type State = "waits" | "pre-commit" | "pre-abort" | "committed" | "aborted";

export type Quorums = { readonly [outcome in Outcome]: number };

export function quorumsOf(participants: number): Quorums {
  const commit = majorityOf(participants);
  return { commit, abort: participants - commit + 1 };
}

/** Known for certain: nothing else can come of it. */
export function decided(states: Iterable<State>, quorums: Quorums): Outcome | undefined {
  const count = tally(states);
  if (count("committed") > 0 || count("pre-commit") >= quorums.commit) return "commit";
  if (count("aborted") > 0 || count("pre-abort") >= quorums.abort) return "abort";
  return undefined;
}

/**
 * Which side those that wait should join, where one can still be brought to its quorum from here. For a
 * commit somebody must have joined it already: that proves that all have voted yes.
 */
export function reachable(states: Iterable<State>, quorums: Quorums): Outcome | undefined {
  const count = tally(states);
  const waiting = count("waits");
  const committing = count("pre-commit");
  if (committing > 0 && committing + waiting >= quorums.commit) return "commit";
  if (count("pre-abort") + waiting >= quorums.abort) return "abort";
  return undefined;
}

function tally(states: Iterable<State>): (state: State) => number {
  const all = [...states];
  return (state) => all.filter((other) => other === state).length;
}
