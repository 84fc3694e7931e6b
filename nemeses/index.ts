/** All nemeses, by name. */

import { ackCrashes } from "./ack-crashes.js";
import { alternatingLeaderCrashes } from "./alternating-leader-crashes.js";
import { amnesia } from "./amnesia.js";
import { blankReturns } from "./blank-returns.js";
import { bridge } from "./bridge.js";
import { byzantine } from "./byzantine.js";
import { clock } from "./clock.js";
import { clockShapes } from "./clock-shapes.js";
import { disk, diskLatency } from "./disk.js";
import { duels } from "./duels.js";
import { fallacies, fallacy } from "./fallacies.js";
import { falseHeirs } from "./false-heirs.js";
import { laggards } from "./laggards.js";
import { lateAnswers } from "./late-answers.js";
import { corruption, duplicate, lossy, reorder, resets, slowNetwork } from "./links.js";
import { membership } from "./membership.js";
import type { Nemesis } from "./nemesis.js";
import { none } from "./none.js";
import { oneBadLink } from "./one-bad-link.js";
import { partition } from "./partition.js";
import { crash, pause, slowNodes } from "./process.js";
import { restarts } from "./restarts.js";
import { rivalChanges } from "./rival-changes.js";
import { swarm } from "./swarm.js";
import { wipe } from "./wipe.js";

export { kindsMade, type Nemesis, type Topology } from "./nemesis.js";
export { drawRates } from "./swarm.js";

const members: readonly Nemesis[] = [
  none,
  partition,
  reorder,
  duplicate,
  lossy,
  slowNetwork,
  crash,
  pause,
  clock,
  alternatingLeaderCrashes,
  restarts,
  bridge,
  duels,
  laggards,
  lateAnswers,
  wipe,
  oneBadLink,
  ackCrashes,
  disk,
  diskLatency,
  slowNodes,
  corruption,
  resets,
  membership,
  rivalChanges,
  blankReturns,
  clockShapes,
  byzantine,
  falseHeirs,
  ...fallacy,
  fallacies,
  swarm,
  amnesia,
];

export const nemeses: ReadonlyMap<string, Nemesis> = new Map(
  members.map((nemesis) => [nemesis.name, nemesis]),
);
