/**
 * A service that survives its own retries: front ends that call a back end through a layer in the middle.
 *
 * Retries hide short troubles and make long ones of them: when attempts fail because there is too much to do,
 * trying again is more to do. A system may then stay overloaded though what caused it has long ended, a
 * metastable failure (Bronson et al., HotOS 2021; Huang et al., OSDI 2022). Against that stand
 *
 * - backoff that grows with each try, and full jitter, so that who failed together does not return together;
 * - a deadline that travels along, so that nobody works for who has gone (back-end.ts);
 * - retries at one layer alone: with r attempts at each of k layers there are r^k at the last;
 * - a retry budget, a share of requests, and a circuit breaker (budget.ts, breaker.ts), each of which can be
 *   switched off: deadlines alone suffice here to recover, the others make the bad moment a smaller one.
 *
 * What it promises is operational: once faults have ended, requests are answered again, and no request is
 * attempted more than three times, however bad it was. Left out: what a request does; it changes nothing.
 */

import type { System } from "../system.js";
import { retryingServiceBugs } from "./bugs.js";
import { RetryingNode } from "./node.js";
import { retryingServiceProbes } from "./probes.js";

export const retryingService: System = {
  name: "retrying-service",
  summary:
    "calls with backoff, jitter, deadlines, a retry budget and breakers: overload ends by itself",
  nodeCounts: [4, 5],
  workloads: ["calls"],
  options: {
    budget: {
      summary: "retries are at most a fifth of requests, but for some that were saved up",
      default: true,
    },
    breaker: {
      summary: "after ten failures in a row a front end asks nothing for a while",
      default: true,
    },
  },
  bugs: retryingServiceBugs,
  invariants: [],
  driftPpmMax: 100_000,
  probes: retryingServiceProbes,
  recovery: { core: (nodeCount) => nodeCount, withinMs: 5_000 },
  service: () => ({ operations: ["call"], consistency: "eventual" }),
  create: (context) => new RetryingNode(context),
};
