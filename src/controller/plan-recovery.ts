/** The second phase of a plan: which nodes are kept healthy, and what is asked of them. */

import type { System } from "../../systems/index.js";
import type { Plan } from "../plan/plan.js";
import type { Streams } from "../random/streams.js";

/** A plan with its second phase, where the system says what suffices to recover. */
export function withRecovery(plan: Plan, _system: System, _streams: Streams): Plan {
  return plan;
}
