/**
 * A lock without owners, as in Knossos: `acquire` is legal when it is free, `release` when it is
 * held, by whomever: a client that lost the answer to a release goes on under another process number.
 */

import type { Model } from "../model.js";

export const mutex: Model<"free" | "held"> = {
  name: "mutex",
  init: () => "free",
  step(state, { f }) {
    if (f === "acquire") return state === "free" ? "held" : undefined;
    return state === "held" ? "free" : undefined;
  },
  key: (state) => state,
  role: () => "update",
  label: ({ f }) => f,
};
