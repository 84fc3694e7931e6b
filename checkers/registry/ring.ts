/** The ring that nodes say they form: each observes `ring` with `{id, successor}`, the last time counts. */

import type { History, HistoryEvent } from "../../histories/history.js";
import { isJsonObject } from "../../src/base/json.js";

interface Place {
  id: number;
  successor: string;
  event: HistoryEvent;
}

/** Why the nodes' successors are no single ring in the order of their ids; undefined where they are. */
export function brokenRing({ observations }: History): { why: string; ops: number[] } | undefined {
  const places = new Map<string, Place>();
  for (const event of observations) {
    const { process, f, value } = event;
    if (f !== "ring" || typeof process !== "string" || !isJsonObject(value)) continue;
    const { id, successor } = value;
    if (typeof id !== "number" || typeof successor !== "string") continue;
    places.set(process, { id, successor, event });
  }
  const order = [...places].sort(([, a], [, b]) => a.id - b.id);
  for (const [i, [node, { successor, event }]] of order.entries()) {
    const [next = node] = order[(i + 1) % order.length] ?? [];
    if (successor === next) continue;
    return {
      why: `${node} takes ${successor} for its successor, though it is followed by ${next}`,
      ops: [event.index],
    };
  }
  return undefined;
}
