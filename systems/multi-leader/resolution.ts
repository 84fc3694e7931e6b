/** How writes in conflict are settled: the one thing in which leaders differ. */

import type { Json, JsonObject } from "../../src/base/json.js";

/** What a leader holds of one key; durable and sent as it is. */
export type State = JsonObject;

export interface Change {
  type: string;
  value: Json;
  /** What the client has seen of the key, as a read had told it; null where it says nothing. */
  context: Json;
}

export interface Resolution {
  /** Functions that change a key, and what the answer to each says beyond that it was done. */
  readonly changes: { readonly [type: string]: (state: State) => JsonObject };
  /** A key after a change that this leader takes first. */
  change(state: State | undefined, change: Change): State;
  /** Of two states one that has what either has; the same in whatever order, however often. */
  merge(left: State, right: State): State;
  /** The answer to a read; undefined stands for a key that nobody wrote. */
  read(state: State | undefined): JsonObject;
  /** Told of every state that is met, of others and at a restart. */
  witness?(state: State): void;
  /** Whether the state says that there is nothing, and could be forgotten some day. */
  isTombstone?(state: State): boolean;
}
