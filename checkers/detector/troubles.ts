/**
 * What the nemesis did, as a history tells it: which fault lay over the world from when to when, and
 * whom it could concern. Whatever is not understood is taken to concern everybody.
 */

import type { History } from "../../histories/history.js";
import { isJsonObject, type Json, type JsonObject } from "../../src/base/json.js";

export interface Trouble {
  kind: string;
  fault: JsonObject;
  fromNs: number;
  /** Infinity where no end was recorded. */
  untilNs: number;
  /** The node that it strikes; undefined where it strikes links, or nobody can say whom. */
  target?: string;
}

const ROLE = "role";

/** In the order in which they began. */
export function troublesOf({ observations }: History): Trouble[] {
  const hasLeaders = observations.some(({ f }) => f === "leader");
  const all: Trouble[] = [];
  const open = new Map<Json, Trouble>();
  for (const { process, f, value, time } of observations) {
    if (process !== "nemesis") continue;
    if (f === "heal") {
      for (const trouble of open.values()) trouble.untilNs = time;
      open.clear();
    }
    if (!isJsonObject(value)) continue;
    const id = value["id"] as Json;
    if (value["kind"] === f) {
      const target = targetOf(value, hasLeaders);
      const whom = target === undefined ? {} : { target };
      const trouble = { kind: f, fault: value, fromNs: time, untilNs: Infinity, ...whom };
      all.push(trouble);
      open.set(id, trouble);
    } else {
      const trouble = open.get(id);
      if (trouble !== undefined) trouble.untilNs = time;
      open.delete(id);
    }
  }
  return all;
}

/** A role is played by nobody where no node says that it leads. */
function targetOf({ target, isolate, node }: JsonObject, hasLeaders: boolean): string | undefined {
  const said = target ?? isolate;
  if (typeof said === "string") return said;
  if (!isJsonObject(said)) return undefined;
  if (typeof node === "string") return node;
  const fallback = said["else"];
  return said[ROLE] === "leader" && !hasLeaders && typeof fallback === "string"
    ? fallback
    : undefined;
}

export function overlaps({ fromNs, untilNs }: Trouble, sinceNs: number, toNs: number): boolean {
  return fromNs <= toNs && untilNs >= sinceNs;
}

/** Whether two nodes cannot reach each other, in neither direction, for as long as it lasts. */
export function separates({ kind, fault, target }: Trouble, a: string, b: string): boolean {
  if (kind !== "partition") return false;
  const { groups, pairs, direction } = fault;
  if (Array.isArray(groups)) {
    const groupOf = (node: string): number =>
      groups.findIndex((group) => Array.isArray(group) && group.includes(node));
    return groupOf(a) >= 0 && groupOf(b) >= 0 && groupOf(a) !== groupOf(b);
  }
  if (Array.isArray(pairs)) {
    const isCut = (from: string, to: string): boolean =>
      pairs.some((pair) => Array.isArray(pair) && pair[0] === from && pair[1] === to);
    return isCut(a, b) && isCut(b, a);
  }
  return direction === "both" && target !== undefined && (target === a) !== (target === b);
}

/** The two nodes whose link alone is troubled, sorted; undefined where more may be. */
export function onlyLink({ fault }: Trouble): string | undefined {
  const { pairs, groups, from, to, clients } = fault;
  const ends = Array.isArray(pairs)
    ? pairs.flat()
    : Array.isArray(groups)
      ? groups.flat()
      : Array.isArray(from) && Array.isArray(to) && clients !== true
        ? [...from, ...to]
        : [];
  const names = [...new Set(ends)].filter((name) => typeof name === "string").sort();
  return names.length === 2 ? names.join(" ") : undefined;
}

/** How late it makes messages at most, in microseconds; undefined where it does more than that. */
export function latenessUs({ kind, fault }: Trouble, bytesMax: number): number | undefined {
  const { delayUs, jitterUs, byUs, bytesPerSecond } = fault as { [name: string]: number };
  // Exponential draws of the simulated network stay below five times their mean.
  if (kind === "delay") return (delayUs ?? 0) + 5 * (jitterUs ?? 0);
  if (kind === "reorder") return 5 * (byUs ?? 0);
  if (kind === "bandwidth") return (bytesMax * 1e6) / (bytesPerSecond ?? 1);
  return undefined;
}
