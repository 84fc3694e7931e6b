/**
 * Names of cycles as diy gives them: the family, and what stands between the accesses of each thread.
 *
 * The table of families is that of diy and of L. Maranget, S. Sarkar, P. Sewell, A Tutorial Introduction to
 * the ARM and POWER Relaxed Memory Models, 2012. A family without a name of its own is called by its
 * threads: `WW+RR+WR+WW`. Leaves out the counters that diy appends where names repeat, and the letters by
 * which it tells apart longer threads whose relations alone do not.
 */

import { type Cycle, type CycleThread, isSingleLocation, type Points } from "./cycle.js";
import { type Edge, isFenced } from "./edge.js";

const families: Readonly<Record<string, string>> = {
  "WW+RR": "MP",
  "WW+WR": "R",
  "WW+RW": "S",
  "W+RW+RR": "WRC",
  "W+RR+WR": "RWC",
  "W+RW+RW": "WWC",
  "W+RW+WR": "WRW+WR",
  "W+RR+WW": "WRR+2W",
  "W+RW+WW": "WRW+2W",
  "WW+RR+WR": "W+RWC",
  "WW+RW+RR": "ISA2",
  "WW+RW+WR": "Z6.0",
  "WW+WW+RW": "Z6.1",
  "WW+RW+RW": "Z6.2",
  "WW+WW+RR": "Z6.3",
  "WW+WR+WR": "Z6.4",
  "WW+WW+WR": "Z6.5",
  "W+RR+W+RR": "IRIW",
  "W+RR+W+RW": "IRRWIW",
  "W+RW+W+RW": "IRWIW",
};

const familiesOfOneLocation: Readonly<Record<string, string>> = {
  WW: "CoWW",
  RW: "CoRW1",
  WR: "CoWR0",
  "W+RW": "CoRW2",
  "W+WR": "CoWR",
  "W+RR": "CoRR",
};

/** Families of any number of equal threads; two of them are the letters alone. */
const rings: Readonly<Partial<Record<Points, string>>> = { WR: "SB", RW: "LB", WW: "2W" };

/** Of cycles of one location: the name, undefined where it has none of its own. */
export function coherenceFamilyOf(word: readonly Points[]): string | undefined {
  return familiesOfOneLocation[word.join("+")];
}

/** The family's name, undefined where it has none; `word` in the order of the least rotation. */
export function familyOf(word: readonly Points[]): string | undefined {
  const ring = rings[word[0]!];
  if (ring !== undefined && word.length >= 2 && word.every((points) => points === word[0])) {
    return word.length > 2 ? `${word.length}.${ring}` : ring === "2W" ? "2+2W" : ring;
  }
  return families[word.join("+")];
}

export function nameOf(cycle: Cycle): string {
  const word = cycle.threads.map(({ points }) => points);
  const coherence = isSingleLocation(cycle) ? coherenceFamilyOf(word) : undefined;
  const family = coherence ?? familyOf(word) ?? word.join("+");
  const between = cycle.threads.filter(({ inner }) => inner.length > 0).map(relationsOf);
  const [first] = between;
  const same = between.every((one) => one === first);
  if (first === undefined || (same && first === "po")) return family;
  if (same && between.length === 1) return first === "pos" ? family : `${family}+${first}`;
  return same ? `${family}+${first}s` : `${family}+${between.join("+")}`;
}

function relationsOf({ inner }: CycleThread): string {
  return inner.map(nameOfEdge).join("-");
}

function nameOfEdge(one: Edge): string {
  if (one.relation === "Pod") return "po";
  if (isFenced(one)) return one.relation === "MFences" ? "mfences" : "mfence";
  return one.relation.toLowerCase();
}
