/** Operations as shrinking sees them: which keys they touch, and edits that keep values unique. */

import { canonical, type Json } from "../base/json.js";
import type { Plan, PlannedOperation } from "../plan/plan.js";

/** What an operation may touch; the part of a history's event that says it, too. */
type Touching = { key?: Json; f: string; value: Json };

/** The keys that an operation names, as text; none where the service is one object. */
export function keysOf({ key, f, value }: Touching): string[] {
  if (key !== undefined) return [canonical(key)];
  if (f !== "txn" || !Array.isArray(value)) return [];
  const keys = value.flatMap((micro) => (Array.isArray(micro) ? [canonical(micro[1])] : []));
  return [...new Set(keys)];
}

/** In the order of their times, as plans have them: a client invokes its own in the order given. */
export function onlyOperations(plan: Plan, operations: readonly PlannedOperation[]): Plan {
  return { ...plan, operations: [...operations].sort((a, b) => a.atUs - b.atUs) };
}

/** One operation replaced by another form of it. */
export function withOperation(plan: Plan, changed: PlannedOperation): Plan {
  const { operations } = plan;
  return onlyOperations(
    plan,
    operations.map((operation) => (operation.id === changed.id ? changed : operation)),
  );
}

/** The operation without each of its micro-operations in turn, where it is a transaction of several. */
export function smallerTransactions(operation: PlannedOperation): PlannedOperation[] {
  const { f, value } = operation;
  if (f !== "txn" || !Array.isArray(value) || value.length < 2) return [];
  return value.map((_, i) => ({ ...operation, value: value.filter((_micro, j) => j !== i) }));
}

/** All operations of one key on another; undefined where two would then write the same. */
export function mergeKeys(plan: Plan, from: string, to: string): Plan | undefined {
  const target = plan.operations.find((operation) => keysOf(operation)[0] === to)?.key;
  const moved = plan.operations.filter((operation) => operation.key !== undefined);
  if (target === undefined || moved.length < plan.operations.length) return undefined;
  const written = (key: string): string[] =>
    plan.operations
      .filter((operation) => operation.value !== null && keysOf(operation)[0] === key)
      .flatMap(({ value }) => (Array.isArray(value) ? value.map(canonical) : [canonical(value)]));
  const there = new Set(written(to));
  if (written(from).some((value) => there.has(value))) return undefined;
  return onlyOperations(
    plan,
    plan.operations.map((operation) =>
      keysOf(operation)[0] === from ? { ...operation, key: target } : operation,
    ),
  );
}

/** Clients renumbered from 0 in the order of `clients`; operations keep their ids. */
export function renumberClients(plan: Plan, clients: readonly number[]): Plan {
  const ordinals = new Map(clients.map((client, i) => [client, i]));
  return {
    ...plan,
    clients: Math.max(1, clients.length),
    operations: plan.operations.map((operation) => ({
      ...operation,
      client: ordinals.get(operation.client) ?? operation.client,
    })),
  };
}

/** All operations of one client invoked by another, in the order of their times. */
export function mergeClients(plan: Plan, from: number, to: number): Plan {
  return onlyOperations(
    plan,
    plan.operations.map((operation) =>
      operation.client === from ? { ...operation, client: to } : operation,
    ),
  );
}
