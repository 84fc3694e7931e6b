/**
 * A mix drawn from the seed: which kinds of fault exist at all in this run (swarm testing, Groce et
 * al. 2012). Leaving kinds out matters as much as putting them in: some bugs hide when everything
 * fails at once.
 */

import type { Nemesis } from "./nemesis.js";

/** The swarm of all nemeses that have odds in it. */
export function swarmOf(members: readonly Nemesis[]): Nemesis {
  return {
    name: "swarm",
    summary: "a mix of the others, drawn from the seed; only kinds that the world supports",
    kinds: [],
    faults: (random, topology) => {
      const possible = members.filter(
        ({ kinds, swarmOdds }) =>
          swarmOdds !== undefined && kinds.every((kind) => topology.supported.has(kind)),
      );
      const chosen = possible.filter(({ swarmOdds = [0, 1] }) => random.chance(...swarmOdds));
      const mix = chosen.length > 0 ? chosen : possible.slice(0, 1);
      return mix.flatMap((member) => member.faults(random, topology));
    },
  };
}
