/** From a verdict's anomaly back to the whole story of its object, for timelines and pages. */

import { type Columns, NO_KEY, operationAt, outcomes } from "../../histories/columns.js";
import type { HistoryEvent, Operation } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import type { Anomaly } from "../checker.js";
import { aliased } from "./explain/calls.js";
import { type Story, tellStory } from "./explain/story.js";
import { typeNamed } from "./types.js";

/** Operations of the object around the breaking return that a story shows. */
const SHOWN_MAX = 2_000;

/**
 * @param anomaly of a verdict on these columns, with `brokenAt`.
 * @param observations what nodes and the nemesis recorded, where it is at hand.
 */
export function retell(
  columns: Columns,
  anomaly: Anomaly,
  about: { type: string; init: Json; observations?: readonly HistoryEvent[] },
): Story {
  const { type: name, init, observations = [] } = about;
  const type = typeNamed(name);
  const position = anomaly.brokenAt ?? columns.eventCount;
  const story = anomaly.ops.map((invoked) => placeOf(columns, invoked));
  const key = columns.key[story[0]!]!;
  const operations = around(columns, key, position, story);
  const minimal = story.map((i) => operationAt(columns, i));
  const breaking =
    operations.find(({ completed, outcome }) => outcome === "ok" && completed === position) ??
    minimal.at(-1)!;
  const told = tellStory({
    type: name,
    key: key === NO_KEY ? undefined : columns.values.value(key),
    init,
    // Of a part, nothing is known of what was before it: orders and states are those of the story.
    operations: operations.length < SHOWN_MAX ? operations : minimal,
    breaking,
    anomaly,
    minimal: { operations: minimal, minimal: true },
    model: aliased(type.model, type),
    observations,
  });
  return { ...told, operations };
}

/** The operation that was invoked at a position: columns are in order of invocation. */
function placeOf({ invoked, size }: Columns, position: number): number {
  let [low, high] = [0, size - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (invoked[middle]! < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function around(
  columns: Columns,
  key: number,
  position: number,
  story: readonly number[],
): Operation[] {
  const chosen = new Set(story);
  const isShown = (i: number): boolean =>
    columns.key[i] === key && columns.outcome[i] !== outcomes.fail;
  const last = placeOf(columns, position);
  for (let i = last; i >= 0 && chosen.size < SHOWN_MAX; i--) if (isShown(i)) chosen.add(i);
  for (let i = last; i < columns.size && chosen.size < (SHOWN_MAX * 5) / 4; i++) {
    if (isShown(i)) chosen.add(i);
  }
  return [...chosen].sort((a, b) => a - b).map((i) => operationAt(columns, i));
}
