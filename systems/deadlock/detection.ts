/** What every way to find deadlocks has in common. */

import type { JsonObject } from "../../src/base/json.js";
import type { Edge } from "./messages.js";

export interface Detection {
  start(): void;
  /** A transaction has begun to wait at a lock of this node. */
  onWait(edge: Edge): void;
  /** A message of its own; undefined when there is no answer. */
  receive(src: string, body: JsonObject): JsonObject | undefined;
}
