/** `lin-tso`: a timestamp oracle. Every request gets the next integer, from 0. */

import { notSupported, type ServiceKind } from "./service.js";

export const linTso: ServiceKind = {
  name: "lin-tso",
  summary: "a linearizable timestamp oracle",
  create: () => {
    let next = 0;
    return {
      handle: (_src, request) =>
        request["type"] === "ts" ? { type: "ts_ok", ts: next++ } : notSupported(request),
    };
  },
};
