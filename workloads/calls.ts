/**
 * Calls that change nothing: what counts is whether they are answered.
 *
 * Requests: `{type: "call"}` -> `call_ok`. Judged by what nodes record of their own requests.
 */

import { goodput } from "../checkers/index.js";
import { expectType, type Workload } from "./workload.js";

export const calls: Workload = {
  name: "calls",
  summary:
    "calls of a service that retries: answered again once faults have ended, without a storm",
  requires: ["call"],
  readOnly: ["call"],
  plan: ({ operations }) => Array.from({ length: operations }, () => ({ f: "call", value: null })),
  finals: () => [{ f: "call", value: null }],
  // Three seconds to recover in, and as many in which it shows whether it has.
  settleMs: 6_000,
  invoke: ({ f }) => ({ value: null, body: { type: f } }),
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    return value;
  },
  checkers: () => [goodput],
};
