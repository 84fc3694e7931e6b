/** A FIFO queue that executes a view's operations (0 enqueue, 1 dequeue, 2 peek). O(1) a step. */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { SequentialObject } from "../verify.js";
import type { ObjectView } from "../view.js";
import { startingElements } from "./starting.js";

export function queueObject(view: ObjectView): SequentialObject {
  const elements = startingElements(view);
  let front = 0;
  return {
    execute(i) {
      if (view.f[i] === 0) {
        elements.push(view.input[i]!);
        return true;
      }
      const next = front < elements.length ? elements[front]! : NULL_ID;
      const answers = view.completed[i] === PENDING || view.output[i] === next;
      if (answers && view.f[i] === 1 && front < elements.length) front += 1;
      return answers;
    },
  };
}
