/** All experiments, by name. */

import type { Experiment } from "../src/experiment/experiment.js";
import { clockSkew } from "./clock-skew.js";
import { consistentHashing } from "./consistent-hashing.js";
import { degradedReads } from "./degraded-reads.js";
import { exactlyOnceCost } from "./exactly-once-cost.js";
import { faultThresholds } from "./fault-thresholds.js";
import { gossipRounds } from "./gossip-rounds.js";
import { latency } from "./latency.js";
import { lookupHops } from "./lookup-hops.js";
import { phantomDeadlock } from "./phantom-deadlock.js";
import { pipelineTail } from "./pipeline-tail.js";
import { quorumLatency } from "./quorum-latency.js";
import { quorumLock } from "./quorum-lock.js";
import { quorumReads } from "./quorum-reads.js";
import { storeBuffering } from "./store-buffering.js";
import { thunderingHerd } from "./thundering-herd.js";
import { window } from "./window.js";

const all: readonly Experiment[] = [
  latency,
  window,
  clockSkew,
  quorumLock,
  quorumReads,
  quorumLatency,
  degradedReads,
  gossipRounds,
  lookupHops,
  consistentHashing,
  phantomDeadlock,
  exactlyOnceCost,
  pipelineTail,
  thunderingHerd,
  faultThresholds,
  storeBuffering,
];

export const experiments: ReadonlyMap<string, Experiment> = new Map(
  all.map((experiment) => [experiment.name, experiment]),
);
