/** From what nemeses and strategies would do, each on its own, to faults that a plan can have together. */

import { type Fault, type FaultDraft, namedBy } from "./fault.js";
import { membersOf } from "./members.js";

/** What of a plan the drafts are to stand in. */
interface Place {
  readonly nodes: readonly string[];
  readonly faults: readonly Fault[];
  readonly timeLimitUs: number;
}

/**
 * The drafts as further faults of a plan, numbered from `firstId` on. What cannot stand beside the
 * rest is left out, and its number stays free: what would begin when the first phase is over, who
 * joins a second time, and who joins last of all nodes, since then nobody was there before.
 */
export function asFaults(
  drafts: readonly FaultDraft[],
  { nodes, faults, timeLimitUs }: Place,
  firstId: number,
): Fault[] {
  const members = new Set(membersOf({ nodes, faults }));
  return drafts
    .map((draft, i): Fault => ({ id: firstId + i, ...draft }))
    .filter((fault) => {
      if (fault.atUs >= timeLimitUs) return false;
      if (fault.kind !== "join") return true;
      return members.size > 1 && members.delete(namedBy(fault.target));
    });
}
