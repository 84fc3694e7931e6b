/**
 * The registers of a history, with times. Reads and writes only: a compare-and-set or an append asks
 * for the latest value, so that there is nothing to be stale by.
 */

import { type Columns, columnsOf } from "../../histories/columns.js";
import type { History } from "../../histories/history.js";
import { NULL_ID } from "../../histories/values.js";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { type NamedView, type Vocabulary, viewsOf } from "../linearizability/object-views.js";
import type { TimedView } from "./timed-view.js";

export interface TimedObject extends NamedView, TimedView {
  /** False when a get of "" may mean that nothing was there, or the text "": nothing can be told. */
  isClear: boolean;
}

const vocabulary: Vocabulary = {
  name: "register or key-value store of which the staleness can be told",
  functions: ["read", "write"],
  aliases: { get: "read", put: "write" },
  reads: ["read"],
  refuse: () => undefined,
};

export interface ObjectsOptions {
  /** register or kv; by default what the functions are called tells. */
  type?: string;
  init?: Json;
}

/** @throws UsageError for a type that has no staleness. */
export function refuseType(type: string | undefined): void {
  if (type === undefined || type === "register" || type === "kv") return;
  throw new UsageError(`a ${type} has no staleness: it is told of register and kv`);
}

/** @throws UsageError for other types, and for operations other than reads and writes. */
export function timedObjects(history: History, options: ObjectsOptions): TimedObject[] {
  const { type, init = null } = options;
  refuseType(type);
  const columns = columnsOf(history);
  const times = clock(history);
  const isStore = type === "kv" || (type === undefined && columns.functions.includes("get"));
  return viewsOf(columns, vocabulary, init, () => "").map((view) => {
    const isClear = !isStore || settleMissing(view);
    return { ...view, ...timesOf(view, times, columns), isClear };
  });
}

/** Per position of an event its time; where a recorder's clock went back, that of the event before. */
function clock({ events }: History): Float64Array {
  const times = new Float64Array(events.length);
  let latest = Number.NEGATIVE_INFINITY;
  for (const [position, { time }] of events.entries()) {
    times[position] = latest = Math.max(latest, time);
  }
  return times;
}

function timesOf(
  { invoked, ids }: NamedView,
  times: Float64Array,
  { completed, completedAt }: Columns,
): { invokedAt: Float64Array; completedAt: Float64Array } {
  return {
    invokedAt: Float64Array.from(invoked, (position) => times[position]!),
    completedAt: Float64Array.from(ids, (id) =>
      completedAt[id] === Number.POSITIVE_INFINITY
        ? Number.POSITIVE_INFINITY
        : times[completed[id]!]!,
    ),
  };
}

/**
 * A get of a missing key may answer "". Where only one of null and "" can have been there, it meant
 * that; where nobody was answered null, the two are one value. False where neither helps.
 */
function settleMissing(view: NamedView): boolean {
  const { size, f, input, output, values } = view;
  const empty = values.find("");
  if (empty === undefined) return true;
  const isThere = (value: number): boolean =>
    view.init === value || input.some((written, i) => f[i] === 1 && written === value);
  const isAnswered = (value: number): boolean =>
    output.some((answer, i) => f[i] === 0 && answer === value);
  if (!isAnswered(empty) || !isThere(NULL_ID)) return true;
  if (!isThere(empty)) {
    for (let i = 0; i < size; i++) if (f[i] === 0 && output[i] === empty) output[i] = NULL_ID;
    return true;
  }
  if (isAnswered(NULL_ID)) return false;
  if (view.init === NULL_ID) view.init = empty;
  for (let i = 0; i < size; i++) if (f[i] === 1 && input[i] === NULL_ID) input[i] = empty;
  return true;
}
