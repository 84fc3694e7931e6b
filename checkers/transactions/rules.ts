/**
 * What each transactional model demands, in terms of what can be decided: which orders must have no
 * cycle of which form, and which rules reads must keep. What anomalies without a cycle it forbids is
 * in the lattice. Definitions: docs/transactions.md.
 */

import type { CycleForm, RelationOrder } from "./dependencies.js";
import type { VisibilityLevel } from "./findings.js";

export interface Rule {
  /** What must be acyclic, and whether sessions or real time count as dependencies. */
  form: CycleForm;
  order: RelationOrder;
  /** How whole the effects of others must be seen. */
  visibility?: VisibilityLevel;
  /** Nothing may come between a transaction's read of a key and its write of it. */
  cursor?: true;
}

const inEveryOrder = (stem: string, form: CycleForm): [string, Rule][] => [
  [stem, { form, order: "data" }],
  [`strong-session-${stem}`, { form, order: "process" }],
  [stem === "serializable" ? "strict-serializable" : `strong-${stem}`, { form, order: "realtime" }],
];

/** The models that are decided; all others follow from them, or stay open. Weakest first. */
export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...inEveryOrder("read-uncommitted", "ww"),
  ...inEveryOrder("read-committed", "ww-wr"),
  ["monotonic-atomic-view", visible("monotonic-atomic-view")],
  ["read-atomic", visible("read-atomic")],
  ["update-atomic", visible("read-atomic")],
  ["causal-cerone", visible("causal")],
  ["cursor-stability", { form: "ww-wr", order: "data", cursor: true }],
  ["consistent-view", { form: "one-rw", order: "data" }],
  ["parallel-snapshot-isolation", { form: "one-rw", order: "data" }],
  ["prefix", { form: "prefix", order: "data" }],
  ...inEveryOrder("snapshot-isolation", "snapshot"),
  ["repeatable-read", { form: "any", order: "data" }],
  ...inEveryOrder("serializable", "any"),
]);

function visible(visibility: VisibilityLevel): Rule {
  return { form: "ww-wr", order: "data", visibility };
}
