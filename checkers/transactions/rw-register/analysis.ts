/**
 * Everything that is judged about transactions on registers: their dependency graph, in which
 * orders of versions stay open where writes are blind, the anomalies that reads show by themselves,
 * and the rules of the models between read-committed and snapshot isolation.
 */

import type { Transactions } from "../../../histories/transactions.js";
import type { Analysis } from "../findings.js";
import { findAnomalies } from "./anomalies.js";
import { judgeCursors } from "./cursors.js";
import { graphOf } from "./graph.js";
import { knownOrder, type OrderSources } from "./key-orders.js";
import { readingsOf } from "./readings.js";
import { stepOf } from "./steps.js";
import { indexVersions } from "./versions.js";
import { judgeVisibility } from "./visibility.js";

export { type Assumption, assumptions } from "./key-orders.js";

/**
 * O(micro-operations), but for what is assumed or claimed, and without the answers to later
 * questions.
 */
export function analyseRegisters(transactions: Transactions, sources: OrderSources = {}): Analysis {
  const versions = indexVersions(transactions);
  const readings = readingsOf(versions);
  const found = findAnomalies(versions);
  const known = knownOrder(versions, sources, found);
  const graph = graphOf(versions, readings, known);
  const { findings, counts } = found;
  return {
    ...{ service: "rw-register", transactions, graph, findings, counts },
    visibility: (level, steps) => judgeVisibility(versions, readings, graph, { level, steps }),
    cursor: () => judgeCursors(versions, readings, known),
    step: (edge) => stepOf(versions, edge),
  };
}
