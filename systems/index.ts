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

const all: readonly System[] = [
  quorum,
  dynamo,
  raft,
  primaryBackup,
  multiLeader,
  multiLeaderSiblings,
  multiLeaderMerge,
  lwwRegister,
  counterSet,
  ...crdts,
  gossip,
  txn,
  twoPhaseCommit,
  threePhaseCommit,
  synchronousThreePhaseCommit,
  log,
  queue,
  ids,
  tsoStore,
  sequentialStore,
  causalStore,
  cops,
  logicalClocks,
  paxos,
  failureDetector,
  registry,
  saga,
  quorumLock,
  redlock,
  leaseElection,
  multiPaxos,
  pbft,
  chain,
  workQueue,
  deadlockDetector,
  pbft,
  shardedStore,
  retryingService,
  pipelinedLog,
];

export const systems: ReadonlyMap<string, System> = new Map(all.map((s) => [s.name, s]));
