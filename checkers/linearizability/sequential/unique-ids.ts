/** A generator of unique ids, executed in place: it answers nothing twice. */

import { PENDING } from "../../../histories/columns.js";
import type { SequentialObject } from "../verify.js";
import type { ObjectView } from "../view.js";

export function uniqueIdsObject({ output, completed }: ObjectView): SequentialObject {
  const answered = new Set<number>();
  return {
    execute(i) {
      if (completed[i] === PENDING) return true;
      if (answered.has(output[i]!)) return false;
      answered.add(output[i]!);
      return true;
    },
  };
}
