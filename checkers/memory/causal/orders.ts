/**
 * Orders of each key's writes that the store told: as arcs, and held against session order alone.
 */

import type { Accesses, KeyOrders } from "../accesses.js";
import type { Violation } from "../decision.js";
import { Arcs } from "./arcs.js";

/** Each write to the next of its key. */
export function orderArcs(accesses: Accesses, orders: KeyOrders): Arcs {
  const arcs = new Arcs();
  for (let x = 0; x < accesses.keys; x++) {
    const order = orders[x] ?? [];
    for (let i = 1; i < order.length; i++) arcs.push(order[i - 1]!, order[i]!, "overwrites");
  }
  return arcs;
}

/** Two writes of a session that the order of their key has the other way round. O(writes). */
export function orderViolation(accesses: Accesses, orders: KeyOrders): Violation | undefined {
  const place = new Int32Array(accesses.size).fill(-1);
  for (const order of orders) order.forEach((write, i) => void (place[write] = i));
  const latest = new Int32Array(accesses.keys);
  for (let s = 0; s < accesses.sessions; s++) {
    latest.fill(-1);
    for (let a = accesses.starts[s]!; a < accesses.starts[s + 1]!; a++) {
      if (place[a]! < 0) continue;
      const before = latest[accesses.key[a]!]!;
      if (before >= 0 && place[before]! > place[a]!) {
        return {
          type: "version-order-violation",
          path: [
            { from: before, to: a, relation: "session" },
            { from: a, to: before, relation: "overwrites" },
          ],
          accesses: [before, a],
        };
      }
      latest[accesses.key[a]!] = a;
    }
  }
  return undefined;
}
