/**
 * Reads whose clients rather have an old value than none, and want to know which it is: the request of
 * the workload `kv` with `degraded: true`, and an answer that may say the same. A marked answer is
 * `{value, degraded: true}` in the history; a service that never marks answers as in `kv`.
 *
 * Answers without mark are held to what the service promises, marked ones to what `degraded` says.
 * The final reads ask for no such thing.
 */

import { degraded, linearizable, unmarked } from "../checkers/index.js";
import { asPromised, registerWorkload } from "./register-family.js";
import type { Workload } from "./workload.js";

/** What the draft of a read says that may be degraded; the history has null. */
const MAY_DEGRADE = "may-degrade";

const registers = registerWorkload({
  name: "degraded-reads",
  summary: "several keys: writes, and reads that may be old where the answer says so",
  keys: ["x", "y", "z"],
  requires: ["read", "write"],
  unseen: null,
  checkers: (service) => [
    ...asPromised(service, linearizable({ type: "kv" })).map(unmarked),
    degraded,
  ],
});

export const degradedReads: Workload = {
  ...registers,
  plan: (scope) =>
    registers
      .plan(scope)
      .map((draft) => (draft.f === "read" ? { ...draft, value: MAY_DEGRADE } : draft)),
  invoke: (draft, memory) => {
    const { value, body } = registers.invoke(draft, memory);
    return { value, body: draft.value === MAY_DEGRADE ? { ...body, degraded: true } : body };
  },
  complete: (draft, input, reply, memory) => {
    const value = registers.complete(draft, input, reply, memory);
    return reply["degraded"] === true ? { value, degraded: true } : value;
  },
};
