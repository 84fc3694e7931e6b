/**
 * Transactions that lock two or three of a few resources, each in an order of its own: so that now and
 * then they wait for each other. Some let go of what they locked first before they ask for more.
 *
 * Requests: `{type: "transact", value: ["+r1", "+r2", "-r1", "+r0"]}`, what to lock and what to unlock, in
 * that order; whatever is left is unlocked at the end. -> `{type: "transact_ok", txn, outcome}`, where the
 * outcome is "done" or "victim". `{type: "waiting"}` -> `{type: "waiting_ok", waiting}`, transactions of
 * that node that wait. Everything else is judged by what nodes record.
 */

import { deadlocks } from "../checkers/index.js";
import { listField } from "./maelstrom/replies.js";
import { wholeNumber } from "./settings.js";
import { expectType, field, type Workload } from "./workload.js";

const specs = {
  resources: { summary: "how many resources there are to lock", default: 4, range: [2, 1_000] },
} as const;

const LOCKS_MAX = 3;

export const lockOrders: Workload = {
  name: "lock-orders",
  summary: "transactions that lock a few resources, each in an order of its own",
  requires: ["transact", "waiting"],
  readOnly: ["waiting"],
  options: specs,
  plan: ({ random, operations, options }) => {
    const count = wholeNumber(options, specs, "resources");
    const resources = Array.from({ length: count }, (_, i) => `r${i}`);
    return Array.from({ length: operations }, () => {
      const [first, second, ...rest] = random.sample(resources, random.between(2, LOCKS_MAX));
      const unlocks = random.chance(1, 2) ? [`-${first}`] : [];
      const value = [`+${first}`, `+${second}`, ...unlocks, ...rest.map((name) => `+${name}`)];
      return { f: "transact", value };
    });
  },
  finals: () => [{ f: "waiting", value: null }],
  invoke: ({ f, value }) =>
    f === "transact" ? { value, body: { type: f, value } } : { value: null, body: { type: f } },
  complete: ({ f }, _, reply) => {
    expectType(reply, `${f}_ok`);
    if (f === "waiting") return listField(reply, "waiting");
    return { txn: field(reply, "txn"), outcome: field(reply, "outcome") };
  },
  checkers: () => [deadlocks],
};
