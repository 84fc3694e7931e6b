/**
 * The classes of all simple cycles of a history, where its version orders leave no choice: the
 * letter of the definition, edge by edge.
 */

import {
  antiDependencies,
  clientDependencies,
  type Dependency,
  hasNoAdjacentRw,
  readDependencies,
  simpleCycles,
  writeDependencies,
} from "./dependencies.js";
import { type Case, distinctVersions } from "./models.js";
import { writesOf } from "./small-history.js";
import { knownVersions, type Version, type VersionOrders } from "./version-orders.js";

/** Worst first; each of them plain, then with a process edge, then with a realtime edge. */
const plainClasses = ["G0", "G1c", "G-single-item", "G-nonadjacent-item", "G2-item"] as const;

export const cycleClasses = ["", "-process", "-realtime"].flatMap((suffix) =>
  plainClasses.map((name) => name + suffix),
);

/** Undefined where some version order is free. */
export function cycleClassesOf(small: Case): Set<string> | undefined {
  const versions = onlyVersions(small);
  return versions && classesIn(small, versions);
}

/**
 * For each choice of version orders the worst class that it cannot do without; undefined for a
 * choice without cycles. Choices that let ww go round in a circle are left out.
 */
export function worstClassesOf(small: Case): (string | undefined)[] {
  return distinctVersions(small.orders).map((versions) => {
    const classes = classesIn(small, versions);
    return cycleClasses.find((name) => classes.has(name));
  });
}

function classesIn({ history }: Case, versions: VersionOrders): Set<string> {
  const data = [
    ...writeDependencies(versions),
    ...readDependencies(history),
    ...antiDependencies(history, versions),
  ];
  const process = clientDependencies(history, "process");
  const realtime = clientDependencies(history, "realtime");
  const classes = new Set<string>();
  for (const cycle of simpleCycles([...data, ...process])) {
    const isPlain = cycle.every((edge) => data.includes(edge));
    classes.add(plainClass(cycle) + (isPlain ? "" : "-process"));
  }
  for (const cycle of simpleCycles([...data, ...realtime])) {
    if (!cycle.every((edge) => data.includes(edge))) classes.add(`${plainClass(cycle)}-realtime`);
  }
  return classes;
}

function plainClass(cycle: readonly Dependency[]): string {
  const kinds = cycle.map(({ kind }) => kind);
  const rws = kinds.filter((kind) => kind === "rw").length;
  if (rws === 0) return kinds.includes("wr") ? "G1c" : "G0";
  if (rws === 1) return "G-single-item";
  return hasNoAdjacentRw(kinds) ? "G-nonadjacent-item" : "G2-item";
}

/** Lists of which at most one writer has elements that nobody read. */
function onlyVersions({ history }: Case): VersionOrders | undefined {
  if (history.service === "rw-register") return undefined;
  const versions = new Map<string, Version[]>();
  for (const key of history.keys) {
    const known = knownVersions(history, key);
    const unread = history.present
      .flatMap((writer) => writesOf(writer, key).map(({ value }) => ({ writer, value })))
      .filter(({ value }) => !known.some((version) => version.value === value));
    if (new Set(unread.map(({ writer }) => writer)).size > 1) return undefined;
    versions.set(key, [...known, ...unread]);
  }
  return versions;
}
