/** What went wrong: the first anomaly, when it was beyond repair, and who is involved. */

import type { HistoryEvent } from "../../histories/index.js";
import type { System } from "../../systems/index.js";
import type { Execution } from "../controller/index.js";
import { anomaliesOf, groupOf, signatureOf } from "../store/summary.js";
import type { Observation, Problem } from "./explanation.js";
import { brokenAt, judgeNamed } from "./judges.js";
import { shown } from "./words.js";

/** Undefined when the run does not fail. */
export function problemOf(execution: Execution, system: System | undefined): Problem | undefined {
  const { results, plan, history } = execution;
  const signature = signatureOf(results, plan.workload);
  const first = anomaliesOf(results)[0];
  if (signature === null || first === undefined) return undefined;
  const { checker, anomaly } = first;
  const involved = new Set(anomaly.ops);
  const judge = judgeNamed(checker, plan, system);
  const broken = judge === undefined ? undefined : brokenAt(judge, history);
  // Where the checker cannot be asked again, it is over when the last one involved is.
  const ends = history.operations
    .filter(({ invoked }) => involved.has(invoked))
    .map(({ invoked, completed }) => (Number.isFinite(completed) ? completed : invoked));
  const over = anomaly.ops.length > 0 ? Math.max(...anomaly.ops, ...ends) : undefined;
  const last = broken ?? over ?? history.events.length - 1;
  return {
    signature,
    group: groupOf(signature, plan),
    checker,
    type: anomaly.type,
    message: anomaly.message,
    atUs: Math.floor((history.events[last]?.time ?? 0) / 1000),
    operations: history.operations
      .filter(({ invoked }) => involved.has(invoked))
      .map(({ id }) => id),
    observations: history.observations
      .filter(({ index }) => involved.has(index))
      .map(observationOf),
  };
}

/** What a node recorded of itself. */
export function observationOf({ process, f, value, time }: HistoryEvent): Observation {
  const text = value === null ? f : `${f} ${shown(value)}`;
  return { timeUs: Math.floor(time / 1000), node: String(process), text };
}
