/** Maelstrom's `broadcast`: messages handed to one node must be known to all in the end. */

import { broadcast as broadcastChecker, convergence } from "../../checkers/index.js";
import { chooser, type Mixable } from "../mix.js";
import { expectType, type Workload } from "../workload.js";
import { listField } from "./replies.js";
import { topologies, topology } from "./topology.js";

const mixable: Mixable = {
  usual: () => ({ read: 1, broadcast: 1 }),
  needed: ["read", "broadcast"],
};

export const broadcast: Workload = {
  name: "broadcast",
  summary: "Maelstrom: messages spread among nodes until everybody knows them",
  requires: ["broadcast", "read"],
  readOnly: ["read"],
  options: {
    topology: {
      summary: "which nodes are told to be neighbours",
      default: "grid",
      values: topologies,
    },
  },
  settleMs: 10_000,
  setup: (nodes, options) =>
    nodes.map((node) => ({
      node,
      body: { type: "topology", topology: topology(String(options["topology"]), nodes) },
    })),
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, (_, i) =>
      next() === "read" ? { f: "read", value: null } : { f: "broadcast", value: i },
    );
  },
  finals: () => [{ f: "read", value: null }],
  invoke: ({ f, value }) =>
    f === "read"
      ? { value, body: { type: "read" } }
      : { value, body: { type: "broadcast", message: value } },
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    return f === "read" ? listField(reply, "messages") : value;
  },
  checkers: () => [broadcastChecker, convergence],
};
