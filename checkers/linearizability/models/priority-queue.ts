/**
 * A priority queue of numbers: insert, delete-min and find-min, or delete-max and find-max. An empty
 * one answers null. Equal numbers may be in it several times. A pending delete takes whatever comes
 * first when it takes effect.
 */

import { canonical, type Json } from "../../../src/base/json.js";
import type { Call, Model } from "../model.js";

const INSERTS: readonly string[] = ["insert", "add", "offer"];

/** In order of priority. */
type Elements = readonly number[];

function priorityQueue(name: string, order: "min" | "max"): Model<Elements> {
  const finds = [`find-${order}`, "peek", order];
  const precedes = (a: number, b: number): boolean => (order === "min" ? a < b : a > b);
  const isInsert = ({ f }: Pick<Call, "f">): boolean => INSERTS.includes(f);
  const looksOnly = ({ f }: Pick<Call, "f">): boolean => finds.includes(f);
  return {
    name,
    init: (init) => {
      const elements = Array.isArray(init) ? init.filter(isNumber) : [];
      return elements.sort((a, b) => (precedes(a, b) ? -1 : precedes(b, a) ? 1 : 0));
    },
    step(state, call) {
      if (isInsert(call)) {
        if (!isNumber(call.input)) return undefined;
        const element = call.input;
        const found = state.findIndex((other) => precedes(element, other));
        const place = found === -1 ? state.length : found;
        return [...state.slice(0, place), element, ...state.slice(place)];
      }
      if (!call.pending && call.output !== (state[0] ?? null)) return undefined;
      return looksOnly(call) ? state : state.slice(1);
    },
    key: (state) => state.join(" "),
    role: (call) => {
      if (isInsert(call)) return "blind";
      return looksOnly(call) || (!call.pending && call.output === null) ? "read" : "update";
    },
    label: (call) => {
      if (isInsert(call)) return `insert ${canonical(call.input)}`;
      const answer = call.pending ? "anything" : canonical(call.output);
      return `${looksOnly(call) ? "find" : "delete"} ${answer}`;
    },
    foresee: (calls) => {
      // A pending insert of what no completed operation saw only stands in the way.
      const seen = new Map<Json, number>();
      for (const call of calls) {
        if (isInsert(call) || call.pending) continue;
        seen.set(call.output, Math.max(seen.get(call.output) ?? -1, call.completed));
      }
      return {
        dead: [Number.NaN],
        lastObserved: () => Number.POSITIVE_INFINITY,
        lastUseful: (call) =>
          isInsert(call) ? (seen.get(call.input) ?? -1) : Number.POSITIVE_INFINITY,
      };
    },
  };
}

function isNumber(value: Json): value is number {
  return typeof value === "number";
}

export const minPriorityQueue = priorityQueue("priority-queue", "min");
export const maxPriorityQueue = priorityQueue("max-priority-queue", "max");
