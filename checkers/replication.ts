/**
 * Replication that ends: a change that goes from leader to leader is taken once by each of them, or a few
 * times where a leader came back from a crash and did not know how far it was. Judged on what leaders
 * record: `f: "relayed"`, `value: {"change": "n1/7", "times": 2}`, each time that the count of how often a
 * leader has taken it doubles. O(observations).
 */

import type { History } from "../histories/history.js";
import { isJsonObject } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { Findings } from "./findings.js";

/** Repeats after crashes stay far below; a circle passes any number. */
const TIMES_MAX = 8;

export const replication: Checker = {
  name: "replication",
  summary: "no change goes around in circles, from what leaders record",
  anomalies: { "replication-loop": "a leader takes one change over and over again" },
  check,
};

function check({ observations }: History): Verdict {
  const findings = new Findings();
  let relayed = 0;
  for (const { f, process, value, index } of observations) {
    if (f !== "relayed" || !isJsonObject(value)) continue;
    relayed++;
    if (Number(value["times"]) < TIMES_MAX) continue;
    findings.add("replication-loop", () => ({
      message: `${process} took the change ${String(value["change"])} ${String(value["times"])} times`,
      ops: [index],
    }));
  }
  // Where changes go straight to everybody, nobody relays and nothing can go around.
  const open = observations.length === 0 ? "nothing was recorded but what clients did" : undefined;
  return findings.verdict({ relayed }, open);
}
