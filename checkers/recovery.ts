/**
 * Recovery: once the faults of enough nodes have ended, each of these serves again, in time.
 *
 * Progress needs a promise to be held to: which nodes are healthy (the core), how many suffice, since
 * when, and how long they may take. A node keeps it when it completes an operation, or refuses one for
 * what the state is (a compare-and-set that did not match). It breaks it when it was asked in the
 * second half of the time, did not serve that before the time was over, and served nothing else since
 * the faults ended either. Everything in doubt is no anomaly: a core that is too small, a fault that
 * struck it meanwhile, a node that nobody asked in time, an operation that lost to another one. O(events).
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { isJsonObject, type Json, type JsonObject } from "../src/base/json.js";
import type { Anomaly, Checker, Verdict } from "./checker.js";

export interface RecoveryOptions {
  /** The nodes that were kept healthy. */
  core: readonly string[];
  /** How many of them suffice for the system to serve. */
  sufficient: number;
  /** When the core's faults had ended, nanoseconds. */
  healedNs: number;
  /** How long it may take from there until every node of the core has served. */
  withinNs: number;
}

/** Refusals that only somebody who knows the state can give: missing, present, not as expected. */
const SERVED = new Set([20, 21, 22]);
/** No answer worth the name: time-out, temporarily unavailable, crash, abort. */
const UNSERVED = new Set([0, 11, 13, 14]);

export const recoveryAnomalies = {
  "no-recovery": "healthy nodes that suffice do not serve in time after the faults have ended",
};

export function recovery(options: RecoveryOptions): Checker {
  return {
    name: "recovery",
    summary: "a sufficient core of healthy nodes serves again in time",
    anomalies: recoveryAnomalies,
    check: (history) => check(history, options),
  };
}

/** What became of the operations that one node was asked for in the phase. */
interface Record {
  invocations: number[];
  served: boolean;
  /** Asked late enough for everything to have recovered, and left without an answer in time. */
  failed: boolean;
}

function check(history: History, options: RecoveryOptions): Verdict {
  const { core, sufficient } = options;
  if (core.length < sufficient) {
    return passed(`${core.length} healthy nodes do not suffice: ${sufficient} would`);
  }
  const struck = history.observations.find((event) => strikes(event, options));
  if (struck !== undefined) return passed(`a ${struck.f} struck the core meanwhile`);
  if (isChanging(history, options)) return passed("who is a member changed meanwhile");
  const records = recordsOf(history, options);
  const anomalies: Anomaly[] = [];
  for (const node of core) {
    const record = records.get(node);
    if (record?.failed && !record.served) {
      anomalies.push(anomalyOf(node, record.invocations, options));
    }
  }
  return { valid: anomalies.length === 0, anomalies, notes: { core: core.join(", ") } };
}

function passed(why: string): Verdict {
  return { valid: true, anomalies: [], notes: { "not judged": why } };
}

function anomalyOf(node: string, ops: number[], { core, withinNs }: RecoveryOptions): Anomaly {
  const asked = ops.length === 1 ? "did not serve its only operation" : "served none of its";
  const count = ops.length === 1 ? "" : ` ${ops.length} operations`;
  const nodes = core.length === 1 ? node : core.join(", ");
  return {
    type: "no-recovery",
    message: `${node} ${asked}${count} in the ${withinNs / 1e9} s after all faults on ${nodes} had ended`,
    ops,
  };
}

function recordsOf(
  { events }: History,
  { core, healedNs, withinNs }: RecoveryOptions,
): Map<string, Record> {
  const records = new Map<string, Record>(
    core.map((node) => [node, { invocations: [], served: false, failed: false }]),
  );
  const open = new Map<number, HistoryEvent>();
  const endNs = healedNs + withinNs;
  for (const event of events) {
    if (typeof event.process !== "number" || event.final) continue;
    if (event.type === "invoke") {
      open.set(event.process, event);
      const began = event.time >= healedNs && event.time <= endNs;
      if (began) records.get(event.node ?? "")?.invocations.push(event.index);
      continue;
    }
    const invoked = open.get(event.process);
    const record = records.get(event.node ?? "");
    if (invoked === undefined || record === undefined) continue;
    if (event.time < healedNs || invoked.time > endNs) continue;
    const code = codeOf(event.error);
    if (event.type === "ok" || SERVED.has(code)) record.served = true;
    const fair = invoked.time >= healedNs + withinNs / 2 && event.time <= endNs;
    if (fair && UNSERVED.has(code)) record.failed = true;
  }
  return records;
}

/** The number of an error; that of a time-out where a client gave up, -1 where there is none. */
function codeOf(error: Json | undefined): number {
  if (error === "timeout") return 0;
  return isJsonObject(error) && typeof error["code"] === "number" ? error["code"] : -1;
}

/** Does a fault begin while the core recovers, which may trouble it? */
function strikes(event: HistoryEvent, { core, healedNs, withinNs }: RecoveryOptions): boolean {
  const { process, time, value } = event;
  if (process !== "nemesis" || time < healedNs || time >= healedNs + withinNs) return false;
  return isJsonObject(value) && "kind" in value && troubles(value, new Set(core));
}

const membershipChanges: ReadonlySet<string> = new Set(["remove-node", "add-node"]);

/** Was the cluster asked for another member, or one less, and had not granted it before? */
function isChanging({ observations }: History, { healedNs, withinNs }: RecoveryOptions): boolean {
  const idOf = ({ value }: HistoryEvent): Json | undefined =>
    isJsonObject(value) ? value["id"] : undefined;
  const changes = observations.filter(({ process }) => process === "nemesis");
  return changes.some((asked) => {
    if (!membershipChanges.has(asked.f) || asked.time >= healedNs + withinNs) return false;
    const granted = changes.find(
      (event) => event.f === `${asked.f}-end` && idOf(event) === idOf(asked),
    );
    return granted === undefined || granted.time > healedNs;
  });
}

/** Who is outside the core troubles it by what it says, or by whether it is one of the cluster. */
const nobodysAlone: ReadonlySet<Json | undefined> = new Set([
  "corrupt",
  "equivocate",
  "lie",
  "leave",
  "join",
]);

/** Conservative: whatever is not seen to pass by the core troubles it. */
function troubles(fault: JsonObject, core: ReadonlySet<string>): boolean {
  const { kind, target, groups, isolate, from, to } = fault;
  const isOutside = (node: Json | undefined): boolean =>
    typeof node === "string" && !core.has(node);
  const areOutside = (nodes: Json | undefined): boolean =>
    Array.isArray(nodes) && nodes.every(isOutside);
  if (nobodysAlone.has(kind)) return true;
  if (kind === "partition") {
    if (isolate !== undefined) return !isOutside(isolate);
    if (!Array.isArray(groups)) return true;
    const sides = groups.filter((group) => !areOutside(group));
    return sides.length > 1;
  }
  if (target !== undefined) return !isOutside(target);
  return fault["clients"] === true || !(areOutside(from) || areOutside(to));
}
