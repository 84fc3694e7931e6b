/** Collections that elements are added to: sets, broadcasts, lists that are appended to. */

import type { HistoryEvent, Operation } from "../../../histories/history.js";
import { canonical } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import type { KeyedOperations } from "../../keys.js";
import { setAccounting } from "../../set.js";

const READS = new Set(["read", "get"]);
const ADDS = ["add", "append", "broadcast"];

/** Whether the key was added to in one way, perhaps removed from, and its reads list elements. */
export function isCollection({ operations }: KeyedOperations): boolean {
  const functions = new Set(operations.map(({ f }) => f));
  const adds = ADDS.filter((add) => functions.has(add));
  const other = [...functions].some((f) => !READS.has(f) && !adds.includes(f) && f !== "remove");
  const lists = operations.every(
    ({ f, outcome, output }) =>
      !READS.has(f) || outcome !== "ok" || output === null || Array.isArray(output),
  );
  return adds.length === 1 && !other && lists && !appendsTwice(operations);
}

/** A list may well hold twice what was appended twice. */
function appendsTwice(operations: readonly Operation[]): boolean {
  const appends = operations.filter(({ f }) => f === "append");
  return new Set(appends.map(({ input }) => canonical(input))).size < appends.length;
}

/** A remove takes away what its replica had seen: where it runs beside an add, either may win. */
export function elementAnomalies(
  { operations }: KeyedOperations,
  events: readonly HistoryEvent[],
): Anomaly[] {
  const functions = new Set(operations.map(({ f }) => f));
  const accounting = setAccounting({
    name: "elements",
    summary: "",
    add: ADDS.find((add) => functions.has(add)) as string,
    remove: "remove",
    removes: "observed",
    read: functions.has("get") ? "get" : "read",
  });
  return accounting.check({ events, operations, observations: [] }).anomalies;
}
