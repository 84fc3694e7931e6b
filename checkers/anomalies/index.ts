/**
 * The catalogue of anomalies: every name that a checker may give, with the one sentence that says what
 * it means wherever it is found. A message tells the case at hand; this tells the kind.
 *
 * The names of isolation anomalies are the lattice's; checkers of one subject bring their own.
 */

import type { Checker } from "../checker.js";
import { anomalyEntries } from "../lattice/anomalies.js";
import { logAnomalies } from "./logs.js";
import { memoryAnomalies, memoryFamilies } from "./memory.js";
import { objectAnomalies } from "./objects.js";
import { transactionAnomalies } from "./transactions.js";

export interface AnomalyKind {
  /** The type of the anomaly; of a family, examples. */
  name: string;
  summary: string;
}

/** Every anomaly by name: those known here, and those that the checkers given bring along. */
export function anomaliesOf(
  checkers: Iterable<Pick<Checker, "anomalies">>,
): ReadonlyMap<string, AnomalyKind> {
  const kinds = new Map<string, AnomalyKind>();
  const tables = [
    objectAnomalies,
    Object.fromEntries(anomalyEntries.map(({ name, summary }) => [name, summary])),
    transactionAnomalies,
    logAnomalies,
    memoryAnomalies,
    ...[...checkers].map(({ anomalies = {} }) => anomalies),
  ];
  for (const table of tables) {
    // What several know by one name is told by the first: single objects before transactions.
    for (const [name, summary] of Object.entries(table)) {
      if (!kinds.has(name)) kinds.set(name, { name, summary });
    }
  }
  for (const { of, summary } of memoryFamilies) kinds.set(of, { name: of, summary });
  return kinds;
}

/** What an anomaly of this type is; undefined for a name that no checker should give. */
export function kindOf(
  kinds: ReadonlyMap<string, AnomalyKind>,
  type: string,
): AnomalyKind | undefined {
  const family = memoryFamilies.find(({ pattern }) => pattern.test(type));
  return kinds.get(type) ?? (family === undefined ? undefined : kinds.get(family.of));
}
