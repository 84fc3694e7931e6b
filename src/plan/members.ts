/** Who makes up the cluster of a plan when its run begins. */

import { namedBy } from "./fault.js";
import type { Plan } from "./plan.js";

/** All nodes but those that join later. */
export function membersOf({ nodes, faults }: Pick<Plan, "nodes" | "faults">): string[] {
  const joining = new Set(
    faults.flatMap((fault) => (fault.kind === "join" ? [namedBy(fault.target)] : [])),
  );
  return nodes.filter((node) => !joining.has(node));
}
