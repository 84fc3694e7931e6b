/**
 * A litmus test, put to a store hundreds of times in one run.
 *
 * A thread is a session at one node, a location a fresh key of each instance, absent until it is
 * written: absent is the location's first value. The instances follow each other in lanes of as many
 * clients as the test has threads, and their threads begin within moments of each other, now closer,
 * now farther apart, since nobody knows beforehand how near is near enough. A fence is the store's
 * own barrier, an exchange its `swap`; a test that needs what the store does not offer is refused.
 *
 * Compare-and-set finds no key to compare at first. A linearizable store gets its keys written before
 * the instance begins; elsewhere "from null" stands for the first value, as the stores here take it.
 *
 * Whatever goes wrong on the way, an instance is judged by what its sessions really did, never by
 * what they were to do (see happened.ts): an operation without an answer cannot give a false alarm.
 */

import { type Checker, convergence } from "../../checkers/index.js";
import {
  finalLocations,
  litmusInstances,
  litmusModelOf,
} from "../../checkers/litmus/instances/index.js";
import type { Service } from "../../systems/system.js";
import type { Workload, WorkloadOptions } from "../workload.js";
import { claimOf, ordersRealTime, preparedIn, specs, testOf } from "./options.js";
import { finals, plan } from "./plan.js";
import { complete, invoke } from "./wire.js";

export { operationsFor } from "./plan.js";

export const litmus: Workload = {
  name: "litmus",
  summary: "a memory-model litmus test, in hundreds of instances",
  requires: ["read"],
  options: specs,
  readOnly: ["read", "fence"],
  placed: true,
  plan: (scope) => plan(scope, "strings"),
  finals,
  invoke,
  complete,
  refused: ({ f, value }, code) =>
    code !== 20 ? undefined : f === "read" ? { type: "ok", value: null } : { type: "fail", value },
  checkers,
};

/** For external programs: what they offer is what Maelstrom's lin-kv asks for. */
export const maelstromLitmus: Workload = {
  ...litmus,
  summary: `Maelstrom: ${litmus.summary}, on lin-kv`,
  requires: ["read", "write", "cas"],
  plan: (scope) => plan(scope, "integers"),
};

function checkers(service: Service, options: WorkloadOptions): Checker[] {
  const test = testOf(options);
  const claim = claimOf(service, options);
  const own = litmusInstances({
    test,
    model: litmusModelOf(claim),
    prepared: preparedIn(test, service),
    isRealTime: ordersRealTime(claim),
  });
  return finalLocations(test).length === 0 ? [own] : [own, convergence];
}
