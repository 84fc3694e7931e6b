/**
 * A strategy: how a campaign looks for trouble. It makes the faults of a run from those that the
 * nemeses drew, as pure data; it never touches a world.
 */

import type { Topology } from "../nemeses/nemesis.js";
import type { FaultDraft } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";

export interface Strategy {
  name: string;
  summary: string;
  /** What happens in the run in place of what the nemeses drew; `drawn` itself for plain chance. */
  faults(random: Random, topology: Topology, drawn: readonly FaultDraft[]): readonly FaultDraft[];
  /** True when a campaign feeds what its runs reached back into further plans. */
  guided?: boolean;
}
