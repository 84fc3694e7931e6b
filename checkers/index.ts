/** All checkers and consistency models, by name. */

import { agreement } from "./agreement.js";
import { type AnomalyKind, anomaliesOf } from "./anomalies/index.js";
import { atomicCommitment } from "./atomic-commitment.js";
import { bank } from "./bank.js";
import { broadcast } from "./broadcast.js";
import type { Checker } from "./checker.js";
import { conduct } from "./conduct.js";
import { consensus } from "./consensus.js";
import { convergence } from "./convergence.js";
import { counter } from "./counter.js";
import { deadlocks } from "./deadlocks/deadlocks.js";
import { degraded } from "./degraded.js";
import { failureDetector } from "./detector/failure-detector.js";
import { echo } from "./echo.js";
import { electionSafety } from "./election-safety.js";
import { fencing } from "./fencing.js";
import { goodput } from "./goodput.js";
import { happenedBefore } from "./happened-before/happened-before.js";
import { jobAccounting } from "./job-accounting.js";
import { leaderCompleteness } from "./leader-completeness.js";
import { linearizable } from "./linearizability/linearizable.js";
import { log } from "./log/log.js";
import { longFork } from "./long-fork.js";
import { monotonic } from "./monotonic.js";
import { mutualExclusion } from "./mutual-exclusion.js";
import { mvRegister } from "./mv-register.js";
import { neverBack } from "./never-back.js";
import { orSet } from "./or-set.js";
import { ownership } from "./ownership.js";
import { quorumOverlap } from "./quorum-overlap.js";
import { recoveryAnomalies } from "./recovery.js";
import { registry } from "./registry/registry.js";
import { replication } from "./replication.js";
import { sagas } from "./saga.js";
import { set } from "./set.js";
import { setFull } from "./set-full.js";
import { singleLeader } from "./single-leader.js";
import { stableLeader } from "./stable-leader.js";
import { totalQueue } from "./total-queue.js";
import { uniqueIds } from "./unique-ids.js";
import { uniqueness } from "./uniqueness.js";
import { writeSkew } from "./write-skew.js";

