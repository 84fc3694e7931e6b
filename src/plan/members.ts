/** Who makes up the cluster of a plan when its run begins. */

import { type Fault, namedBy } from "./fault.js";

/** All nodes but those that join later. */
export function membersOf(plan: {
  readonly nodes: readonly string[];
  readonly faults: readonly Fault[];
}): string[] {
  const joining = new Set(
    plan.faults.flatMap((fault) => (fault.kind === "join" ? [namedBy(fault.target)] : [])),
  );
  return plan.nodes.filter((node) => !joining.has(node));
}
