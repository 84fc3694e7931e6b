/**
 * Redlock: a lock in N independent Redis instances (Sanfilippo 2014, "Distributed locks with Redis").
 *
 * 1. Note the time. 2. Set the key at all instances to a random value, only where it does not exist,
 * to expire after a TTL. 3. The lock is held if a majority was set, and if time is left: validity =
 * TTL - elapsed - drift, where drift allows for TTL / 100 + 2 ms. 4. Otherwise, and to release, delete
 * the key at all instances, wherever it still has that value. Retry after a random delay.
 *
 * Kleppmann's answer ("How to do distributed locking", 2016) is why the published algorithm is not
 * safe, and each of his points is a switch here: an instance that restarts empty, an instance whose
 * clock jumps, a client that stops between steps, and that there is no token by which the storage
 * could tell an old holder from a new one. This one has what an answer to him needs:
 * - Instances are durable, and a key has its whole TTL again after a restart (instance.ts).
 * - They count time by a clock that no operator can set, and promise how far it drifts.
 * - A counter beside each key grows with each holder. One instance's is not enough: the highest of a
 *   majority is, once a majority has been raised to it while the lock was still valid (a second
 *   round). The next majority has an instance in common with this one.
 * - The storage checks that token (locks/guarded-store.ts).
 *
 * Its tokens depend on time, those of quorum-lock do not: beyond the drift promised it promises
 * nothing. Left out: extension of a lock that is held.
 */

import { majorityOf } from "../../src/base/majority.js";
import { DRIFT_PPM_MAX, spanRange } from "../locks/rules.js";
import { LockNode, lockProbes, lockService } from "../locks/service.js";
import type { System } from "../system.js";
import { Redlock } from "./client.js";

const kleppmann = "Kleppmann, How to do distributed locking (2016)";

const broken = ["mutual-exclusion", "token-regression", "stale-writer", "lost-update"] as const;

export const redlock: System = {
  name: "redlock",
  summary: "Redis's distributed lock over independent instances, made safe: durable, and fenced",
  nodeCounts: [5, 3],
  workloads: ["lock"],
  options: {
    ttlMs: { summary: "how long a key lives at an instance", default: 600, range: spanRange },
  },
  bugs: {
    "no-fencing": {
      id: "L4",
      summary:
        "the storage takes writes without a token: whoever believes to hold the lock may write",
      source: `${kleppmann}; HBase's early lease handling, told there`,
      needs: "a holder that acts after its lease: a pause, or a slow message",
      checker: "fencing",
      anomalies: ["stale-writer", "lost-update"],
    },
    "not-persistent": {
      id: "L7",
      summary: "an instance that restarts is empty, though the keys it held have not expired",
      source: `${kleppmann}; Redis documentation, "Performance, crash recovery and fsync"`,
      needs: "one instance that restarts while the lock is held, and others that had not set it",
      checker: "fencing",
      anomalies: broken,
      nemesis: "restarts",
    },
    "wall-clock-expiry": {
      id: "L8",
      summary: "instances expire keys by the calendar clock, as Redis does with gettimeofday",
      source: kleppmann,
      needs: "a clock that jumps forward at an instance while the lock is held",
      checker: "mutual-exclusion",
      anomalies: broken,
      nemesis: "clock",
    },
    "elapsed-ignored": {
      id: "L9",
      summary: "validity is the whole TTL, counted from the last answer of a majority",
      source:
        "Sanfilippo, Is Redlock safe? (2016): step 3 is what protects from pauses; skipped by some clients",
      needs: "slow answers, or a pause before they are read",
      checker: "mutual-exclusion",
      anomalies: ["mutual-exclusion", "token-regression"],
      nemesis: "late-answers",
    },
    "unlock-unchecked": {
      id: "L10",
      summary: "unlock deletes the key, whatever its value",
      source: "Redis documentation, SET: why a random value and a script, not DEL",
      needs: "a lock that expires, is taken by another, and then unlocked by the first",
      checker: "mutual-exclusion",
      anomalies: broken,
    },
  },
  invariants: [],
  driftPpmMax: DRIFT_PPM_MAX,
  recovery: {
    core: majorityOf,
    withinMs: ({ ttlMs }) => 4_000 + 2 * Number(ttlMs),
  },
  probes: [
    ...lockProbes,
    "an attempt found no majority of instances",
    "a key expired at an instance",
    "an instance restarted with a locked key",
  ],
  service: () => lockService,
  create: (context) => {
    const checkTokens = !context.bugs.has("no-fencing");
    return new LockNode(context, new Redlock(context), { checkTokens });
  },
};
