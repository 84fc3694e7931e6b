/** Looking a thing up by name, and saying which names are near when there is none. */

import { distance } from "fastest-levenshtein";
import { UsageError } from "./errors.js";

/** The candidates nearest to `name`, best first, at most `count`; only those plausibly meant. */
export function closest(name: string, candidates: Iterable<string>, count = 3): string[] {
  const wanted = name.toLowerCase();
  return [...candidates]
    .map((candidate) => ({ candidate, cost: spellingCost(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, cost }) => cost <= 1 || isSlip(wanted, candidate.toLowerCase(), cost))
    .sort((a, b) => a.cost - b.cost || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** Who mistypes more than a letter has the first one right, as a rule. */
function isSlip(wanted: string, candidate: string, cost: number): boolean {
  return wanted[0] === candidate[0] && cost <= Math.ceil(wanted.length / 3);
}

/** A prefix is what people type when they abbreviate: it counts as near, whatever is missing. */
function spellingCost(wanted: string, candidate: string): number {
  return candidate.startsWith(wanted) && wanted !== "" ? 1 : distance(wanted, candidate);
}

/**
 * The entry called `name`.
 * @throws UsageError naming the nearest entries, or all of them when none is near.
 */
export function lookUp<T>(kind: string, name: string, entries: ReadonlyMap<string, T>): T {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  throw new UsageError(unknownName(kind, name, entries.keys()));
}

export function unknownName(kind: string, name: string, known: Iterable<string>): string {
  const all = [...known];
  const near = closest(name, all);
  if (all.length === 0) return `unknown ${kind} "${name}": there is none`;
  const hint = near.length > 0 ? `did you mean ${near.join(", ")}?` : `known: ${all.join(", ")}`;
  return `unknown ${kind} "${name}": ${hint}`;
}
