/** `lin-kv`: a linearizable key-value store. Every request sees all that were answered before it. */

import type { ServiceKind } from "./service.js";
import { type Store, step } from "./store.js";

export const linKv: ServiceKind = {
  name: "lin-kv",
  summary: "a linearizable key-value store",
  create: () => {
    let store: Store = new Map();
    return {
      handle: (_src, request) => {
        const result = step(store, request);
        store = result.store;
        return result.reply;
      },
    };
  },
};
