/** Maelstrom's `unique-ids`: no two requests may get the same id, whatever an id is. */

import { uniqueIds as uniqueIdsChecker } from "../../checkers/index.js";
import { expectType, field, type Workload } from "../workload.js";

export const uniqueIds: Workload = {
  name: "unique-ids",
  summary: "Maelstrom: nodes hand out globally unique ids",
  requires: ["generate"],
  readOnly: [],
  plan: ({ operations }) =>
    Array.from({ length: operations }, () => ({ f: "generate", value: null })),
  finals: () => [{ f: "generate", value: null }],
  invoke: () => ({ value: null, body: { type: "generate" } }),
  complete: (_draft, _value, reply) => {
    expectType(reply, "generate_ok");
    return field(reply, "id");
  },
  checkers: () => [uniqueIdsChecker],
};
