/**
 * What may have caused an anomaly: the cut to try before any search.
 *
 * An operation that was invoked after the last one involved had ended, or that touched none of their
 * keys, mostly had no part in it; a fault that began later never had. The guesses go from bold to
 * careful, and none is trusted: each is run like any other candidate.
 */

import type { Operation } from "../../histories/index.js";
import type { Execution } from "../controller/index.js";
import type { Plan, PlannedOperation } from "../plan/plan.js";
import { anomaliesOf } from "../store/summary.js";
import { planned } from "./invocations.js";
import { keysOf } from "./operations.js";
import { TICK_US } from "./size.js";

/** The plan cut to the past of its first anomaly, smallest first. */
export function causalPast(execution: Execution): Plan[] {
  const { plan, history, results } = execution;
  const anomaly = anomaliesOf(results)[0]?.anomaly;
  if (anomaly === undefined) return [];
  const indexes = new Set(anomaly.ops);
  const involved = history.operations.filter(({ invoked }) => indexes.has(invoked));
  const seen = [...indexes, ...(anomaly.brokenAt === undefined ? [] : [anomaly.brokenAt])];
  const endsUs = [
    ...involved.map((operation) => endOf(operation, plan)),
    ...seen.map((index) => Math.ceil((history.events[index]?.time ?? 0) / 1000)),
  ];
  const lastUs = involved.some(({ final }) => final)
    ? Number.POSITIVE_INFINITY
    : Math.max(...endsUs);
  const before = { ...plan, faults: plan.faults.filter(({ atUs }) => atUs <= lastUs) };
  const past = invokedBy(lastUs, execution);
  const keys = new Set(involved.flatMap((o) => keysOf({ ...keyOf(o), f: o.f, value: o.input })));
  const named = new Set(involved.map((operation) => planned(execution).get(operation.id)));
  const guesses = [
    past.filter((operation) => named.has(operation)),
    past.filter((operation) => keysOf(operation).some((key) => keys.has(key))),
    past,
  ].map((operations) => ({ ...before, operations }));
  const sooner = Math.ceil((lastUs + 1) / TICK_US) * TICK_US;
  return guesses.flatMap((guess) =>
    sooner < plan.timeLimitUs ? [{ ...guess, timeLimitUs: sooner }, guess] : [guess],
  );
}

function keyOf({ key }: Operation): Partial<Operation> {
  return key === undefined ? {} : { key };
}

function endOf({ completedAt, invokedAt }: Operation, plan: Plan): number {
  if (Number.isFinite(completedAt)) return Math.ceil(completedAt / 1000);
  return Math.ceil(invokedAt / 1000) + plan.operationTimeoutUs;
}

function invokedBy(lastUs: number, execution: Execution): PlannedOperation[] {
  const byOperation = planned(execution);
  const past = new Set(
    execution.history.operations
      .filter(({ invokedAt }) => invokedAt / 1000 <= lastUs)
      .map(({ id }) => byOperation.get(id)),
  );
  return execution.plan.operations.filter((operation) => past.has(operation));
}
