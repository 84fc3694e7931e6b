/** A stack that executes a view's operations (0 push, 1 pop, 2 peek). O(1) a step. */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { SequentialObject } from "../verify.js";
import type { ObjectView } from "../view.js";
import { startingElements } from "./starting.js";

/** The last element of `init` is on top. */
export function stackObject(view: ObjectView): SequentialObject {
  const elements = startingElements(view);
  return {
    execute(i) {
      if (view.f[i] === 0) {
        elements.push(view.input[i]!);
        return true;
      }
      const next = elements.at(-1) ?? NULL_ID;
      const answers = view.completed[i] === PENDING || view.output[i] === next;
      if (answers && view.f[i] === 1) elements.pop();
      return answers;
    },
  };
}
