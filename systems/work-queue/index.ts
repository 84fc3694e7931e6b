/**
 * A queue of jobs whose effects are to happen once. Three things are delivered at least once, and each
 * becomes exactly once in the same way: the receiver knows again what it has.
 *
 * - A job reaches the queue: a producer sends it until the broker has it, and numbers what it sends; the
 *   broker takes each number once, in order (producer.ts, broker.ts).
 * - A job is worked on: a consumer has it on a lease and acknowledges it when its effect is stored; if the
 *   lease ends first, somebody else gets it (consumer.ts, lease.ts). The work may be begun twice; the effect
 *   and the record that it has happened are one write of the store (store.ts).
 * - News of the effect reaches somebody else's ledger, by the mode `outbox` (outbox.ts).
 *
 * So "exactly once" is said of effects, never of messages or of work (cf. Helland 2007, Life beyond
 * Distributed Transactions: at-least-once delivery and idempotent receivers). Other modes leave a step out:
 * `at-least-once` does not ask whether a job was done, `at-most-once` acknowledges before it works.
 *
 * Every node takes in jobs and consumes them. Broker, store and ledger are one node each, durable and not
 * replicated: who is down is waited for. Left out: priorities, delays, a queue for jobs that always fail.
 */

import type { System } from "../system.js";
import { workQueueBugs } from "./bugs.js";
import { DRIFT_PPM_MAX, modes } from "./job.js";
import { WorkQueueNode } from "./node.js";
import { workQueueProbes } from "./probes.js";

export const workQueue: System = {
  name: "work-queue",
  summary:
    "jobs by leases from a broker, their effects exactly once; an outbox for the news of them",
  nodeCounts: [3, 5],
  workloads: ["jobs"],
  options: {
    mode: {
      summary: "how often a job may take effect; outbox: once, and told of once elsewhere",
      default: "exactly-once",
      values: modes,
    },
    visibilityMs: {
      summary: "for how long a job that was delivered is out of sight unless that is renewed",
      default: 250,
      range: [200, 1_000],
    },
  },
  bugs: workQueueBugs,
  invariants: [],
  driftPpmMax: DRIFT_PPM_MAX,
  probes: workQueueProbes,
  service: () => ({ operations: ["submit", "effects-of", "effects"], consistency: "eventual" }),
  create: (context) => new WorkQueueNode(context),
};
