/**
 * The events of a run of the machine from a complete order of its nodes: a write is issued at the last
 * moment before what follows it in its session, or before it reaches the memory. O(nodes).
 */

import { kinds } from "../accesses.js";
import type { MachineOrder } from "../decision.js";
import type { Problem } from "./problem.js";

export function machineOrderOf({ accesses, machine }: Problem, order: Int32Array): MachineOrder {
  const { size, session, starts, kind } = accesses;
  const events: number[] = [];
  const issued = starts.slice();
  for (const node of order) {
    if (node >= size) continue;
    const own = session[node]!;
    for (let access = issued[own]!; access <= node; access++) events.push(access * 2);
    issued[own] = Math.max(issued[own]!, node + 1);
    if (machine !== "sequential" && kind[node] === kinds.write) events.push(node * 2 + 1);
  }
  return Int32Array.from(events);
}
