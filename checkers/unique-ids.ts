/** Unique ids: no id is handed out twice. O(operations). */

import type { History, Operation } from "../histories/history.js";
import { canonical } from "../src/base/json.js";
import type { Anomaly, Checker, Verdict } from "./checker.js";
import { indexes, show, who } from "./describe.js";

export const uniqueIds: Checker = {
  name: "unique-ids",
  summary: "no id is handed out twice",
  check,
};

const HOLDERS_SHOWN_MAX = 5;

function check(history: History): Verdict {
  const holders = new Map<string, Operation[]>();
  for (const operation of history.operations) {
    if (operation.f !== "generate" || operation.outcome !== "ok") continue;
    const id = canonical(operation.output);
    const same = holders.get(id);
    if (same === undefined) holders.set(id, [operation]);
    else same.push(operation);
  }
  const anomalies: Anomaly[] = [];
  for (const same of holders.values()) {
    if (same.length < 2) continue;
    const shown = same.slice(0, HOLDERS_SHOWN_MAX);
    anomalies.push({
      type: "duplicate-id",
      message: `id ${show(same[0]!.output)} was handed out ${same.length} times: to ${shown.map(who).join(", ")}`,
      ops: indexes(shown),
    });
  }
  if (anomalies.length > 0) return { valid: false, anomalies };
  if (holders.size > 0) return { valid: true, anomalies };
  return { valid: "unknown", anomalies, reason: "no id was handed out" };
}
