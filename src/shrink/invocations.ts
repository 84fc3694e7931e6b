/** Planned operations and what became of them in a run. */

import type { Execution } from "../controller/index.js";
import type { Plan, PlannedOperation } from "../plan/plan.js";

/** Which planned operation became which of the history: each client invokes its own in their order. */
export function planned({ plan, history }: Execution): Map<number, PlannedOperation> {
  const queues = Array.from({ length: plan.clients }, (_, client) =>
    plan.operations.filter((operation) => operation.client === client),
  );
  const next = queues.map(() => 0);
  const result = new Map<number, PlannedOperation>();
  for (const { id, process, final } of history.operations) {
    if (final) continue;
    const client = process % plan.clients;
    const operation = queues[client]?.[next[client] as number];
    next[client] = (next[client] as number) + 1;
    if (operation !== undefined) result.set(id, operation);
  }
  return result;
}

/**
 * The plan with every operation at the time when it was really invoked: one that waited for those
 * before it then does not come sooner when they are taken away.
 */
export function pinned(execution: Execution): Plan {
  const { plan, history } = execution;
  const byOperation = planned(execution);
  const invokedUs = new Map<number, number>();
  for (const { id, invokedAt } of history.operations) {
    const operation = byOperation.get(id);
    if (operation !== undefined) invokedUs.set(operation.id, Math.floor(invokedAt / 1000));
  }
  const lastUs = plan.timeLimitUs + (plan.recovery?.withinUs ?? 0);
  const atUs = ({ id, atUs: asPlanned }: PlannedOperation): number =>
    Math.min(invokedUs.get(id) ?? asPlanned, lastUs);
  return {
    ...plan,
    operations: plan.operations.map((operation) => ({ ...operation, atUs: atUs(operation) })),
  };
}
