/** What the three logical clocks have in common: one stamp for each event of a node. */

import type { Json } from "../../src/base/json.js";

/** The stamp of an event, and what the calendar said, where that was asked. */
export type Reading = { stamp: Json; physicalMs?: number };

export interface LogicalClock {
  /** By how much a stamp may be ahead of the calendar, where there is such a promise. */
  readonly boundMs?: number;
  /** The stamp of an event at this node, such as the sending of a message. */
  tick(): Reading;
  /** The stamp of the receipt of a message; undefined where the message is refused for its stamp. */
  receive(stamp: Json): Reading | undefined;
  /** After a restart: the stamp of this node's last event. */
  restore(stamp: Json): void;
}
