/**
 * A story as a drawing of plain characters: a lane for each process, and one for each kind of fault
 * that there was meanwhile.
 *
 *     process 0  |- T1: append x 1 -|
 *     process 1                      |- T2: r x = [] -|
 *     partition   |------------...
 */

import { faultLanes, type Labelled } from "../../explain/fault-lanes.js";
import { drawLanes } from "../../explain/lanes.js";
import { intervalsOf } from "./intervals.js";
import type { TransactionStory } from "./story.js";
import { microList } from "./text.js";

const LABEL_MAX = 44;

export function transactionTimeline(story: TransactionStory): string {
  const drawn = intervalsOf(story).map(({ role, ...interval }): Labelled => {
    const micros = microList(story.transactions, role.transaction, role.micros);
    return { ...interval, label: `${role.name}: ${micros.join(", ")}` };
  });
  const items = [...drawn, ...faultLanes(story.observations, drawn)];
  return drawLanes(items, {
    labelOf: ({ label }) => label,
    labelMax: LABEL_MAX,
    noun: "transaction",
    lanesMax: 24,
  });
}
