/** Which litmus model a store is held to, and the enumerator of each. */

import { implied, modelEntry } from "../../lattice/lattice.js";
import { axiomatic } from "../axiomatic/index.js";
import { pso, sc, tso } from "../operational/index.js";
import type { Enumerate, LitmusModel } from "../program.js";

/** Strongest first; their names in the lattice of consistency models. */
const strength: readonly (readonly [LitmusModel, string])[] = [
  ["sc", "sequential"],
  ["tso", "tso"],
  ["pso", "pso"],
  ["causal-convergence", "causal-convergence"],
  ["coherence", "coherence"],
];

/**
 * The strongest litmus model that a promise implies; undefined where it implies none (eventual,
 * pram, and causal, which lets replicas disagree on the writes of one key).
 */
export function litmusModelOf(promise: string): LitmusModel | undefined {
  const entry = modelEntry(promise);
  if (entry === undefined) return undefined;
  const models = implied(entry.name);
  return strength.find(([, name]) => models.has(name))?.[0];
}

const machines: Partial<Record<LitmusModel, Enumerate>> = { sc, tso, pso };

export function enumeratorOf(model: LitmusModel): Enumerate {
  return machines[model] ?? axiomatic(model);
}

export const modelTitles: Readonly<Record<LitmusModel, string>> = {
  sc: "sequential consistency",
  tso: "total store order",
  pso: "partial store order",
  coherence: "coherence",
  "causal-convergence": "causal convergence",
};
