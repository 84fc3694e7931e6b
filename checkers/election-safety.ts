/**
 * Election safety (Raft, Figure 3): at most one leader is elected in a term.
 *
 * Judged on what nodes record when they become leader: `f: "leader"`, `value: {"term": 3}`, with
 * `"group"` where a node belongs to several consensus groups. O(observations).
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { canonical, isJsonObject } from "../src/base/json.js";
import type { Anomaly, Checker, Verdict } from "./checker.js";

export const electionSafety: Checker = {
  name: "election-safety",
  summary: "at most one leader per term, from what nodes record",
  anomalies: { "two-leaders": "two nodes are leader in one term" },
  check,
};

function check(history: History): Verdict {
  const terms = new Map<string, HistoryEvent[]>();
  for (const observation of history.observations) {
    const { f, value } = observation;
    if (f !== "leader" || !isJsonObject(value) || value["term"] === undefined) continue;
    const group = value["group"] === undefined ? "" : ` of group ${canonical(value["group"])}`;
    const name = `term ${canonical(value["term"])}${group}`;
    const elected = terms.get(name);
    if (elected === undefined) terms.set(name, [observation]);
    else elected.push(observation);
  }
  const anomalies: Anomaly[] = [];
  for (const [term, elected] of terms) {
    const first = new Map<number | string, HistoryEvent>();
    for (const event of elected) if (!first.has(event.process)) first.set(event.process, event);
    if (first.size < 2) continue;
    anomalies.push({
      type: "two-leaders",
      message: `${[...first.keys()].join(" and ")} were both leader in ${term}`,
      ops: [...first.values()].map(({ index }) => index),
    });
  }
  const notes = { terms: terms.size };
  if (anomalies.length > 0) return { valid: false, anomalies, notes };
  if (terms.size > 0) return { valid: true, anomalies, notes };
  return { valid: "unknown", anomalies, reason: "no node recorded that it became leader", notes };
}
