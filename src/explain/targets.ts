/**
 * Whom a fault of the plan really hit, and when: read from what the run recorded. A role means the
 * node that played it when the fault began, by the same rule as in the world: of those who said that
 * they lead, the latest of the highest term.
 */

import type { History, HistoryEvent } from "../../histories/index.js";
import { isJsonObject, type Json } from "../base/json.js";
import type { Fault, Target } from "../plan/fault.js";

export interface Struck {
  /** Null when it never began. */
  atUs: number | null;
  untilUs: number | null;
  /** The node, where the fault has one target. */
  node: string | null;
  /** Whether that node led then. */
  led: boolean;
}

export function strike(fault: Fault, { observations }: History): Struck {
  const begun = observations.find((event) => isOf(event, fault.kind, fault.id));
  if (begun === undefined) return { atUs: null, untilUs: null, node: null, led: false };
  const ended = observations.find((event) => isOf(event, `${fault.kind}-end`, fault.id));
  const target = targetOf(fault);
  const leader = leaderAt(observations, begun.index);
  const node = target === undefined ? null : resolved(target, begun, leader);
  return {
    atUs: toUs(begun),
    untilUs: ended === undefined ? null : toUs(ended),
    node,
    led: node !== null && node === leader,
  };
}

export function targetOf(fault: Fault): Target | undefined {
  if (fault.kind === "partition") return "isolate" in fault ? fault.isolate : undefined;
  return "target" in fault ? fault.target : undefined;
}

/** The node that leads just before an event of the history, as far as any has said so. */
export function leaderAt(observations: readonly HistoryEvent[], index: number): string | undefined {
  let leader: { node: string; term: number } | undefined;
  for (const { process, f, value, index: at } of observations) {
    if (at >= index) break;
    if (f !== "leader" || typeof process !== "string" || !isJsonObject(value)) continue;
    const term = typeof value["term"] === "number" ? value["term"] : 0;
    if (leader === undefined || term >= leader.term) leader = { node: process, term };
  }
  return leader?.node;
}

/** The run says itself which node it was where it knows better than the plan. */
function resolved(target: Target, begun: HistoryEvent, leader: string | undefined): string {
  if (typeof target === "string") return target;
  const said = isJsonObject(begun.value) ? begun.value["node"] : undefined;
  if (typeof said === "string") return said;
  return target.role === "leader" ? (leader ?? target.else) : target.else;
}

function isOf({ process, f, value }: HistoryEvent, name: string, id: number): boolean {
  return process === "nemesis" && f === name && idOf(value) === id;
}

function idOf(value: Json): Json | undefined {
  return isJsonObject(value) ? value["id"] : undefined;
}

function toUs({ time }: HistoryEvent): number {
  return Math.floor(time / 1000);
}
