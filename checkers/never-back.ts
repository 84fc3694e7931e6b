/**
 * What only grows: a server's term, the index up to which it knows the log to be committed, and, at a
 * leader, up to where a follower has its log (Raft, figure 2: "increases monotonically").
 *
 * Judged on what nodes record: `f: "term"`, `value: {"term"}` when they enter one, `f: "commit"`,
 * `value: {"index"}` when it moves, `f: "match"`, `value: {"of", "term", "index"}` of a follower in the
 * leader's term, and `f: "boot"` when they start, from where each may be what the disk kept. Not every
 * step needs to be recorded. O(observations).
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { canonical, isJsonObject } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { Findings } from "./findings.js";

export const neverBack: Checker = {
  name: "never-back",
  summary:
    "no term, commit index or match index goes back while a server runs, from what nodes record",
  anomalies: {
    "term-went-back": "a server entered a term earlier than one that it had been in",
    "commit-went-back": "a server took back what it knew to be committed",
    "match-went-back": "a leader took back what it knew a follower to have",
  },
  check,
};

/** What a node's observation tells the height of, and the anomaly when it falls. */
const kinds = [
  { f: "term", field: "term", type: "term-went-back", what: "term" },
  { f: "commit", field: "index", type: "commit-went-back", what: "commit index" },
  { f: "match", field: "index", type: "match-went-back", what: "match index" },
] as const;

interface Said {
  event: HistoryEvent;
  height: number;
}

function check(history: History): Verdict {
  const findings = new Findings();
  /** What was last said, by process and by what it is the height of. */
  const latest = new Map<HistoryEvent["process"], Map<string, Said>>();
  let judged = 0;
  for (const event of history.observations) {
    if (event.f === "boot") {
      latest.delete(event.process);
      continue;
    }
    const kind = kinds.find(({ f }) => f === event.f);
    if (kind === undefined || !isJsonObject(event.value)) continue;
    const height = event.value[kind.field];
    if (typeof height !== "number") continue;
    judged++;
    const said = latest.get(event.process) ?? new Map<string, Said>();
    latest.set(event.process, said);
    const name =
      kind.f === "match"
        ? `${canonical(event.value["of"])} ${canonical(event.value["term"])}`
        : kind.f;
    const before = said.get(name);
    said.set(name, { event, height });
    if (before === undefined || height >= before.height) continue;
    findings.add(kind.type, () => ({
      message: `the ${kind.what} of ${event.process} went back from ${before.height} to ${height}`,
      ops: [before.event.index, event.index],
    }));
  }
  const open = judged === 0 ? "no node recorded a term or a commit index" : undefined;
  return findings.verdict({ observations: judged }, open);
}
