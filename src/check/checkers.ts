/** Checkers in place of models: by name, or the one that a history's functions call for. */

import { type ConsistencyModel, checkers } from "../../checkers/index.js";
import type { Columns } from "../../histories/index.js";
import { lookUp } from "../base/names.js";

/** What no object of a model offers, and which checker knows what it means. */
const CALLED_FOR: { readonly [f: string]: string } = {
  transfer: "bank",
  send: "log",
  poll: "log",
  insert: "write-skew",
  drain: "total-queue",
};

/** The name of the checker that these operations are for; undefined where models judge them. */
export function calledFor(columns: Columns): string | undefined {
  const { functions } = columns;
  const names = functions.filter((f) => Object.hasOwn(CALLED_FOR, f) && !isOfObject(f, columns));
  return names.map((f) => CALLED_FOR[f]!).at(0);
}

/** Priority queues have insert, too, but not of pairs. */
function isOfObject(name: string, { functions, f, input, size, values }: Columns): boolean {
  if (name !== "insert") return false;
  for (let i = 0; i < size; i++) {
    if (functions[f[i]!] === name) return !values.isList(input[i]!);
  }
  return true;
}

/** A checker of the list, to be asked like a model. @throws UsageError for a name that is none. */
export function asModel(name: string): ConsistencyModel {
  const checker = lookUp("checker", name, checkers);
  return {
    name,
    summary: checker.summary,
    checker: ({ init, stepsMax } = {}) => ({
      ...checker,
      check: (history) =>
        checker.check(history, {
          ...(init === undefined ? {} : { init }),
          ...(stepsMax === undefined ? {} : { stepsMax }),
        }),
    }),
  };
}
