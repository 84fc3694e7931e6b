/**
 * Retries that do more good than harm: judged by what nodes record of their requests.
 *
 * - `f: "goodput"`, `value: {asked, answered}`: what became of a front end's requests since it last said so.
 *   From three seconds after the last thing that the nemesis did, half of them at least are answered, all
 *   front ends taken together, or it is a `goodput-collapse`. Load stands at about half of what can be served:
 *   a queue that drains at all has done so by then, and one that does not answers next to nothing.
 * - `f: "attempt"`, `value: {request, attempt}` at the last layer: a request has three attempts with different
 *   names at most, or it is a `retry-amplification`. Duplicates by the network have the same name.
 * - `f: "retry"`, `value: {waitMs, ofMs}`: how long a node waits, of how long at most. When the first eight waits
 *   of a node are the same parts of their limits, or the same parts as another node's, these are
 *   `synchronised-retries`. Of waits drawn from a thousand by chance, that happens once in 10^21.
 *
 * Where fewer than fifty requests ended after the last fault, nothing is held against goodput. O(n).
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { isJsonObject, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { show } from "./describe.js";
import { Findings } from "./findings.js";
import { identity } from "./identity.js";

const RECOVERY_NS = 3e9;
const ASKED_MIN = 50;
const ATTEMPTS_MAX = 3;
const WAITS_COMPARED = 8;

export const goodput: Checker = {
  name: "goodput",
  summary:
    "after faults requests are answered again, and retries neither multiply nor come in step",
  anomalies: {
    "goodput-collapse": "faults have ended, and most requests are still not answered",
    "retry-amplification": "one request led to more attempts at the last layer than it may have",
    "synchronised-retries":
      "retries of a node, or of two, wait for the same times and come in waves",
  },
  check: (history) => {
    const findings = new Findings();
    const notes = {
      ...collapse(history, findings),
      ...amplification(history, findings),
      ...synchrony(history, findings),
    };
    return verdict(findings, notes);
  },
};

function verdict(findings: Findings, notes: { [name: string]: Json }): Verdict {
  const nothing = notes["requests"] === 0 ? "no node has recorded its requests" : undefined;
  return findings.verdict(notes, nothing);
}

function collapse({ observations }: History, findings: Findings): { [name: string]: Json } {
  const struck = observations.findLast(({ process }) => process === "nemesis");
  const fromNs = (struck?.time ?? 0) + RECOVERY_NS;
  const all = { requests: 0, "requests after faults": 0, answered: 0 };
  let last: HistoryEvent | undefined;
  for (const event of observations) {
    if (event.f !== "goodput" || !isJsonObject(event.value)) continue;
    const { asked, answered } = event.value;
    all.requests += Number(asked);
    if (event.time < fromNs) continue;
    all["requests after faults"] += Number(asked);
    all.answered += Number(answered);
    last = event;
  }
  const { "requests after faults": asked, answered } = all;
  if (last !== undefined && asked >= ASKED_MIN && 2 * answered < asked) {
    const { index } = last;
    findings.add("goodput-collapse", () => ({
      message: `of ${asked} requests that ended ${RECOVERY_NS / 1e9} s and more after the last fault, ${answered} were answered`,
      ops: [...(struck === undefined ? [] : [struck.index]), index],
    }));
  }
  return all;
}

function amplification({ observations }: History, findings: Findings): { [name: string]: Json } {
  const attempts = new Map<ReturnType<typeof identity>, Map<string, HistoryEvent>>();
  let most = 0;
  for (const event of observations) {
    if (event.f !== "attempt" || !isJsonObject(event.value)) continue;
    const { request = null, attempt } = event.value;
    const ofRequest = attempts.get(identity(request)) ?? new Map<string, HistoryEvent>();
    attempts.set(identity(request), ofRequest);
    if (ofRequest.has(String(attempt))) continue;
    ofRequest.set(String(attempt), event);
    most = Math.max(most, ofRequest.size);
    // Told once a request, when it goes too far.
    if (ofRequest.size !== ATTEMPTS_MAX + 1) continue;
    findings.add("retry-amplification", () => ({
      message: `request ${show(request)} came to the last layer as attempts ${[...ofRequest.keys()].join(", ")}, and ${ATTEMPTS_MAX} are the most that it may have`,
      ops: [...ofRequest.values()].map(({ index }) => index),
    }));
  }
  return { "attempts of one request at most": most };
}

function synchrony({ observations }: History, findings: Findings): { [name: string]: Json } {
  /** Of each node, the first retries. */
  const first = new Map<string, HistoryEvent[]>();
  let retries = 0;
  for (const event of observations) {
    if (event.f !== "retry" || !isJsonObject(event.value)) continue;
    retries++;
    const ofNode = first.get(String(event.process)) ?? [];
    first.set(String(event.process), ofNode);
    if (ofNode.length < WAITS_COMPARED) ofNode.push(event);
  }
  const bySequence = new Map<string, { node: string; ops: number[] }>();
  for (const [node, events] of first) {
    if (events.length < WAITS_COMPARED) continue;
    const parts = events.map(partOf);
    const ops = events.map(({ index }) => index);
    const other = bySequence.get(parts.join());
    if (new Set(parts).size === 1) {
      const message = `${node} waited for ${percent(parts[0] ?? 0)} of the longest backoff before each of its first ${WAITS_COMPARED} retries: nothing spreads them`;
      findings.add("synchronised-retries", () => ({ message, ops }));
    } else if (other !== undefined) {
      const message = `${other.node} and ${node} waited for the same parts of the longest backoff before their first ${WAITS_COMPARED} retries: ${parts.map(percent).join(", ")}`;
      findings.add("synchronised-retries", () => ({ message, ops: [...other.ops, ...ops] }));
    }
    bySequence.set(parts.join(), { node, ops });
  }
  return { retries };
}

function percent(part: number): string {
  return `${Math.round(1_000 * part) / 10} %`;
}

function partOf({ value }: HistoryEvent): number {
  const { waitMs = 0, ofMs = 0 } = isJsonObject(value) ? value : {};
  return Number((Number(waitMs) / Math.max(1, Number(ofMs))).toFixed(6));
}
