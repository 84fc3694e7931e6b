/**
 * Which memory models a history satisfies: each is decided unless the lattice knows already. First
 * what is cheap and rules out much; where that holds, sequential consistency, which implies the rest.
 */

import type { Columns } from "../../histories/columns.js";
import type { History } from "../../histories/history.js";
import type { Verdict } from "../checker.js";
import { implied, type Standing, standing, strongerThan } from "../lattice/lattice.js";
import { eventual, strongConvergence } from "./convergence/index.js";
import { type MemoryModelOptions, memoryModels } from "./models.js";
import { type SessionSets, sessionSetsOf } from "./session-sets.js";

export interface MemoryStanding extends Standing {
  /** Per undecided model, why. */
  reasons: ReadonlyMap<string, string>;
  /** The minimal sets of session guarantees that cannot hold together, where reads have one source each. */
  sessions?: SessionSets;
}

/** Cheap and telling first. */
const FIRST = ["causal-convergence", "pram", "sequential"];

/**
 * @param historyOf gives the history as objects, for what is judged of replicas in the end.
 * @param decided what was found of models that are no memory models (linearizable), by name.
 * @throws EventError for operations that no memory model speaks of.
 */
export function memoryStanding(
  columns: Columns,
  decided: ReadonlyMap<string, Verdict>,
  options: MemoryModelOptions = {},
  historyOf?: () => History,
): MemoryStanding {
  const verdicts = new Map(decided);
  const names = [...FIRST, ...[...memoryModels.keys()].filter((name) => !FIRST.includes(name))];
  for (const name of names) {
    if (isKnown(name, verdicts)) continue;
    verdicts.set(name, memoryModels.get(name)!.judge(columns, { ...options, anomaliesMax: 1 }));
  }
  if (historyOf !== undefined) {
    const history = historyOf();
    for (const { name, check } of [strongConvergence(options), eventual(options)]) {
      if (!isKnown(name, verdicts)) verdicts.set(name, check(history));
    }
  }
  const sessions = sessionSetsOf(columns, options);
  return { ...standingOf(verdicts), ...(sessions === undefined ? {} : { sessions }) };
}

/** What verdicts on some models say of all. */
export function standingOf(verdicts: ReadonlyMap<string, Verdict>): MemoryStanding {
  const of = (valid: Verdict["valid"]) => [...verdicts].filter(([, it]) => it.valid === valid);
  const typesOf = ({ anomalies }: Verdict): string[] =>
    [...new Set(anomalies.map(({ type }) => type))].sort();
  const known = standing(
    of(true).map(([name]) => name),
    new Map(of(false).map(([name, verdict]) => [name, typesOf(verdict)])),
  );
  const reasons = of("unknown").flatMap(([name, { reason }]) =>
    reason === undefined ? [] : [[name, reason] as const],
  );
  return { ...known, reasons: new Map(reasons) };
}

function isKnown(name: string, verdicts: ReadonlyMap<string, Verdict>): boolean {
  const holds = [...strongerThan(name)].some((other) => verdicts.get(other)?.valid === true);
  return holds || [...implied(name)].some((other) => verdicts.get(other)?.valid === false);
}
