/**
 * Unique ids: no id is handed out twice. As Jepsen's unique-ids: what was attempted and acknowledged,
 * how many ids were handed out more than once, and the lowest and the highest of all. O(operations).
 */

import type { History, Operation } from "../histories/history.js";
import { canonical, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { indexes, show, who } from "./describe.js";
import { Findings } from "./findings.js";

export const uniqueIds: Checker = {
  name: "unique-ids",
  summary: "no id is handed out twice",
  check,
};

const HOLDERS_SHOWN_MAX = 5;

function check(history: History): Verdict {
  const holders = new Map<string, Operation[]>();
  let attempted = 0;
  let acknowledged = 0;
  for (const operation of history.operations) {
    if (operation.f !== "generate") continue;
    attempted++;
    if (operation.outcome !== "ok") continue;
    acknowledged++;
    const id = canonical(operation.output);
    const same = holders.get(id);
    if (same === undefined) holders.set(id, [operation]);
    else same.push(operation);
  }
  const findings = new Findings();
  for (const same of holders.values()) {
    if (same.length < 2) continue;
    findings.add("duplicate-id", () => {
      const shown = same.slice(0, HOLDERS_SHOWN_MAX);
      return {
        message: `id ${show(same[0]!.output)} was handed out ${same.length} times: to ${shown.map(who).join(", ")}`,
        ops: indexes(shown),
      };
    });
  }
  const notes = {
    attempted,
    acknowledged,
    duplicated: findings.count("duplicate-id"),
    range: rangeOf([...holders.values()].map(([first]) => first!.output)),
  };
  return findings.verdict(notes, holders.size > 0 ? undefined : "no id was handed out");
}

/** The lowest and the highest: as numbers where all are whole numbers, or else as texts. */
function rangeOf(ids: readonly Json[]): Json {
  if (ids.length === 0) return null;
  const numbers = ids.map(wholeNumber);
  const isBelow = numbers.includes(undefined)
    ? (a: number, b: number) => canonical(ids[a]) < canonical(ids[b])
    : (a: number, b: number) => numbers[a]! < numbers[b]!;
  let lowest = 0;
  let highest = 0;
  for (let i = 1; i < ids.length; i++) {
    if (isBelow(i, lowest)) lowest = i;
    if (isBelow(highest, i)) highest = i;
  }
  return [ids[lowest]!, ids[highest]!];
}

/** Whole numbers beyond a double's precision are read as their digits. */
function wholeNumber(id: Json): bigint | undefined {
  if (Number.isSafeInteger(id)) return BigInt(id as number);
  return typeof id === "string" && /^-?\d+$/.test(id) ? BigInt(id) : undefined;
}
