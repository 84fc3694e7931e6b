/** All models by their names, for one history. */

import type { History } from "../../../../histories/history.js";
import type { Json } from "../../../../src/base/json.js";
import { type Access, accessesOf, asValue, type Value } from "./accesses.js";
import { isCausal, isCausalMemory, isConvergent, isReleaseAcquire } from "./causal.js";
import { conclusive, isEventual, isStronglyConvergent } from "./eventual.js";
import { isCoherent, isPso, isSequential, isTso } from "./machines.js";
import { type Guarantee, guarantees, holdsGuarantees, type Reading } from "./sessions.js";
import { type Explanation, explanationsOf } from "./sources.js";
import { isPram, isProcessor, isSlow } from "./views.js";

/** "unknown" only of what is judged by final reads, where there are none. */
export type Truth = boolean | "unknown";

const byValues: Readonly<Record<string, (accesses: readonly Access[], init: Value) => boolean>> = {
  sequential: isSequential,
  tso: isTso,
  pso: isPso,
  coherence: isCoherent,
  processor: isProcessor,
  pram: isPram,
  slow: isSlow,
};

const bySources: Readonly<Record<string, (explanation: Explanation) => boolean>> = {
  causal: (explanation) => isCausal(explanation),
  "causal-convergence": (explanation) => isConvergent(explanation),
  "release-acquire": isReleaseAcquire,
  "causal-memory": isCausalMemory,
};

const byFinals: Readonly<Record<string, (explanation: Explanation) => boolean>> = {
  eventual: isEventual,
  "strong-convergence": isStronglyConvergent,
};

export const memoryModels: readonly string[] = [
  ...Object.keys(byValues),
  ...Object.keys(bySources),
  ...guarantees,
  ...Object.keys(byFinals),
];

export interface Oracle {
  allows(model: string): Truth;
  /** Without a reading: whether any reading allows it. */
  allowsSet(set: readonly Guarantee[], reading?: Reading): boolean;
}

/** What each model says of a history whose keys start with `init`. */
export function oracleOf(history: History, { init }: { init: Json }): Oracle {
  const accesses = accessesOf(history);
  const start = asValue(init);
  let known: Explanation[] | undefined;
  const explains = (holds: (explanation: Explanation) => boolean): boolean => {
    known ??= explanationsOf(accesses, start);
    return known.some(holds);
  };
  const allowsSet = (set: readonly Guarantee[], reading?: Reading): boolean =>
    reading === undefined
      ? allowsSet(set, "arbitration") || allowsSet(set, "views")
      : explains((explanation) => holdsGuarantees(explanation, set, reading));
  return {
    allowsSet,
    allows(model) {
      if (model in byValues) return byValues[model]!(accesses, start);
      if (model in bySources) return explains(bySources[model]!);
      if (guarantees.includes(model as Guarantee)) return allowsSet([model as Guarantee]);
      if (!(model in byFinals)) throw new Error(`the oracle knows no model ${model}`);
      if (!explains(byFinals[model]!)) return false;
      return conclusive(accesses).length > 0 || "unknown";
    },
  };
}

export function allows(model: string, history: History, options: { init: Json }): Truth {
  return oracleOf(history, options).allows(model);
}
