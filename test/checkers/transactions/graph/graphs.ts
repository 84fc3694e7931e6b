/** Random dependency graphs of up to six transactions: intervals, processes, some of them absent. */

import fc from "fast-check";
import {
  type DependencyGraph,
  edgeKinds,
  GraphBuilder,
  VIA,
} from "../../../../checkers/transactions/dependencies.js";
import { outcomes } from "../../../../histories/columns.js";
import { type Interval, transactionsOver } from "./made.js";

const { ww, wr, rw } = edgeKinds;

interface Sketch {
  /** What happens, step by step: which process acts, and whether an outcome is lost. */
  steps: { process: number; isLost: boolean }[];
  absent: number[];
  edges: { from: number; to: number; kind: number }[];
  bundles: { readers: number[]; writers: number[] }[];
}

const place = fc.nat(5);
const sketches: fc.Arbitrary<Sketch> = fc.record({
  steps: fc.array(
    fc.record({ process: fc.nat(2), isLost: fc.integer({ min: 0, max: 9 }).map((n) => n === 0) }),
    { minLength: 8, maxLength: 12 },
  ),
  absent: fc.array(place, { maxLength: 2 }),
  edges: fc.array(
    fc.record({ from: place, to: place, kind: fc.constantFrom(ww, wr, wr, rw, rw, rw) }),
    { maxLength: 10 },
  ),
  bundles: fc.array(
    fc.record({
      readers: fc.uniqueArray(place, { maxLength: 3 }),
      writers: fc.uniqueArray(place, { maxLength: 3 }),
    }),
    { maxLength: 1 },
  ),
});

/** Sequential processes; one whose outcome is lost goes on under another number. */
function intervalsOf(steps: Sketch["steps"]): Interval[] {
  const intervals: Interval[] = [];
  const open = new Map<number, Interval>();
  const lost = new Map<number, number>();
  steps.forEach(({ process, isLost }, position) => {
    const current = open.get(process);
    if (current === undefined) {
      const interval: Interval = {
        process: process + 10 * (lost.get(process) ?? 0),
        invoked: position,
        completed: undefined,
      };
      intervals.push(interval);
      open.set(process, interval);
      return;
    }
    open.delete(process);
    if (isLost) lost.set(process, (lost.get(process) ?? 0) + 1);
    else current.completed = position;
  });
  return intervals;
}

function graphOf(sketch: Sketch): DependencyGraph {
  const transactions = transactionsOver(intervalsOf(sketch.steps));
  const { size, outcome } = transactions;
  const present = new Uint8Array(size).fill(1);
  for (const t of sketch.absent) if (t < size && outcome[t] === outcomes.info) present[t] = 0;
  const isThere = (t: number): boolean => present[t] === 1;
  const builder = new GraphBuilder(transactions, present);
  sketch.edges.forEach(({ from, to, kind }, cause) => {
    if (isThere(from) && isThere(to)) builder.add(from, to, kind, cause);
  });
  sketch.bundles.forEach(({ readers, writers }, b) => {
    const virtual = builder.virtual();
    const writing = writers.filter(isThere);
    const reading = readers.filter(isThere).filter((r) => !writing.includes(r));
    for (const r of reading) builder.add(r, virtual, rw, 100 + 10 * b + r);
    for (const w of writing) builder.add(virtual, w, VIA, 200 + 10 * b + w);
  });
  return builder.seal();
}

export const graphs = sketches.map(graphOf);
