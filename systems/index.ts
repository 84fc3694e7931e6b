/** All reference systems, by name. */

import { causalStore } from "./causal-store/index.js";
import { chain } from "./chain/index.js";
import { cops } from "./cops/index.js";
import { counterSet } from "./counter-set/index.js";
import { crdts } from "./crdt/index.js";
import { deadlockDetector } from "./deadlock/index.js";
import { dynamo } from "./dynamo/index.js";
import { failureDetector } from "./failure-detector/index.js";
import { gossip } from "./gossip/index.js";
import { ids } from "./ids.js";
import { leaseElection } from "./lease-election/index.js";
import { log } from "./log/index.js";
import { logicalClocks } from "./logical-clocks/index.js";
import { lwwRegister } from "./lww-register.js";
import { multiLeader, multiLeaderMerge, multiLeaderSiblings } from "./multi-leader/index.js";
import { multiPaxos } from "./multi-paxos/index.js";
import { paxos } from "./paxos/index.js";
import { pbft } from "./pbft/index.js";
import { pipelinedLog } from "./pipelined/index.js";
import { primaryBackup } from "./primary-backup/index.js";
import { queue } from "./queue/index.js";
import { quorum } from "./quorum.js";
import { quorumLock } from "./quorum-lock/index.js";
import { raft } from "./raft/index.js";
import { redlock } from "./redlock/index.js";
import { registry } from "./registry/index.js";
import { retryingService } from "./retrying-service/index.js";
import { saga } from "./saga/index.js";
import { sequentialStore } from "./sequential-store/index.js";
import { shardedStore } from "./sharding/index.js";
import type { System } from "./system.js";
import { threePhaseCommit } from "./three-phase-commit/index.js";
import { synchronousThreePhaseCommit } from "./three-phase-commit/synchronous.js";
import { tsoStore } from "./tso-store/index.js";
import { twoPhaseCommit } from "./two-phase-commit/index.js";
import { txn } from "./txn/index.js";
import { workQueue } from "./work-queue/index.js";

export {
  type Bug,
  defineSystem,
  type HoldsBeyond,
  type IsolationLevel,
  isolationLevels,
  type MemoryPromise,
  memoryPromises,
  type OptionSpec,
  type OwnSystem,
  type Recovery,
  type Service,
  type Survives,
  type System,
} from "./system.js";

/** The systems of the repository by family, in the order in which lists and documents tell them. */
export const families: ReadonlyMap<string, readonly System[]> = new Map(
  Object.entries({
    consensus: [raft, multiPaxos, paxos],
    "Byzantine agreement": [pbft],
    "primary and backups": [primaryBackup, chain, pipelinedLog],
    "several leaders": [multiLeader, multiLeaderSiblings, multiLeaderMerge],
    leaderless: [quorum, dynamo],
    sharding: [shardedStore],
    registries: [registry],
    "locks and leases": [quorumLock, redlock, leaseElection, deadlockDetector],
    transactions: [txn, twoPhaseCommit, threePhaseCommit, synchronousThreePhaseCommit, saga],
    "logs, queues and calls": [log, queue, workQueue, retryingService],
    CRDTs: [...crdts, counterSet, lwwRegister],
    "gossip and failure detectors": [gossip, failureDetector],
    "memory models": [sequentialStore, tsoStore, causalStore, cops],
    "logical time and ids": [logicalClocks, ids],
  }),
);

export const systems: ReadonlyMap<string, System> = new Map(
  [...families.values()].flat().map((system) => [system.name, system]),
);
