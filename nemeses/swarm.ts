/**
 * A mix drawn from the seed: which kinds of fault exist at all in this run (swarm testing, Groce et
 * al. 2012). Leaving kinds out matters as much as putting them in: some bugs hide when everything
 * fails at once.
 */

import { clock } from "./clock.js";
import { duplicate, lossy, reorder, slowNetwork } from "./links.js";
import type { Nemesis } from "./nemesis.js";
import { partition } from "./partition.js";
import { crash, pause } from "./process.js";

const members: readonly Nemesis[] = [
  partition,
  reorder,
  duplicate,
  lossy,
  slowNetwork,
  crash,
  pause,
  clock,
];

export const swarm: Nemesis = {
  name: "swarm",
  summary: "a mix of the others, drawn from the seed; only kinds that the world supports",
  kinds: [],
  faults: (random, topology) => {
    const possible = members.filter(({ kinds }) =>
      kinds.every((kind) => topology.supported.has(kind)),
    );
    const chosen = possible.filter(() => random.chance(2, 5));
    const mix = chosen.length > 0 || possible.length === 0 ? chosen : [random.pick(possible)];
    return mix.flatMap((member) => member.faults(random, topology));
  },
};
