/**
 * `seq-kv`: a sequentially consistent key-value store. All clients agree on one order, and nobody
 * goes back in it, but anybody may be behind.
 *
 * It keeps the last 32 states. A request runs on a random one that is not older than what its
 * client saw before; if it would change that state it runs on the newest instead, and its client
 * has then seen everything. A reader may miss the last update for as long as no other follows.
 */

import type { ServiceKind } from "./service.js";
import { type Store, step } from "./store.js";

const STATES = 32;

export const seqKv: ServiceKind = {
  name: "seq-kv",
  summary: "a sequentially consistent key-value store: reads may be stale, never go back",
  create: (random) => {
    /** The last states, oldest first; `newest` is the ordinal of the last one. */
    const states: Store[] = [new Map()];
    let newest = 0;
    const seen = new Map<string, number>();
    return {
      handle: (src, request) => {
        const oldest = newest - states.length + 1;
        const ordinal = random.between(Math.max(oldest, seen.get(src) ?? 0), newest);
        const state = states[ordinal - oldest] as Store;
        const tried = step(state, request);
        if (tried.store === state) {
          seen.set(src, ordinal);
          return tried.reply;
        }
        const current = states.at(-1) as Store;
        const done = step(current, request);
        if (done.store !== current) {
          states.push(done.store);
          if (states.length > STATES) states.shift();
          newest++;
        }
        seen.set(src, newest);
        return done.reply;
      },
    };
  },
};
