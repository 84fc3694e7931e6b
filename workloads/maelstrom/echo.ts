/** Maelstrom's `echo`: the answer must be what was asked for. */

import { echo as echoChecker } from "../../checkers/index.js";
import { expectType, field, type Workload } from "../workload.js";

export const echo: Workload = {
  name: "echo",
  summary: "Maelstrom: a node answers with what it was sent",
  requires: ["echo"],
  readOnly: ["echo"],
  plan: ({ random, operations }) =>
    Array.from({ length: operations }, () => ({
      f: "echo",
      value: `Please echo ${random.int(1_000_000)}`,
    })),
  finals: () => [{ f: "echo", value: "Please echo, now that all faults are over" }],
  invoke: ({ value }) => ({ value, body: { type: "echo", echo: value } }),
  complete: (_draft, _value, reply) => {
    expectType(reply, "echo_ok");
    return field(reply, "echo");
  },
  checkers: () => [echoChecker],
};
