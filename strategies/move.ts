/** A move: the smallest change that a mutation makes to a plan. */

import type { Plan } from "../src/plan/plan.js";
import type { Random } from "../src/random/random.js";

/** The changed plan; the plan itself where the move does not apply to it. */
export type Move = (plan: Plan, random: Random) => Plan;
