/**
 * Whether the unread appends can be put in an order in which everybody who read a key's last version
 * and then appended comes next. At most one transaction per key claims that place (updates.ts
 * reports the others), so all are granted at once, as ww dependencies; a cycle of these with the
 * other ww and wr dependencies shows which claims cannot be kept. O(nodes + edges).
 */

import { type DependencyGraph, edgeKinds, GraphBuilder } from "../dependencies.js";
import type { Finding } from "../findings.js";
import { decideGraph } from "../graph/decide.js";
import { unreadAppendOf, unreadWriters } from "./edges.js";
import { type ClaimedNext, cursorFinding } from "./updates.js";
import type { VersionOrders } from "./version-orders.js";

export function judgeClaims(
  orders: VersionOrders,
  graph: DependencyGraph,
  claims: ClaimedNext,
): Finding[] {
  const builder = GraphBuilder.extending(graph);
  const { ww } = edgeKinds;
  const granted = new Set<number>();
  for (const read of claims) {
    const t = orders.transactionOf[read]!;
    for (const writer of unreadWriters(orders, orders.transactions.key[read]!)) {
      if (writer === t) continue;
      builder.add(t, writer, ww, read);
      granted.add(read);
    }
  }
  if (granted.size === 0) return [];
  const decision = decideGraph(builder.seal(), { form: "ww-wr", order: "data" });
  if (decision.holds !== false) return [];
  return decision.cycles.flatMap(({ edges }) =>
    edges
      .filter(({ kind, cause }) => kind === ww && granted.has(cause))
      .map(({ cause, to }) => {
        const key = orders.transactions.key[cause]!;
        return cursorFinding(orders, cause, unreadAppendOf(orders, key, to));
      }),
  );
}
