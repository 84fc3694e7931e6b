/**
 * Agreement (consensus, state machine safety): what was decided for a slot is never decided
 * differently, by any node, at any time.
 *
 * Judged on what nodes record: `f: "decide"`, `value: {"slot": 7, "value": …}`, with `"group"`
 * where a node belongs to several consensus groups. Sees what clients may not: a decision that was
 * taken back is an error even when nobody has read it yet. O(observations).
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { canonical, isJsonObject, type Json } from "../src/base/json.js";
import type { Anomaly, Checker, Verdict } from "./checker.js";

export const agreement: Checker = {
  name: "agreement",
  summary: "no slot of a replicated log is decided in two ways, from what nodes record",
  anomalies: { disagreement: "one slot of a replicated log is decided in two ways" },
  check,
};

/** Slots whose disagreement is described. */
const ANOMALIES_MAX = 8;

interface Decision {
  event: HistoryEvent;
  value: Json | undefined;
}

function check(history: History): Verdict {
  const slots = new Map<string, Decision>();
  const disputed = new Set<string>();
  const anomalies: Anomaly[] = [];
  for (const event of history.observations) {
    const { f, value: decision } = event;
    if (f !== "decide" || !isJsonObject(decision) || decision["slot"] === undefined) continue;
    const group =
      decision["group"] === undefined ? "" : ` of group ${canonical(decision["group"])}`;
    const slot = `slot ${canonical(decision["slot"])}${group}`;
    const value = decision["value"];
    const first = slots.get(slot);
    if (first === undefined) slots.set(slot, { event, value });
    else if (canonical(first.value) !== canonical(value) && !disputed.has(slot)) {
      disputed.add(slot);
      const who = first.event.process === event.process ? "and later it" : event.process;
      anomalies.push({
        type: "disagreement",
        message: `${first.event.process} decided ${canonical(first.value)} for ${slot}, ${who} decided ${canonical(value)}${requestNote(first.value, value)}`,
        ops: [first.event.index, event.index],
      });
    }
  }
  const notes = { slots: slots.size, disputed: disputed.size };
  if (anomalies.length > 0) {
    return { valid: false, anomalies: anomalies.slice(0, ANOMALIES_MAX), notes };
  }
  if (slots.size > 0) return { valid: true, anomalies, notes };
  return { valid: "unknown", anomalies, reason: "no node recorded a decision", notes };
}

/** What a value such as "c26/752" or "c26/752 of term 3" means, where one is. */
const REQUEST = /^(?<client>c\d+)\/(?<id>\d+)(?: of term \d+)?$/;

function requestNote(...values: (Json | undefined)[]): string {
  for (const value of values) {
    const { client, id } = REQUEST.exec(typeof value === "string" ? value : "")?.groups ?? {};
    if (client !== undefined) return ` (${client}/${id} is request ${id} of client ${client})`;
  }
  return "";
}
