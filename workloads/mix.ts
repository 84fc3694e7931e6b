/**
 * What a workload chooses among from one operation to the next, and how often it chooses each: the
 * functions of its service, mostly; patterns or parts of transactions where it is made of those.
 */

import { assert } from "../src/base/errors.js";
import type { PlanOptionValue } from "../src/plan/plan.js";
import type { Random } from "../src/random/random.js";
import type { Service } from "../systems/system.js";

/** Relative weights, whole numbers; 0: never. */
export type Mix = { readonly [f: string]: number };

/** What the usual weights may depend on. */
export interface MixScope {
  service: Service;
  /** The workload's own settings, and the system's. */
  options: { readonly [name: string]: PlanOptionValue };
}

export interface Mixable {
  /** The weights where nothing else is said: those of all that the service offers. */
  usual(scope: MixScope): Mix;
  /** What a swarm never leaves out, since without it nothing is written, or nothing read. */
  needed: readonly string[];
  /** The setting that says the same: where it is asked for, no swarm varies the mix. */
  setting?: string;
}

/** Draws from the mix of this plan, or from the usual one. One draw each, O(functions). */
export function chooser(
  scope: MixScope & { random: Random; mix?: Mix },
  { usual }: Mixable,
): () => string {
  const { random, mix = usual(scope) } = scope;
  return () => choose(random, mix);
}

export function choose(random: Random, mix: Mix): string {
  const entries = Object.entries(mix);
  let draw = random.int(entries.reduce((sum, [, weight]) => sum + weight, 0));
  const chosen = entries.find(([, weight]) => {
    draw -= weight;
    return draw < 0;
  });
  assert(chosen !== undefined, "a draw below the sum of the weights has its function");
  return chosen[0];
}
