/** Locks, executed in place. What they answer tells nothing: that they answered is what counts. */

import { NULL_ID } from "../../../histories/values.js";
import type { SequentialObject } from "../verify.js";
import type { ObjectView } from "../view.js";

/** Anybody may release it. */
export function mutexObject({ f }: ObjectView): SequentialObject {
  let held = false;
  return {
    execute(i) {
      const wantsHeld = f[i] !== 0;
      if (held !== wantsHeld) return false;
      held = !held;
      return true;
    },
  };
}

/** Only the process that acquired it may release it. */
export function ownedMutexObject({ f, process }: ObjectView): SequentialObject {
  let owner: number | undefined;
  return {
    execute(i) {
      const wanted = f[i] === 0 ? undefined : process[i];
      if (owner !== wanted) return false;
      owner = f[i] === 0 ? process[i] : undefined;
      return true;
    },
  };
}

/** The initial value is the number of permits. */
export function semaphoreObject({ f, input, values, init }: ObjectView): SequentialObject {
  const permits = values.number(init);
  let available = permits;
  return {
    execute(i) {
      const asked = input[i] === NULL_ID ? 1 : values.number(input[i]!);
      const left = f[i] === 0 ? available - asked : available + asked;
      if (!(left >= 0 && left <= permits)) return false;
      available = left;
      return true;
    },
  };
}
