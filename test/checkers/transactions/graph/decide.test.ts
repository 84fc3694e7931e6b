import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type CycleForm,
  edgeKinds,
  type RelationOrder,
} from "../../../../checkers/transactions/dependencies.js";
import { severityOf } from "../../../../checkers/transactions/graph/cycle.js";
import { decideGraph } from "../../../../checkers/transactions/graph/decide.js";
import { graphs } from "./graphs.js";
import { type NaiveCycle, type NaiveDecision, naiveCycles, naiveEdges } from "./naive.js";

const { ww, rw } = edgeKinds;
const forms: readonly CycleForm[] = ["ww", "ww-wr", "one-rw", "prefix", "snapshot", "any"];
const orders: readonly RelationOrder[] = ["data", "process", "realtime"];
const runs = Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 1000);

/** Of the worst cycle of a component the transactions count, too: it is the earliest. */
function byComponent(
  cycles: readonly NaiveCycle[],
  { componentOf }: NaiveDecision,
): Map<number | undefined, unknown[]> {
  const told = new Map<number | undefined, unknown[]>();
  for (const { type, length, members } of cycles) {
    const component = componentOf[members[0]!];
    const before = told.get(component);
    if (before === undefined) told.set(component, [{ type, members }]);
    else before.push({ type, length });
  }
  return told;
}

for (const form of forms)
  for (const order of orders)
    test(`${form} with ${order}: each component has the cycles that the definitions give it`, () => {
      fc.assert(
        fc.property(graphs, (graph) => {
          const expected = naiveCycles(graph, { form, order });
          const decision = decideGraph(graph, { form, order });
          expect(decision.holds).toBe(expected.components === 0);
          if (decision.holds !== false) return;
          expect(decision.components).toBe(expected.components);
          const found = decision.cycles.map((c) => ({
            type: c.type,
            length: c.edges.length,
            members: c.edges.map((e) => e.from).sort((a, b) => a - b),
          }));
          expect(found.map((c) => severityOf(c.type))).toEqual(
            found.map((c) => severityOf(c.type)).sort((a, b) => a - b),
          );
          expect(byComponent(found, expected)).toEqual(byComponent(expected.cycles, expected));
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
