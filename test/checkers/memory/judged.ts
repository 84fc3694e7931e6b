/** What the checkers say of a history of the notation, where every key starts with 0. */

import type { Validity, Verdict } from "../../../checkers/checker.js";
import { models } from "../../../checkers/index.js";
import { sessionSet } from "../../../checkers/memory/models.js";
import type { History } from "../../../histories/history.js";
import { INIT } from "./notation.js";
import type { Guarantee, Reading } from "./oracle/sessions.js";

/** `stepsMax` where a budget is wanted that is spent soon. */
export function verdictOf(model: string, history: History, stepsMax?: number): Verdict {
  const known = models.get(model);
  if (known === undefined) throw new Error(`no checker of ${model}`);
  return known
    .checker({ init: INIT, ...(stepsMax === undefined ? {} : { stepsMax }) })
    .check(history);
}

export function isValid(model: string, history: History, stepsMax?: number): Validity {
  return verdictOf(model, history, stepsMax).valid;
}

export function isValidSet(
  set: readonly Guarantee[],
  reading: Reading | undefined,
  history: History,
): Validity {
  return sessionSet(set, reading).checker({ init: INIT }).check(history).valid;
}
