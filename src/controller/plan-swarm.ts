/** What a swarm draws from the seed before anything else: which faults exist, how often, and the mix. */

import type { Swarm } from "../plan/plan.js";

/** What of a swarm is asked for rather than drawn. */
export interface SwarmRequest {
  /** Percent of the usual rate, by nemesis; 0 leaves it out. */
  rates?: Swarm["rates"];
  /** Weights, by function; 0 switches it off. */
  mix?: Swarm["mix"];
}
