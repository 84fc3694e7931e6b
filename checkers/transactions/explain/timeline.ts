/**
 * A story as a drawing of plain characters: a lane for each process, and one for each kind of fault
 * that there was meanwhile.
 *
 *     process 0  |- T1: append x 1 -|
 *     process 1                      |- T2: r x = [] -|
 *     partition   |------------...
 */

import { faultsIn } from "../../explain/faults.js";
import { drawLanes } from "../../explain/lanes.js";
import type { Interval } from "../../explain/layout.js";
import { intervalsOf } from "./intervals.js";
import type { TransactionStory } from "./story.js";
import { microList } from "./text.js";

const LABEL_MAX = 44;
const FAULTS_MAX = 6;

interface Labelled extends Interval {
  label: string;
}

export function transactionTimeline(story: TransactionStory): string {
  const drawn = intervalsOf(story).map(({ role, ...interval }): Labelled => {
    const micros = microList(story.transactions, role.transaction, role.micros);
    return { ...interval, label: `${role.name}: ${micros.join(", ")}` };
  });
  const ends = drawn
    .flatMap(({ invoked, completed }) => [invoked, completed])
    .filter(Number.isFinite);
  const items = [...drawn, ...faultLanes(story, Math.min(...ends), Math.max(...ends))];
  return drawLanes(items, {
    labelOf: ({ label }) => label,
    labelMax: LABEL_MAX,
    noun: "transaction",
    lanesMax: 24,
  });
}

/** Windows that touch a span of positions; two of a kind that overlap have a lane each. */
function faultLanes({ observations }: TransactionStory, first: number, last: number): Labelled[] {
  const { windows } = faultsIn(observations);
  const lanes = new Map<string, number>();
  return windows
    .filter(({ from, to = Number.POSITIVE_INFINITY }) => from <= last && to >= first)
    .slice(0, FAULTS_MAX)
    .map(({ kind, from, to = Number.POSITIVE_INFINITY }) => {
      let lane = kind;
      for (let i = 2; (lanes.get(lane) ?? -1) > from; i++) lane = `${kind} ${i}`;
      lanes.set(lane, to);
      return { process: lane, invoked: from, completed: to, label: kind };
    });
}
