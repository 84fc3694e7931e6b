/** Histories of what nodes observed, for checkers that look at nothing else. */

import { type History, type HistoryEvent, toHistory } from "../../histories/index.js";
import type { Json } from "../../src/base/json.js";

export interface Observed {
  process: string;
  f: string;
  value: Json;
  timeMs?: number;
}

/** One after the other, a millisecond apart where no time is given. */
export function observed(events: readonly Observed[]): History {
  return toHistory(
    events.map(
      ({ timeMs, ...event }, index): HistoryEvent => ({
        index,
        time: (timeMs ?? index) * 1_000_000,
        type: "info",
        ...event,
      }),
    ),
  );
}
