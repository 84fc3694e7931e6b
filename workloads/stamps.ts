/**
 * Events to be stamped by logical clocks: clients have nodes note events, and send messages to each other.
 *
 * Requests: `{type: "event"}` -> `{type: "event_ok", stamp}`, an event at the node that was asked;
 * `{type: "send", to}` -> `{type: "send_ok", stamp}`, the sending of a message to another node, as an
 * ordinal counted round. What happened before what is known to the nodes, who record it: see the checker
 * happened-before.
 */

import { happenedBefore } from "../checkers/index.js";
import { chooser, type Mixable } from "./mix.js";
import { expectType, field, type OperationDraft, type Workload } from "./workload.js";

/** Without messages nothing happens before anything at another node. */
const mixable: Mixable = { usual: () => ({ event: 2, send: 3 }), needed: ["send"] };

const ORDINALS = 1 << 16;

export const stamps: Workload = {
  name: "stamps",
  summary: "events and messages of nodes, which logical clocks put into an order",
  requires: ["event", "send"],
  readOnly: [],
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, (): OperationDraft => {
      const f = next();
      return { f, value: f === "send" ? scope.random.int(ORDINALS) : null };
    });
  },
  finals: () => [{ f: "event", value: null }],
  invoke: ({ f, value }) => ({ value, body: { type: f, ...(f === "send" ? { to: value } : {}) } }),
  complete: ({ f }, _value, reply) => {
    expectType(reply, `${f}_ok`);
    return field(reply, "stamp");
  },
  checkers: () => [happenedBefore],
};
