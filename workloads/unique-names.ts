/**
 * Names that only one may have: several clients claim each of them at about the same time, at different
 * nodes.
 *
 * Requests: `{type: "claim", key, value}` -> `{type: "claim_ok"}`, or error 21 where somebody else has the
 * name; `{type: "read", key}` -> `{type: "read_ok", value}`, the owner or null.
 */

import { convergence, uniqueness } from "../checkers/index.js";
import { expectType, field, type OperationDraft, type Workload } from "./workload.js";

/** Claims of one name, one after the other in the plan. */
const RIVALS = 3;

export const uniqueNames: Workload = {
  name: "unique-names",
  summary: "names claimed by several clients at a time: one of them may have each",
  requires: ["claim", "read"],
  readOnly: ["read"],
  // Rivals go to different nodes, and where a name is decided need not be where it is asked for.
  placed: true,
  plan: ({ operations, random }) =>
    Array.from({ length: operations }, (_, i): OperationDraft => {
      const key = `name-${Math.floor(i / (RIVALS + 1))}`;
      const node = i + random.int(2);
      return i % (RIVALS + 1) < RIVALS
        ? { f: "claim", key, value: i, node }
        : { f: "read", key, value: null, node };
    }),
  finals: (drafts) =>
    [...new Set(drafts.map(({ key }) => String(key)))].map((key) => ({
      f: "read",
      key,
      value: null,
    })),
  invoke: ({ f, key = "", value }) => ({
    value,
    body: f === "read" ? { type: f, key } : { type: f, key, value },
  }),
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    return f === "read" ? field(reply, "value") : value;
  },
  checkers: () => [uniqueness, convergence],
};