export { agreement } from "./agreement.js";
export { type AnomalyKind, kindOf } from "./anomalies/index.js";
export { atomicCommitment } from "./atomic-commitment.js";
export { type BankOptions, bank, bankWith } from "./bank.js";
export { broadcast } from "./broadcast.js";
export * from "./checker.js";
export { conduct } from "./conduct.js";
export { consensus } from "./consensus.js";
export { convergence } from "./convergence.js";
export { type CounterOptions, counter, counterAccounting } from "./counter.js";
export { deadlocks } from "./deadlocks/deadlocks.js";
export { degraded, isDegraded, unmarked } from "./degraded.js";
export { failureDetector } from "./detector/failure-detector.js";
export { echo } from "./echo.js";
export { electionSafety } from "./election-safety.js";
export { fencing } from "./fencing.js";
export { goodput } from "./goodput.js";
export { happenedBefore } from "./happened-before/happened-before.js";
export { type JobPromise, jobAccounting, jobAccountingWith } from "./job-accounting.js";
export {
  modelEntry,
  ruledOut,
  type Standing,
  standing,
  strongest,
  weakest,
} from "./lattice/lattice.js";
export { leaderCompleteness } from "./leader-completeness.js";
export type { SequentialModel } from "./linearizability/custom.js";
export { page } from "./linearizability/explain/page/page.js";
export type { Story } from "./linearizability/explain/story.js";
export { type TimelineOptions, timeline } from "./linearizability/explain/timeline.js";
export { inferType } from "./linearizability/infer.js";
export {
  judgeColumns,
  judgeColumnsWith,
  type LinearizabilityVerdict,
  type LinearizableOptions,
  linearizable,
  type ObjectLinearization,
  type Searcher,
} from "./linearizability/linearizable.js";
export type { Call } from "./linearizability/model.js";
export { decidePacked, type PackedTask } from "./linearizability/packed.js";
export { retell } from "./linearizability/retell.js";
export { type ObjectType, types } from "./linearizability/types.js";
export { axiomatic } from "./litmus/axiomatic/index.js";
export { type Judgement as LitmusJudgement, judge as judgeLitmus } from "./litmus/judge.js";
export {
  pso as psoMachine,
  sc as scMachine,
  tso as tsoMachine,
} from "./litmus/operational/index.js";
export { parseLitmus } from "./litmus/parse/parse.js";
export type { LitmusModel, LitmusTest, Outcomes } from "./litmus/program.js";
export { type LogOptions, log, logWith } from "./log/log.js";
export { longFork } from "./long-fork.js";
export type { MemoryVerdict } from "./memory/judge.js";
export { sessionSet } from "./memory/models.js";
export { guarantees, type Reading, readings } from "./memory/sessions/index.js";
export type { Evidence as MemoryEvidence } from "./memory/shown.js";
export { type MemoryStanding, memoryStanding, standingOf } from "./memory/standing.js";
export { ofSingleWrites, transactionalCausal } from "./memory/transactional.js";
export { isMemory } from "./memory/vocabulary.js";
export {
  type ConsistencyModel,
  findModel,
  type ModelOptions,
  modelChecker,
  modelName,
  models,
} from "./models.js";
export { type MonotonicOptions, monotonic, monotonicWith } from "./monotonic.js";
export { mutualExclusion } from "./mutual-exclusion.js";
export { mvRegister } from "./mv-register.js";
export { neverBack } from "./never-back.js";
export { orSet } from "./or-set.js";
export { ownership } from "./ownership.js";
export { quorumOverlap } from "./quorum-overlap.js";
export { type RecoveryOptions, recovery } from "./recovery.js";
export { registry } from "./registry/registry.js";
export { replication } from "./replication.js";
export { sagas } from "./saga.js";
export { type SetFunctions, set, setAccounting } from "./set.js";
export { type SetFullOptions, setFull, setFullWith } from "./set-full.js";
export { singleLeader } from "./single-leader.js";
export { stableLeader } from "./stable-leader.js";
export {
  type DeltaAtomicOptions,
  deltaAtomic,
  type KAtomicOptions,
  kAtomic,
} from "./staleness/models.js";
export { type Staleness, staleness } from "./staleness/staleness.js";
export { tolerated } from "./tolerated.js";
export { type TotalQueueOptions, totalQueue, totalQueueWith } from "./total-queue.js";
export { claimOf } from "./transactions/certificate/claim.js";
export { verifyKept } from "./transactions/certificate/kept.js";
export { type Evidence, evidenceOf, orderCertificate } from "./transactions/evidence.js";
export { transactionPage } from "./transactions/explain/page/page.js";
export { explanation } from "./transactions/explain/text.js";
export { transactionTimeline } from "./transactions/explain/timeline.js";
export {
  analyse,
  type Found,
  judgeTransactions,
  type ModelStanding,
  type TransactionOptions,
  type TransactionVerdict,
  transactional,
  transactionStanding,
} from "./transactions/transactional.js";
export { uniqueIds } from "./unique-ids.js";
export { uniqueness } from "./uniqueness.js";
export { writeSkew } from "./write-skew.js";

const allCheckers: readonly Checker[] = [
  linearizable(),
  set,
  counter,
  convergence,
  electionSafety,
  agreement,
  atomicCommitment,
  leaderCompleteness,
  quorumOverlap,
  neverBack,
  stableLeader,
  conduct,
  echo,
  uniqueIds,
  broadcast,
  bank,
  longFork,
  writeSkew,
  monotonic,
  setFull,
  totalQueue,
  log,
  consensus,
  failureDetector,
  degraded,
  registry,
  mvRegister,
  orSet,
  sagas,
  mutualExclusion,
  fencing,
  singleLeader,
  replication,
  uniqueness,
  happenedBefore,
  jobAccounting,
  deadlocks,
  ownership,
  goodput,
];

/** Every kind of anomaly, by name. */
export const anomalies: ReadonlyMap<string, AnomalyKind> = anomaliesOf([
  ...allCheckers,
  { anomalies: recoveryAnomalies },
]);

export const checkers: ReadonlyMap<string, Checker> = new Map(
  allCheckers.map((checker) => [checker.name, checker]),
);
