/**
 * A portfolio: each run follows one strategy, chosen by its seed. No single way of searching is the
 * best for every bug, and those that suit a bug find it so much sooner that sharing the runs costs
 * little (Gomes & Selman, Algorithm portfolios, 2001; Coyote has one of schedulers).
 * Plain chance is one of them; the others keep all that it drew in half of their runs.
 */

import { holdOneMessage } from "./hold-one-message.js";
import { pct } from "./pct.js";
import { random as plain } from "./random.js";
import type { Strategy } from "./strategy.js";
import { swizzleClog } from "./swizzle-clog.js";
import { targeted } from "./targeted.js";

/** Thrice the one that has the most different things to do. */
const members: readonly Strategy[] = [
  plain,
  holdOneMessage,
  pct,
  swizzleClog,
  targeted,
  targeted,
  targeted,
];

export const portfolio: Strategy = {
  name: "portfolio",
  summary: "one of the others in each run, by its seed",
  faults: (random, topology, drawn) => random.pick(members).faults(random, topology, drawn),
};
