/**
 * Stable leadership: a network that is cut in one way, and stays so, ends up with one leader or with
 * none, but does not go on electing (Howard and Abraham, "Raft does not Guarantee Liveness in the face
 * of Network Faults", 2020).
 *
 * Who is elected there is connected both ways with a quorum, and stays connected: whoever then deposes
 * it does not listen to those who hear it. The checker looks only where nothing else can be to blame:
 * at times during which every fault so far has been a partition, none begins or ends, and the last one
 * began or ended a second ago. Leaders that come and go there are counted; one may be the last of an
 * election that began before. Everything else is not judged.
 *
 * Judged on the history of faults and on `f: "elected"`, `value: {"sticky": true}`, which leaders say
 * that nobody should depose who does not hear them; others promise less. O(events).
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { isJsonObject } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { Findings } from "./findings.js";

export const stableLeader: Checker = {
  name: "stable-leader",
  summary: "nobody goes on electing leaders while a partition stands still, from what nodes record",
  anomalies: {
    "leader-churn": "leaders followed one another although nothing changed around them",
  },
  check,
};

/** After so long a time without a change of faults, elections that were under way are over. */
const SETTLED_NS = 1_000_000_000;
/** So many leaders in one such time are two too many. */
const LEADERS_MAX = 2;

function check({ events, observations }: History): Verdict {
  const leaders = observations.filter(
    ({ f, value }) => f === "elected" && isJsonObject(value) && value["sticky"] === true,
  );
  const changes = events.filter(({ process }) => process === "nemesis");
  const findings = new Findings();
  let still = 0;
  for (const [beganNs, endsNs] of stillTimes(changes)) {
    still++;
    const elected = leaders.filter(({ time }) => time >= beganNs + SETTLED_NS && time < endsNs);
    if (elected.length <= LEADERS_MAX) continue;
    const names = elected.slice(0, 5).map(({ process }) => process);
    findings.add("leader-churn", () => ({
      message: `${elected.length} leaders (${names.join(", ")}${elected.length > 5 ? " …" : ""}) followed one another from second ${seconds(beganNs)} on, while partitions stood still`,
      ops: elected.slice(0, 5).map(({ index }) => index),
    }));
  }
  const open = observations.length === 0 ? "nothing was recorded but what clients did" : undefined;
  return findings.verdict({ "times judged": still }, open);
}

/** Between two changes of the faults, as long as all faults have been partitions, some of them lasting. */
function stillTimes(changes: readonly HistoryEvent[]): [number, number][] {
  const times: [number, number][] = [];
  let lasting = 0;
  for (const [i, { f, time }] of changes.entries()) {
    if (f === "partition") lasting++;
    else if (f === "partition-end") lasting--;
    else break;
    const next = changes[i + 1];
    if (lasting > 0 && next !== undefined) times.push([time, next.time]);
  }
  return times;
}

function seconds(timeNs: number): number {
  return Math.round(timeNs / 10_000_000) / 100;
}
