/** Plain chance: what the nemeses drew, as they drew it. */

import type { Strategy } from "./strategy.js";

export const random: Strategy = {
  name: "random",
  summary: "what the nemeses draw from the seed, as it is (the default)",
  faults: (_random, _topology, drawn) => drawn,
};
