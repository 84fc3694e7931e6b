/**
 * A lock with owners: `acquire` is legal when it is free, `release` for the process that holds it.
 *
 * A process does nothing after a pending operation, so that nobody could ever release what a
 * pending acquire took: it explains nothing.
 */

import type { Model } from "../model.js";

const FREE = -1;
const DEAD = -2;

/** The state is the process that holds it. */
export const ownedMutex: Model<number> = {
  name: "owned-mutex",
  init: () => FREE,
  step(state, { f, process }) {
    if (f === "acquire") return state === FREE ? process : undefined;
    return state === process ? FREE : undefined;
  },
  key: String,
  role: () => "update",
  label: ({ f, process }) => `${f} by ${process}`,
  byProcess: true,
  foresee: () => ({
    dead: DEAD,
    lastObserved: (state) => (state === DEAD ? -1 : Number.POSITIVE_INFINITY),
    lastUseful: ({ f }) => (f === "acquire" ? -1 : Number.POSITIVE_INFINITY),
  }),
};
