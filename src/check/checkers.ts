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
export function calledFor({ functions }: Columns): string | undefined {
  return functions.flatMap((f) => (Object.hasOwn(CALLED_FOR, f) ? [CALLED_FOR[f]!] : [])).at(0);
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
