/**
 * Quorum overlap: whoever elects a leader and whoever held what an earlier leader committed last have
 * a server in common. It is what consensus rests on, and what a wrong majority, or two changes of
 * membership at a time, take away, long before anybody reads a wrong value.
 *
 * Judged on what nodes record: a leader on its election, `f: "elected"`, `value: {"term", "by":
 * [voters …]}`; on a commit, `f: "commit"`, `value: {"index", "term", "by": [holders …]}`. Quorums
 * far apart need not overlap where members change; a leader's and those of the last term before it in
 * which anything was committed do, since both use the same configuration or two neighbours.
 * O(observations + elections · terms).
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { isJsonObject } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { Findings } from "./findings.js";

export const quorumOverlap: Checker = {
  name: "quorum-overlap",
  summary:
    "voters of a leader and holders of the last commit before overlap, from what nodes record",
  anomalies: {
    "disjoint-quorums":
      "a leader was elected by servers of which none held what was last committed before",
  },
  check,
};

interface Quorum {
  event: HistoryEvent;
  term: number;
  by: string[];
}

function check(history: History): Verdict {
  const elections: Quorum[] = [];
  /** The last commit of each term. */
  const commits = new Map<number, Quorum>();
  for (const event of history.observations) {
    if (event.f !== "elected" && event.f !== "commit") continue;
    const quorum = quorumOf(event);
    if (quorum === undefined) continue;
    if (event.f === "elected") elections.push(quorum);
    else commits.set(quorum.term, quorum);
  }
  const terms = [...commits.keys()].sort((a, b) => b - a);
  const findings = new Findings();
  for (const { event, term, by } of elections) {
    const earlier = terms.find((other) => other < term);
    const commit = earlier === undefined ? undefined : commits.get(earlier);
    if (commit === undefined || commit.by.some((holder) => by.includes(holder))) continue;
    findings.add("disjoint-quorums", () => ({
      message: `${by.join(", ")} elected ${event.process} in term ${term}; the last commit before, in term ${commit.term}, was held by ${commit.by.join(", ")}`,
      ops: [commit.event.index, event.index],
    }));
  }
  const notes = { elections: elections.length, terms: terms.length };
  const open = elections.length === 0 ? "no leader recorded who elected it" : undefined;
  return findings.verdict(notes, open);
}

function quorumOf(event: HistoryEvent): Quorum | undefined {
  if (!isJsonObject(event.value)) return undefined;
  const { term, by } = event.value;
  if (typeof term !== "number" || !Array.isArray(by)) return undefined;
  return { event, term, by: by.map(String) };
}
