/**
 * What is certain of the order of versions where several lists are the longest and disagree. The
 * first of them to be read stands for the order in findings; but whether dependencies go in a circle
 * must not hang on which of two readers was told first. Only what all of them begin with counts
 * there, and that all other appends come after it.
 *
 * O(edges + elements of chains), and only where there is such a key.
 */

import { type DependencyGraph, edgeKinds, GraphBuilder } from "../dependencies.js";
import { NOBODY, type VersionOrders, versionRead } from "./version-orders.js";

/** Not tied. */
const UNTIED = -1;

/** The graph without the ww and rw edges that only one of several longest lists shows. */
export function agreedGraph(orders: VersionOrders, graph: DependencyGraph): DependencyGraph {
  const limits = agreedVersions(orders);
  if (limits === undefined) return graph;
  const { transactions, present, start, target, kind, cause } = graph;
  const { numberOf } = orders;
  const isAgreed = (edge: number): boolean => {
    const micro = cause[edge]!;
    if (kind[edge] !== edgeKinds.ww && kind[edge] !== edgeKinds.rw) return true;
    const limit = limits[transactions.key[micro]!]!;
    if (limit === UNTIED) return true;
    const isWrite = kind[edge] === edgeKinds.ww;
    const number = isWrite ? numberOf[micro]! : versionRead(orders, micro) + 1;
    return number > 0 && number <= limit;
  };
  const builder = new GraphBuilder(transactions, present);
  while (builder.nodes < graph.nodes) builder.virtual();
  for (let from = 0; from < graph.nodes; from++) {
    for (let e = start[from]!; e < start[from + 1]!; e++) {
      if (isAgreed(e)) builder.add(from, target[e]!, kind[e]!, cause[e]!);
    }
  }
  addFollowers(orders, limits, builder);
  return builder.seal(graph.open);
}

/** The last version that all longest lists agree on comes before every later one. */
function addFollowers(orders: VersionOrders, limits: Int32Array, builder: GraphBuilder): void {
  const { versions, start, known, unread, transactionOf } = orders;
  for (let key = 0; key < limits.length; key++) {
    const limit = limits[key]!;
    if (limit <= 0) continue;
    const last = transactionOf[versions[start[key]! + limit - 1]!]!;
    const end = start[key]! + known[key]! + unread[key]!;
    for (let at = start[key]! + limit; at < end; at++) {
      const append = versions[at]!;
      builder.add(last, transactionOf[append]!, edgeKinds.ww, append);
    }
  }
}

/** By key: how many versions all longest lists begin with, or UNTIED; undefined without a tie. */
function agreedVersions(orders: VersionOrders): Int32Array | undefined {
  const { transactions, contested, mainChain, appendOf, numberOf } = orders;
  const { chainKey, chainStart, chainElements } = transactions;
  let limits: Int32Array | undefined;
  for (let chain = 0; chain < chainKey.length; chain++) {
    const key = chainKey[chain]!;
    if (contested[key] === 0 || chain === mainChain[key]) continue;
    const main = chainStart[mainChain[key]!]!;
    const other = chainStart[chain]!;
    const length = chainStart[chain + 1]! - other;
    if (length !== chainStart[mainChain[key]! + 1]! - main) continue;
    let number = 0;
    for (let at = 0; at < length && chainElements[main + at] === chainElements[other + at]; at++) {
      const append = appendOf[main + at]!;
      if (append !== NOBODY) number = Math.max(number, numberOf[append]!);
    }
    limits ??= new Int32Array(contested.length).fill(UNTIED);
    limits[key] = limits[key] === UNTIED ? number : Math.min(limits[key]!, number);
  }
  return limits;
}
