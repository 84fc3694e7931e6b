/**
 * A semaphore: `acquire` takes some of its permits (one unless told) as soon as that many are
 * available, `release` gives some back, never more than are out. The initial value says how many
 * permits there are.
 */

import type { Json } from "../../../src/base/json.js";
import type { Model } from "../model.js";

interface Permits {
  available: number;
  total: number;
}

export const semaphore: Model<Permits> = {
  name: "semaphore",
  init(init) {
    const total = typeof init === "number" ? init : 0;
    return { available: total, total };
  },
  step({ available, total }, { f, input }) {
    const left = f === "acquire" ? available - asked(input) : available + asked(input);
    return left >= 0 && left <= total ? { available: left, total } : undefined;
  },
  key: ({ available, total }) => `${available}/${total}`,
  role: () => "update",
  label: ({ f, input }) => `${f} ${asked(input)}`,
};

function asked(input: Json): number {
  return typeof input === "number" ? input : 1;
}
