/**
 * Guided search: a campaign keeps the plans that reached something new, and mutates them (as
 * the feedback strategy of P does, Mallory, Meng et al., CCS 2023, and AFL with inputs). What it
 * learns from and how stands in `src/campaign/guide.ts`, how a plan is changed in `mutate.ts`; here
 * are the plans it starts from: the portfolio's, plain chance among them. A single run, with nothing
 * to learn from, is one of those.
 */

import { portfolio } from "./portfolio.js";
import type { Strategy } from "./strategy.js";

export const guided: Strategy = {
  name: "guided",
  summary: "mutates the plans that reached something new; others are drawn as by portfolio",
  guided: true,
  faults: portfolio.faults,
};
