/**
 * Cycles among the transactions of a log: G0 and G1c, over data, processes and real time.
 *
 * Who polls a value depends on who sent it (wr); if asked for, who sent a value depends on who sent
 * the one before it in the log (ww). Anti-dependencies are left out, as in jepsen.tests.kafka: a
 * consumer is expected not to see the end of the log. Takes part: what must have committed. Decided
 * by the engine of transactions/graph. O(entries).
 */

import { outcomes, PENDING } from "../../histories/columns.js";
import type { Transactions } from "../../histories/transactions.js";
import { ValueTable } from "../../histories/values.js";
import { indexes, show } from "../describe.js";
import {
  type Cycle,
  type CycleEdge,
  type DependencyGraph,
  edgeKinds,
  GraphBuilder,
} from "../transactions/dependencies.js";
import { decideGraph } from "../transactions/graph/decide.js";
import { type Case, whose } from "./cases.js";
import { mustHaveCommitted, type Orders } from "./orders.js";
import type { LogHistory, LogTransaction, Partition } from "./partitions.js";

/** Why one transaction depends on another. */
interface Cause {
  partition: Partition;
  value: number;
  /** Of a ww edge: the value that follows. */
  next?: number;
}

export interface CycleOptions {
  /** Sends depend on the sends before them in the log. */
  ww: boolean;
}

export function cycleCases(history: LogHistory, orders: Orders, { ww }: CycleOptions): Case[] {
  const { transactions } = history;
  const causes: Cause[] = [];
  const graph = graphOf(history, orders, ww, causes);
  const decision = decideGraph(graph, { form: "ww-wr", order: "realtime" });
  if (decision.holds !== false) return [];
  return decision.cycles.map((cycle) => caseOf(cycle, transactions, causes));
}

function graphOf(
  { transactions }: LogHistory,
  orders: Orders,
  ww: boolean,
  causes: Cause[],
): DependencyGraph {
  const numbers = new Map(transactions.map((transaction, t) => [transaction, t]));
  const present = Uint8Array.from(transactions, (one) => (mustHaveCommitted(one) ? 1 : 0));
  const builder = new GraphBuilder(columnsOf(transactions), present);
  const link = (from: LogTransaction | undefined, to: number, kind: number, cause: Cause): void => {
    const source = from === undefined ? undefined : numbers.get(from);
    if (source === undefined || present[source] === 0 || source === to) return;
    builder.add(source, to, kind, causes.push(cause) - 1);
  };
  transactions.forEach(({ operation, polls }, t) => {
    if (operation.outcome !== "ok") return;
    for (const { partition, value } of polls) {
      link(partition.writers[value], t, edgeKinds.wr, { partition, value });
    }
  });
  if (ww) {
    for (const { partition, at } of orders.values()) {
      for (let index = 1; index < at.length; index++) {
        const [value, next] = [at[index - 1]![0]!.value, at[index]![0]!.value];
        const writer = partition.writers[next];
        const to = writer === undefined ? undefined : numbers.get(writer);
        if (to === undefined || present[to] === 0) continue;
        link(partition.writers[value], to, edgeKinds.ww, { partition, value, next });
      }
    }
  }
  return builder.seal();
}

/** Only what a graph needs to know of its transactions: when they were, and of which process. */
function columnsOf(transactions: readonly LogTransaction[]): Transactions {
  const operations = transactions.map(({ operation }) => operation);
  const last = operations.reduce(
    (max, { invoked, completed }) =>
      Math.max(max, invoked, Number.isFinite(completed) ? completed : 0),
    -1,
  );
  const none = new Int32Array(0);
  return {
    service: "list-append",
    size: operations.length,
    eventCount: last + 1,
    values: new ValueTable(),
    outcome: Uint8Array.from(operations, ({ outcome }) => outcomes[outcome]),
    process: Float64Array.from(operations, ({ process }) => process),
    invoked: Int32Array.from(operations, ({ invoked }) => invoked),
    completed: Int32Array.from(operations, ({ completed }) =>
      Number.isFinite(completed) ? completed : PENDING,
    ),
    invokedAt: Float64Array.from(operations, ({ invokedAt }) => invokedAt),
    completedAt: Float64Array.from(operations, ({ completedAt }) => completedAt),
    from: new Int32Array(operations.length + 1),
    kind: new Uint8Array(0),
    key: none,
    value: none,
    length: none,
    keys: none,
    chainStart: new Int32Array(1),
    chainElements: none,
    chainKey: none,
  };
}

function caseOf(
  { type, edges }: Cycle,
  transactions: readonly LogTransaction[],
  causes: readonly Cause[],
): Case {
  return {
    type,
    weight: -edges.length,
    tell: () => ({
      message: edges.map((edge) => spelled(edge, transactions, causes)).join(", "),
      ops: indexes(edges.map(({ from }) => transactions[from]!.operation)),
    }),
  };
}

function spelled(
  { from, to, kind, cause }: CycleEdge,
  transactions: readonly LogTransaction[],
  causes: readonly Cause[],
): string {
  const [one, other] = [transactions[from]!, transactions[to]!];
  const [before, after] = [told(one), told(other)];
  if (kind === edgeKinds.realtime) return `${before} completed before ${after} began`;
  if (kind === edgeKinds.process) return `${before} came before ${after}`;
  const { partition, value, next } = causes[cause]!;
  const sent = `${before} sent ${show(partition.values[value])} to key ${partition.name}`;
  return next === undefined
    ? `${sent}, which ${after} polled`
    : `${sent} just before ${after} sent ${show(partition.values[next])}`;
}

function told(transaction: LogTransaction): string {
  const { f, invoked } = transaction.operation;
  return `${whose(transaction)}'s ${f} (event ${invoked})`;
}
