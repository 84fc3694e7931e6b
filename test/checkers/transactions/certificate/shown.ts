/** Everything that the checkers find in a history, ready to be certified and explained. */

import type { Shown } from "../../../../checkers/transactions/certificate/candidates.js";
import { stepTreeOf } from "../../../../checkers/transactions/certificate/step-tree.js";
import type {
  Criterion,
  CycleForm,
  RelationOrder,
} from "../../../../checkers/transactions/dependencies.js";
import type { Finding } from "../../../../checkers/transactions/findings.js";
import { solveGraph } from "../../../../checkers/transactions/solver/solve.js";
import { analyse } from "../../../../checkers/transactions/transactional.js";
import type { HistoryEvent } from "../../../../histories/history.js";
import { toHistory } from "../../../../histories/pairing.js";
import type { Transactions } from "../../../../histories/transactions.js";
import { transactionsOf } from "../../../../histories/transactions-builder.js";

export interface Found {
  transactions: Transactions;
  shown: Shown[];
}

const STEPS = 1_000_000;

export function foundIn(
  events: readonly HistoryEvent[],
  form: CycleForm = "any",
  order: RelationOrder = "realtime",
): Found {
  const transactions = transactionsOf(toHistory(events));
  const analysis = analyse(transactions);
  const decision = solveGraph(analysis.graph, { form, order }, { stepsMax: STEPS });
  const cycles = decision.holds === false ? decision.cycles : [];
  const contradiction = decision.holds === false ? decision.contradiction : undefined;
  const told = contradiction === undefined ? cycles : cycles.slice(0, 1);
  const shown: Shown[] = told.map((cycle) => ({
    type: cycle.type,
    tree: stepTreeOf(analysis, cycle, contradiction),
  }));
  const levels = ["monotonic-atomic-view", "read-atomic", "causal"] as const;
  const local = [...levels.map((level) => analysis.visibility(level, STEPS)), analysis.cursor()];
  const findings: Finding[] = [
    ...analysis.findings,
    ...local.flatMap((answer) => (typeof answer === "object" ? answer : [])),
  ];
  const seen = new Set<string>();
  for (const finding of findings) {
    const place = `${finding.type} ${finding.transactions} ${finding.key} ${finding.values}`;
    if (!seen.has(place)) shown.push({ type: finding.type, finding });
    seen.add(place);
  }
  return { transactions, shown };
}

/** The types of what is found. */
export function judgeFor({
  form,
  order,
}: Criterion): (events: readonly HistoryEvent[]) => string[] {
  return (events) => foundIn(events, form, order).shown.map(({ type }) => type);
}
