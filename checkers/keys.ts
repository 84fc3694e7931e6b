/** Operations by key: most properties hold or fail key by key. */

import type { Operation } from "../histories/history.js";
import { canonical, type Json } from "../src/base/json.js";

export interface KeyedOperations {
  /** Undefined for operations without a key. */
  key: Json | undefined;
  /** In order of invocation. */
  operations: Operation[];
}

/** Keys in order of first use. O(operations). */
export function byKey(operations: Iterable<Operation>): KeyedOperations[] {
  const groups = new Map<string, KeyedOperations>();
  for (const operation of operations) {
    const name = operation.key === undefined ? "" : canonical(operation.key);
    const group = groups.get(name);
    if (group !== undefined) group.operations.push(operation);
    else groups.set(name, { key: operation.key, operations: [operation] });
  }
  return [...groups.values()];
}
