/**
 * Questions to the lattice of consistency models: what a model forbids altogether, what an anomaly
 * rules out, and what follows for all other models from those that were decided.
 */

import { assert } from "../../src/base/errors.js";
import { anomalyEntries } from "./anomalies.js";
import { type ModelEntry, modelEntries } from "./models.js";

const byName = new Map(modelEntries.map((entry) => [entry.name, entry]));
const anomalyByName = new Map(anomalyEntries.map((entry) => [entry.name, entry]));
const canonicalNames = new Map(
  modelEntries.flatMap(({ name, aliases }) => [name, ...aliases].map((alias) => [alias, name])),
);

const inLowerCase = new Map(
  [...canonicalNames].map(([alias, name]) => [alias.toLowerCase(), name]),
);

const implications = reach(modelEntries.map(({ name, implies }) => [name, implies]));
const stronger = reach(
  modelEntries.map(({ name }) => [
    name,
    modelEntries.flatMap((other) => (other.implies.includes(name) ? [other.name] : [])),
  ]),
);
const consequences = reach(anomalyEntries.map(({ name, implies }) => [name, implies]));

/** The model of this name or alias, in either case; undefined for a stranger. */
export function modelEntry(name: string): ModelEntry | undefined {
  return byName.get(canonicalNames.get(name) ?? inLowerCase.get(name.toLowerCase()) ?? name);
}

/** The models that hold wherever this one does, itself included. */
export function implied(model: string): ReadonlySet<string> {
  return known(implications, model);
}

/** The models that hold only where this one does, itself included. */
export function strongerThan(model: string): ReadonlySet<string> {
  return known(stronger, model);
}

/** All anomalies that rule a model out. */
export function forbidden(model: string): ReadonlySet<string> {
  const roots = new Set([...implied(model)].flatMap((name) => byName.get(name)!.forbids));
  const names = anomalyEntries.map(({ name }) => name);
  return new Set(
    names.filter((name) => [...known(consequences, name)].some((it) => roots.has(it))),
  );
}

/** All models that these anomalies rule out; names of no anomaly of the lattice rule out none. */
export function ruledOut(anomalies: Iterable<string>): ReadonlySet<string> {
  const present = new Set([...anomalies].flatMap((name) => [...(consequences.get(name) ?? [])]));
  const result = new Set<string>();
  for (const { name, forbids } of modelEntries) {
    if (!forbids.some((anomaly) => present.has(anomaly))) continue;
    for (const other of strongerThan(name)) result.add(other);
  }
  return result;
}

/** Those of a set of models that imply no other of it: the weakest, in the order of the table. */
export function weakest(models: ReadonlySet<string>): string[] {
  return inOrder(models, (name) => [...implied(name)]);
}

/** Those of a set of models that no other of it implies: the strongest, in the order of the table. */
export function strongest(models: ReadonlySet<string>): string[] {
  return inOrder(models, (name) => [...strongerThan(name)]);
}

/** What is known of every model of the table once some were decided. */
export interface Standing {
  satisfied: ReadonlySet<string>;
  /** With the anomalies that show it, none for a model that falls with a weaker one. */
  violated: ReadonlyMap<string, readonly string[]>;
  undecided: ReadonlySet<string>;
}

/**
 * Spreads decisions over the lattice: all that a satisfied model implies is satisfied, all that
 * implies a violated one is violated.
 */
export function standing(
  satisfied: Iterable<string>,
  violated: ReadonlyMap<string, readonly string[]>,
): Standing {
  const holds = new Set([...satisfied].flatMap((name) => [...implied(name)]));
  const fails = new Map<string, readonly string[]>();
  for (const { name } of modelEntries) {
    const shown = new Set<string>();
    let falls = false;
    for (const weaker of implied(name)) {
      const anomalies = violated.get(weaker);
      falls ||= anomalies !== undefined;
      for (const anomaly of anomalies ?? []) shown.add(anomaly);
    }
    if (falls) fails.set(name, [...shown].sort());
  }
  for (const name of holds) assert(!fails.has(name), `${name} both holds and is violated`);
  const names = modelEntries.map(({ name }) => name);
  return {
    satisfied: new Set(names.filter((name) => holds.has(name))),
    violated: fails,
    undecided: new Set(names.filter((name) => !holds.has(name) && !fails.has(name))),
  };
}

function inOrder(models: ReadonlySet<string>, related: (name: string) => string[]): string[] {
  const isExtreme = (name: string): boolean =>
    related(name).every((other) => other === name || !models.has(other));
  return modelEntries.map(({ name }) => name).filter((name) => models.has(name) && isExtreme(name));
}

function known(sets: ReadonlyMap<string, ReadonlySet<string>>, name: string): ReadonlySet<string> {
  const set = sets.get(name);
  assert(set !== undefined, `${name} is not in the lattice`);
  return set;
}

/** What each name reaches, itself included. */
function reach(
  edges: readonly (readonly [string, readonly string[]])[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const next = new Map(edges);
  const from = (start: string): ReadonlySet<string> => {
    const seen = new Set([start]);
    for (const name of seen) for (const other of next.get(name) ?? []) seen.add(other);
    return seen;
  };
  return new Map(edges.map(([name]) => [name, from(name)]));
}

/** Whether the lattice knows an anomaly of this name. */
export function isAnomaly(name: string): boolean {
  return anomalyByName.has(name);
}

/** What an anomaly is, in a few words; undefined for a name that the lattice does not have. */
export function summaryOf(anomaly: string): string | undefined {
  return anomalyByName.get(anomaly)?.summary;
}
