/**
 * A mix drawn from the seed: which kinds of fault exist at all in this run (swarm testing, Groce et
 * al. 2012). Leaving kinds out matters as much as putting them in: some bugs hide when everything
 * fails at once.
 */

import { alternatingLeaderCrashes } from "./alternating-leader-crashes.js";
import { clock } from "./clock.js";
import { duplicate, lossy, reorder, slowNetwork } from "./links.js";
import type { Nemesis } from "./nemesis.js";
import { partition } from "./partition.js";
import { crash, pause } from "./process.js";
import { restarts } from "./restarts.js";

const usual: readonly Nemesis[] = [
  partition,
  reorder,
  duplicate,
  lossy,
  slowNetwork,
  crash,
  pause,
  clock,
];

/** Stories that fill a whole run: told seldom, since little else gets done beside them. */
const stories: readonly Nemesis[] = [alternatingLeaderCrashes, restarts];

export const swarm: Nemesis = {
  name: "swarm",
  summary: "a mix of the others, drawn from the seed; only kinds that the world supports",
  kinds: [],
  faults: (random, topology) => {
    const possible = (members: readonly Nemesis[]): Nemesis[] =>
      members.filter(({ kinds }) => kinds.every((kind) => topology.supported.has(kind)));
    const chosen = [
      ...possible(usual).filter(() => random.chance(2, 5)),
      ...possible(stories).filter(() => random.chance(1, 12)),
    ];
    const mix = chosen.length > 0 ? chosen : possible(usual).slice(0, 1);
    return mix.flatMap((member) => member.faults(random, topology));
  },
};
