/**
 * An election: clients ask who leads, and only who does may answer.
 *
 * Requests: `{type: "lead"}` -> `{type: "lead_ok", leader, term}`, by somebody who leads between the
 * question and the answer, wherever the question came in. Hence terms never go back in real time.
 * Nodes record that they lead, too; see the checker single-leader.
 */

import { singleLeader } from "../checkers/index.js";
import { expectType, field, type Workload } from "./workload.js";

export const election: Workload = {
  name: "election",
  summary: "clients ask who leads, and whoever answers must be the only one",
  requires: ["lead"],
  readOnly: ["lead"],
  plan: ({ operations }) => Array.from({ length: operations }, () => ({ f: "lead", value: null })),
  finals: () => [{ f: "lead", value: null }],
  invoke: () => ({ value: null, body: { type: "lead" } }),
  complete: (_draft, _value, reply) => {
    expectType(reply, "lead_ok");
    return { leader: field(reply, "leader"), term: field(reply, "term") };
  },
  checkers: () => [singleLeader],
};
