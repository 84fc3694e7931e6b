/**
 * Membership as a service: clients ask nodes whom they take for alive, and in the end every node.
 *
 * Requests: `{type: "members"}` -> `{type: "members_ok", members: [{node, state, boot}]}`, an entry for
 * each other node; `state` is alive, suspect or dead. What nodes believed meanwhile they record.
 */

import { failureDetector } from "../checkers/index.js";
import { listField } from "./maelstrom/replies.js";
import { expectType, type Workload } from "./workload.js";

export const members: Workload = {
  name: "members",
  summary: "who is alive: detectors against what the nemesis did, accuracy and completeness",
  requires: ["members"],
  readOnly: ["members"],
  settleMs: 6_000,
  plan: ({ operations }) =>
    Array.from({ length: operations }, () => ({ f: "members", value: null })),
  finals: () => [{ f: "members", value: null }],
  invoke: ({ f }) => ({ value: null, body: { type: f } }),
  complete: (_, __, reply) => {
    expectType(reply, "members_ok");
    return listField(reply, "members");
  },
  checkers: () => [failureDetector],
};
