import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type CycleForm,
  type DependencyGraph,
  edgeKinds,
  GraphBuilder,
  type RelationOrder,
  VIA,
} from "../../../../checkers/transactions/dependencies.js";
import { decideGraph } from "../../../../checkers/transactions/graph/decide.js";
import { outcomes } from "../../../../histories/columns.js";
import { type Interval, transactionsOver } from "./made.js";
import { naiveCycles, naiveEdges } from "./naive.js";

const { ww, wr, rw } = edgeKinds;
const forms: readonly CycleForm[] = ["ww", "ww-wr", "one-rw", "prefix", "snapshot", "any"];
const orders: readonly RelationOrder[] = ["data", "process", "realtime"];
const runs = Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 2000);

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

const graphs = sketches.map(graphOf);

for (const form of forms)
  for (const order of orders)
    test(`${form} with ${order}: each component has the cycle that the definitions give it`, () => {
      fc.assert(
        fc.property(graphs, (graph) => {
          const expected = naiveCycles(graph, { form, order });
          const decision = decideGraph(graph, { form, order });
          expect(decision.holds).toBe(expected.length === 0);
          if (decision.holds !== false) return;
          expect(decision.components).toBe(expected.length);
          expect(
            decision.cycles.map((c) => ({
              type: c.type,
              length: c.edges.length,
              members: c.edges.map((e) => e.from).sort((a, b) => a - b),
            })),
          ).toEqual(expected);
        }),
        { numRuns: runs },
      );
    });

test("the edges of a cycle are edges of the graph, with what caused them, end to end", () => {
  fc.assert(
    fc.property(
      graphs,
      fc.constantFrom(...forms),
      fc.constantFrom(...orders),
      (graph, form, order) => {
        const decision = decideGraph(graph, { form, order });
        if (decision.holds !== false) return;
        const known = naiveEdges(graph, order);
        for (const { edges } of decision.cycles) {
          expect(edges[0]!.from).toBe(Math.min(...edges.map((e) => e.from)));
          edges.forEach((edge, i) => {
            expect(edge.to).toBe(edges[(i + 1) % edges.length]!.from);
            expect(known).toContainEqual({ from: edge.from, to: edge.to, kind: edge.kind });
            if (edge.kind > rw) expect(edge.cause).toBe(-1);
            else if (edge.via !== undefined) {
              expect(edge.cause % 10).toBe(edge.from);
              expect(edge.via % 10).toBe(edge.to);
            } else
              expect(
                [...graph.cause].flatMap((c, e) => (c === edge.cause ? [graph.kind[e]] : [])),
              ).toEqual([edge.kind]);
          });
        }
      },
    ),
    { numRuns: runs },
  );
});

test("an order that is returned has all edges leading forward, and everybody once", () => {
  fc.assert(
    fc.property(graphs, fc.constantFrom(...orders), (graph, order) => {
      const decision = decideGraph(graph, { form: "any", order });
      if (decision.holds !== true) return;
      const position = new Map([...decision.order!].map((t, i) => [t, i]));
      expect(position.size).toBe(decision.order!.length);
      expect(position.size).toBe(graph.present.reduce((sum, p) => sum + p, 0));
      for (const { from, to } of naiveEdges(graph, order))
        expect(position.get(from)!).toBeLessThan(position.get(to)!);
    }),
    { numRuns: runs },
  );
});

test("of snapshots and commits, too", () => {
  fc.assert(
    fc.property(
      graphs,
      fc.constantFrom<CycleForm>("snapshot", "prefix"),
      fc.constantFrom(...orders),
      (graph, form, order) => {
        const decision = decideGraph(graph, { form, order });
        if (decision.holds !== true) return;
        const position = new Map([...decision.order!].map((event, i) => [event, i]));
        expect(position.size).toBe(2 * graph.present.reduce((sum, p) => sum + p, 0));
        const before = (a: number, b: number): void =>
          expect(position.get(a)!).toBeLessThan(position.get(b)!);
        graph.present.forEach((p, t) => {
          if (p === 1) before(2 * t, 2 * t + 1);
        });
        for (const { from, to, kind } of naiveEdges(graph, order)) {
          if (kind === rw) before(2 * from, 2 * to + 1);
          else before(2 * from + 1, kind === ww && form === "prefix" ? 2 * to + 1 : 2 * to);
        }
      },
    ),
    { numRuns: runs },
  );
});
