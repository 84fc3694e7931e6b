/**
 * What is wrong with an instance, by the name that its smallest part has among litmus tests: the
 * instance alone, as a history, put to the checker of its memory model.
 */

import { type History, toHistory } from "../../../histories/index.js";
import { findModel } from "../../models.js";
import type { LitmusModel, LitmusTest } from "../program.js";
import type { Instance } from "./instance.js";
import { placeOf } from "./steps.js";

/** Undefined where that checker sees nothing wrong: it does not know what is read in the end. */
export function shapeOfInstance(
  history: History,
  test: LitmusTest,
  { number, sessions }: Instance,
  model: LitmusModel,
): string | undefined {
  const processes = new Set<number | string>(sessions.map(({ process }) => process));
  const own = history.events.filter(
    ({ process, f, key }) =>
      processes.has(process) && (f === "fence" || placeOf(test, key)?.instance === number),
  );
  const alone = toHistory(own.map((event, index) => ({ ...event, index })));
  return findModel(model)?.checker().check(alone).anomalies[0]?.type;
}
