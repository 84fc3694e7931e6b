/**
 * Leader completeness (Raft, figure 3): what is committed in one term is in the log of the leader of
 * every later one.
 *
 * Judged on what nodes record: a leader on its election, `f: "elected"`, `value: {"term", "last",
 * "terms": [[index, term] …]}`, where its log begins, where in it each term begins, and where it
 * ends; and on every commit, `f: "decide"`, `value: {"slot", "entryTerm", "term"}`, the entry's place
 * and term, and the term in which it was committed. Two logs that have an entry of one term at one
 * index agree up to there (log matching), so terms stand for the entries; what a log has compacted
 * away before its first entry is taken for good. O(leaders · commits) at worst.
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { isJsonObject, type Json, type JsonObject } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { Findings } from "./findings.js";

export const leaderCompleteness: Checker = {
  name: "leader-completeness",
  summary: "every leader has what was committed in earlier terms, from what nodes record",
  anomalies: {
    "incomplete-leader": "a leader was elected without an entry that an earlier term had committed",
  },
  check,
};

interface Election {
  event: HistoryEvent;
  term: number;
  last: number;
  /** Index and term of each first entry of a term, ascending; the first one is where the log begins. */
  runs: [number, number][];
}

interface Commit {
  event: HistoryEvent;
  index: number;
  entryTerm: number;
  term: number;
}

function check(history: History): Verdict {
  const elections: Election[] = [];
  const commits: Commit[] = [];
  for (const event of history.observations) {
    if (!isJsonObject(event.value)) continue;
    if (event.f === "elected") add(elections, electionOf(event, event.value));
    else if (event.f === "decide") add(commits, commitOf(event, event.value));
  }
  const notes = { elections: elections.length, commits: commits.length };
  const findings = new Findings();
  for (const election of elections) {
    const lost = commits.find((commit) => commit.term < election.term && !holds(election, commit));
    if (lost === undefined) continue;
    const { event, term } = election;
    findings.add("incomplete-leader", () => ({
      message: `${event.process} became leader of term ${term} without entry ${lost.index} of term ${lost.entryTerm}, which ${lost.event.process} had committed in term ${lost.term}`,
      ops: [lost.event.index, event.index],
    }));
  }
  return findings.verdict(
    notes,
    elections.length === 0 ? "no leader recorded its log on its election" : undefined,
  );
}

function add<T>(list: T[], item: T | undefined): void {
  if (item !== undefined) list.push(item);
}

/** Is the entry in the log, as far as the log is known? O(log terms). */
function holds({ runs, last }: Election, { index, entryTerm }: Commit): boolean {
  if (index > last) return false;
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.[0] ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  const run = runs[low - 1];
  return run === undefined || run[1] === entryTerm;
}

function electionOf(event: HistoryEvent, value: JsonObject): Election | undefined {
  const { term, last, terms } = value;
  if (typeof term !== "number" || typeof last !== "number" || !Array.isArray(terms)) {
    return undefined;
  }
  const runs = terms.filter(isPair);
  return runs.length === terms.length ? { event, term, last, runs } : undefined;
}

function commitOf(event: HistoryEvent, value: JsonObject): Commit | undefined {
  const { slot, entryTerm, term } = value;
  if (typeof slot !== "number" || typeof entryTerm !== "number" || typeof term !== "number") {
    return undefined;
  }
  return { event, index: slot, entryTerm, term };
}

function isPair(pair: Json): pair is [number, number] {
  return Array.isArray(pair) && pair.length === 2 && pair.every((n) => typeof n === "number");
}
