/**
 * What a list-append history shows: version orders, dependencies, and the anomalies that are no
 * cycles. Inference after Kingsbury and Alvaro ("Elle", VLDB 2020); what is different is that
 * elements nobody appended are a verdict, ties between lists are broken by rule, and that the
 * visibility of whole transactions is decided.
 *
 * O(micro-operations + elements of chains): each list that was read is compared by its chain.
 */

import type { Transactions } from "../../../histories/transactions.js";
import { Collector } from "../collector.js";
import type { Analysis, Finding } from "../findings.js";
import { judgeClaims } from "./cursors.js";
import { findDisagreements } from "./disagreements.js";
import { dependencies } from "./edges.js";
import { findOwnEffects } from "./own-effects.js";
import { Proofs } from "./proofs.js";
import { findInSingleReads } from "./single-reads.js";
import { agreedGraph } from "./ties.js";
import { findInUpdates } from "./updates.js";
import { orderVersions } from "./version-orders.js";
import { Visibility } from "./visibility.js";

/** In the order in which findings are told: the worst first. */
export const FINDING_TYPES = [
  "garbage-read",
  "duplicate-elements",
  "incompatible-order",
  "G1a",
  "G1b",
  "dirty-update",
  "future-read",
  "internal",
  "lost-update",
  "G-cursor",
] as const;

/** Those that already tell that a history is not read-committed. */
const UNCOMMITTED = new Set<string>(FINDING_TYPES.slice(0, FINDING_TYPES.indexOf("internal")));

export function analyseListAppend(transactions: Transactions): Analysis {
  const orders = orderVersions(transactions);
  const proofs = new Proofs(orders);
  const collector = new Collector(FINDING_TYPES);
  findInSingleReads(orders, collector);
  findDisagreements(proofs, collector);
  findOwnEffects(orders, collector);
  const claims = findInUpdates(orders, collector);
  const { findings, counts } = collector;
  const graph = agreedGraph(orders, dependencies(orders));
  const visibility = new Visibility(
    proofs,
    graph,
    !Object.keys(counts).some((type) => UNCOMMITTED.has(type)),
  );
  return {
    ...{ service: "list-append", transactions, graph, findings, counts },
    visibility: (level, steps) => visibility.check(level, steps),
    cursor: () => {
      const known = findings.filter(({ type }) => type === "G-cursor");
      const found: Finding[] = [...known, ...judgeClaims(orders, graph, claims)];
      return found.length === 0 ? true : found;
    },
    step: (edge) => proofs.step(edge),
  };
}
