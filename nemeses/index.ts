/** All nemeses, by name. */

import { ackCrashes } from "./ack-crashes.js";
import { alternatingLeaderCrashes } from "./alternating-leader-crashes.js";
import { clock } from "./clock.js";
import { duplicate, lossy, reorder, slowNetwork } from "./links.js";
import type { Nemesis } from "./nemesis.js";
import { none } from "./none.js";
import { oneBadLink } from "./one-bad-link.js";
import { partition } from "./partition.js";
import { crash, pause } from "./process.js";
import { restarts } from "./restarts.js";
import { swarm } from "./swarm.js";
import { wipe } from "./wipe.js";

export type { Nemesis, Topology } from "./nemesis.js";
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
  wipe,
  oneBadLink,
  ackCrashes,
  swarm,
];

export const nemeses: ReadonlyMap<string, Nemesis> = new Map(
  members.map((nemesis) => [nemesis.name, nemesis]),
);
