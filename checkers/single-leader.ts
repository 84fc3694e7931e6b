/**
 * One leader at a time: nobody leads while another does, whatever the terms.
 *
 * Election safety lets an old leader go on believing; a leader by lease must not. Judged on what
 * nodes record whenever they look at their clock and find that they lead, `f: "leader"`, `value:
 * {"term": 3}`, with `"group"` where there are several groups, and on what clients are told: a `lead`
 * operation that returns `{"leader": "n1", "term": 3}` was answered by somebody who led meanwhile.
 *
 * Whoever leads a term early and late leads it in between: a node that has lost its term never gets
 * it back. So a node leads at least from its first to its last record of a term, and no pause, crash
 * or silence before or after says anything. Two such intervals of different nodes overlap iff one
 * begins within the other. Anomalies:
 * - split-brain: a node began to lead within the interval of another.
 *   Two leaders in one term, of whom clients were told, are a split brain as well.
 * - stale-leader: a client was told of a term after one told of a later had its answer.
 * What clients are told is compared key by key, where there are keys.
 *
 * O(n log n).
 */

import type { History, HistoryEvent, Operation } from "../histories/history.js";
import { canonical, isJsonObject, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { completionTime, indexes, invocationTime, ms, show, who } from "./describe.js";
import { Findings } from "./findings.js";
import { byKey } from "./keys.js";

export const singleLeader: Checker = {
  name: "single-leader",
  summary: "no two nodes lead at one time, from what nodes record and clients are told",
  anomalies: {
    "split-brain": "two nodes were in charge at one time, each believing itself the only one",
    "stale-leader": "a client was told that somebody leads whom a later leader had replaced",
  },
  check,
};

/** A time in which a node surely led. */
interface Reign {
  node: number | string;
  term: Json;
  first: HistoryEvent;
  last: HistoryEvent;
}

function check(history: History): Verdict {
  const findings = new Findings();
  const groups = reignsOf(history);
  let reigns = 0;
  for (const inGroup of groups.values()) {
    reigns += inGroup.length;
    splitBrains(inGroup, findings);
  }
  let answers = 0;
  for (const { operations } of byKey(history.operations)) {
    const told = answersOf(operations);
    answers += told.length;
    twoLeaders(told, findings);
    staleLeaders(told, findings);
  }
  const notes = { reigns, answers };
  const isSilent = reigns === 0 && answers === 0;
  return findings.verdict(notes, isSilent ? "no node recorded that it leads" : undefined);
}

function reignsOf({ observations }: History): Map<string, Reign[]> {
  const groups = new Map<string, Reign[]>();
  const known = new Map<string, Reign>();
  for (const event of observations) {
    const { f, value, process: node } = event;
    if (f !== "leader" || !isJsonObject(value) || value["term"] === undefined) continue;
    const { term, group = null } = value;
    const name = canonical([group, node, term]);
    const reign = known.get(name);
    if (reign !== undefined) {
      reign.last = event;
      continue;
    }
    const begun = { node, term, first: event, last: event };
    known.set(name, begun);
    const inGroup = groups.get(canonical(group));
    if (inGroup === undefined) groups.set(canonical(group), [begun]);
    else inGroup.push(begun);
  }
  return groups;
}

/** Reigns are in the order of their first records; of those before, the longest of two nodes matter. */
function splitBrains(reigns: readonly Reign[], findings: Findings): void {
  let longest: Reign | undefined;
  let ofAnother: Reign | undefined;
  for (const reign of reigns) {
    const other = longest?.node === reign.node ? ofAnother : longest;
    if (other !== undefined && other.last.index > reign.first.index) {
      findings.add("split-brain", () => splitBrain(reign, other));
    }
    const isLongest = longest === undefined || reign.last.index > longest.last.index;
    if (isLongest) {
      if (longest?.node !== reign.node) ofAnother = longest;
      longest = reign;
    } else if (reign.node !== longest?.node) {
      if (ofAnother === undefined || reign.last.index > ofAnother.last.index) ofAnother = reign;
    }
  }
}

function splitBrain(reign: Reign, other: Reign) {
  return {
    message:
      `${reign.node} led in term ${show(reign.term)} from ${ms(reign.first.time)}, though ${other.node} led ` +
      `in term ${show(other.term)} from ${ms(other.first.time)} until ${ms(other.last.time)} at least`,
    ops: [other.first.index, reign.first.index, other.last.index],
  };
}

interface Answer {
  operation: Operation;
  term: number;
}

function answersOf(operations: readonly Operation[]): Answer[] {
  return operations.flatMap((operation) => {
    const { f, outcome, output } = operation;
    const term = f === "lead" && outcome === "ok" && isJsonObject(output) ? output["term"] : null;
    return typeof term === "number" ? [{ operation, term }] : [];
  });
}

function twoLeaders(answers: readonly Answer[], findings: Findings): void {
  const first = new Map<number, Answer>();
  for (const answer of answers) {
    const other = first.get(answer.term);
    if (other === undefined) first.set(answer.term, answer);
    else if (leaderIn(other) !== undefined && leaderIn(answer) !== undefined) {
      if (canonical(leaderIn(other)) === canonical(leaderIn(answer))) continue;
      findings.add("split-brain", () => ({
        message: `${who(other.operation)} was told ${show(other.operation.output)}, ${who(answer.operation)} ${show(answer.operation.output)}`,
        ops: indexes([other.operation, answer.operation]),
      }));
    }
  }
}

function leaderIn({ operation: { output } }: Answer): Json | undefined {
  return isJsonObject(output) ? output["leader"] : undefined;
}

function staleLeaders(answers: readonly Answer[], findings: Findings): void {
  const done = answers.toSorted((a, b) => a.operation.completed - b.operation.completed);
  let next = 0;
  let latest: Answer | undefined;
  for (const answer of answers.toSorted((a, b) => a.operation.invoked - b.operation.invoked)) {
    for (; next < done.length; next++) {
      const before = done[next]!;
      if (before.operation.completed > answer.operation.invoked) break;
      if (latest === undefined || before.term > latest.term) latest = before;
    }
    if (latest === undefined || latest.term <= answer.term) continue;
    const { operation, term } = answer;
    const other = latest;
    findings.add("stale-leader", () => ({
      message:
        `${who(operation)} asked at ${invocationTime(operation)} and was told ${show(operation.output)}, ` +
        `though ${who(other.operation)} had been told of term ${other.term} by ${completionTime(other.operation)}, not ${term}`,
      ops: indexes([other.operation, operation]),
    }));
  }
}
