/** All workloads, by name. */

import { bank } from "./bank.js";
import { broadcast } from "./broadcast.js";
import { calls } from "./calls.js";
import { causalSessions } from "./causal-sessions.js";
import { consensus } from "./consensus.js";
import { convergence } from "./convergence.js";
import { counter } from "./counter.js";
import { degradedReads } from "./degraded-reads.js";
import { dekker } from "./dekker.js";
import { deletes } from "./deletes.js";
import { election } from "./election.js";
import { jobs } from "./jobs.js";
import { kv } from "./kv.js";
import { listAppend } from "./list-append.js";
import { litmus } from "./litmus/index.js";
import { lock } from "./lock.js";
import { lockOrders } from "./lock-orders.js";
import { log } from "./log.js";
import { longFork } from "./long-fork.js";
import { uniqueIds } from "./maelstrom/unique-ids.js";
import { members } from "./members.js";
import { monotonic } from "./monotonic.js";
import { mvRegister } from "./mv-register.js";
import { orSet } from "./or-set.js";
import { phantom } from "./phantom.js";
import { pnCounter } from "./pn-counter.js";
import { queue } from "./queue.js";
import { readTransactions } from "./read-transactions.js";
import { register } from "./register.js";
import { registry } from "./registry.js";
import { replication } from "./replication.js";
import { rwRegister } from "./rw-register.js";
import { saga } from "./saga.js";
import { set } from "./set.js";
import { setFull } from "./set-full.js";
import { siblings } from "./siblings.js";
import { stamps } from "./stamps.js";
import { uniqueNames } from "./unique-names.js";
import type { Workload } from "./workload.js";
import { writeOnce } from "./write-once.js";
import { writeSkew } from "./write-skew.js";

export { maelstromWorkloads } from "./maelstrom/index.js";
export type { MixScope } from "./mix.js";
export type { Workload } from "./workload.js";

const all: readonly Workload[] = [
  register,
  kv,
  set,
  counter,
  listAppend,
  rwRegister,
  bank,
  longFork,
  phantom,
  writeSkew,
  monotonic,
  setFull,
  log,
  queue,
  uniqueIds,
  litmus,
  causalSessions,
  convergence,
  consensus,
  members,
  registry,
  replication,
  siblings,
  uniqueNames,
  deletes,
  degradedReads,
  writeOnce,
  broadcast,
  pnCounter,
  mvRegister,
  orSet,
  saga,
  lock,
  election,
  stamps,
  jobs,
  lockOrders,
  calls,
  readTransactions,
  dekker,
];

export const workloads: ReadonlyMap<string, Workload> = new Map(all.map((w) => [w.name, w]));
