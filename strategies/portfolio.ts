/**
 * A portfolio: each run follows one strategy, chosen by its seed. No single way of searching is the
 * best for every bug, and those that suit a bug find it so much sooner that sharing the runs costs
 * little (Gomes & Selman, Algorithm portfolios, 2001; Coyote has one of schedulers).
 * Plain chance is one of them, with the largest share.
 */

import { holdOneMessage } from "./hold-one-message.js";
import { pct } from "./pct.js";
import { random as plain } from "./random.js";
import type { Strategy } from "./strategy.js";
import { swizzleClog } from "./swizzle-clog.js";
import { targeted } from "./targeted.js";

/** With repetition, which is the weight. */
const members: readonly Strategy[] = [plain, plain, holdOneMessage, pct, swizzleClog, targeted];

export const portfolio: Strategy = {
  name: "portfolio",
  summary: "one of the others in each run, by its seed",
  faults: (random, topology, drawn) => random.pick(members).faults(random, topology, drawn),
};
