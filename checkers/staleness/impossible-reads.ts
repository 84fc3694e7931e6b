/** Reads that no staleness explains: of a value never written, or written only later. O(n). */

import { effectsOf, firstOrigins, NEVER, NONE } from "../linearizability/algorithms/reads-from.js";
import type { ObjectView } from "../linearizability/view.js";

export interface ImpossibleRead {
  read: number;
  /** The first write of its value, when there is one. */
  write: number | undefined;
}

/** In order of invocation. */
export function impossibleReads(view: ObjectView): ImpossibleRead[] {
  const { size, completed, invoked } = view;
  const origins = firstOrigins(view, effectsOf(view)!);
  const found: ImpossibleRead[] = [];
  for (let read = 0; read < size; read++) {
    const write = origins[read]!;
    if (write === NONE || write === size) continue;
    if (write === NEVER) found.push({ read, write: undefined });
    else if (completed[read]! < invoked[write]!) found.push({ read, write });
  }
  return found;
}
