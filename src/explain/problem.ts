/** What went wrong: the first anomaly, when it was beyond repair, and who is involved. */

import type { System } from "../../systems/index.js";
import type { Execution } from "../controller/index.js";
import { anomaliesOf, groupOf, signatureOf } from "../store/summary.js";
import type { Problem } from "./explanation.js";
import { brokenAt, judgeNamed } from "./judges.js";

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
  const last = broken ?? history.events.length - 1;
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
  };
}
