/**
 * A service registry: instances say that they are there, and clients ask who is.
 *
 * An instance registers under a service, for good or with a lease that it renews by heartbeats; it ends
 * when it is deregistered or its lease runs out, and its name is not used again. Two kinds, by option:
 *
 * - central (central.ts): one node is the registry, durable, and hands out leases (Gray and Cheriton
 *   1989); all others follow it by list and watch, as Kubernetes and etcd do, and answer lookups from what
 *   they know for `cacheTtlMs`. Bounded staleness: every answer shows how it was at most that long before
 *   it was asked for. So an acknowledged registration is found that soon, a deregistered instance is not
 *   found later than that, and who keeps its lease is never missing. Where the registry cannot be reached,
 *   caches stop answering when their time is over: an error is better than a wrong route.
 * - dht (dht.ts): no node is special. Services lie on a ring (Chord, Stoica et al. 2001, with Zave's
 *   corrections), at their successor and its copies, and any node finds them in O(log N) steps. What is
 *   promised is the end: once faults are over, everybody finds all that was acknowledged and no more.
 *
 * A lookup at the centre is one message, and the centre's load grows with the number of nodes; on the
 * ring it is log N messages, and the load is spread.
 *
 * Left out: a registry of several copies (Raft would do), health checks by the registry itself, services
 * that are spread over several keys.
 */

import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { CentralNode } from "./central.js";
import { DhtNode } from "./dht.js";
import { probes } from "./probes.js";
import { DRIFT_PPM_MAX } from "./times.js";

export const registry: System = {
  name: "registry",
  summary: "who offers a service: a central registry with leases and watches, or a Chord ring",
  nodeCounts: [5, 3],
  workloads: ["registry"],
  options: {
    kind: {
      summary: "one durable registry that all others cache (central), or a ring of all nodes (dht)",
      default: "central",
      values: ["central", "dht"],
    },
    leaseMs: {
      summary: "how long a registration lasts without a heartbeat",
      default: 2_000,
      range: [200, 3_000],
    },
    cacheTtlMs: {
      summary: "how old an answer from a cache may be (central)",
      default: 500,
      range: [50, 3_000],
    },
  },
  bugs,
  invariants: [],
  driftPpmMax: DRIFT_PPM_MAX,
  probes,
  recovery: {
    core: (nodeCount, { kind }) => (kind === "dht" ? (nodeCount >> 1) + 1 : nodeCount),
    withinMs: 5_000,
  },
  service: () => ({
    operations: ["register", "renew", "deregister", "lookup"],
    consistency: "eventual",
  }),
  create: (context) =>
    context.options["kind"] === "dht" ? new DhtNode(context) : new CentralNode(context),
};
