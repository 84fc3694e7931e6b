import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type CycleForm,
  edgeKinds,
  GraphBuilder,
  type RelationOrder,
} from "../../../../checkers/transactions/dependencies.js";
import { decideGraph } from "../../../../checkers/transactions/graph/decide.js";
import { graphs } from "./graphs.js";
import { plainTransactions, transactionsOver } from "./made.js";
import { isForbidden, naiveCycles, naiveEdges, nameOf } from "./naive.js";

const { ww, wr, rw } = edgeKinds;
const runs = Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 1000);

test("without a budget a forbidden cycle is shown still, under its right name", () => {
  fc.assert(
    fc.property(
      graphs,
      fc.constantFrom<CycleForm>("ww", "ww-wr", "one-rw", "prefix", "snapshot", "any"),
      fc.constantFrom<RelationOrder>("data", "process", "realtime"),
      fc.nat(60),
      (graph, form, order, searchingSteps) => {
        const expected = naiveCycles(graph, { form, order });
        const decision = decideGraph(graph, { form, order }, { decidingSteps: -1, searchingSteps });
        if (decision.holds === "unknown") {
          expect(form).toBe("one-rw");
          return;
        }
        expect(decision.holds).toBe(expected.components === 0);
        if (decision.holds) return;
        expect(decision.cycles.length).toBeGreaterThan(0);
        if (form !== "one-rw") expect(decision.components).toBe(expected.components);
        const known = naiveEdges(graph, order);
        for (const { type, edges } of decision.cycles) {
          expect(type).toBe(nameOf(edges));
          expect(isForbidden(edges, form)).toBe(true);
          expect(new Set(edges.map((e) => e.from)).size).toBe(edges.length);
          edges.forEach((edge, i) => {
            expect(edge.to).toBe(edges[(i + 1) % edges.length]!.from);
            expect(known).toContainEqual({ from: edge.from, to: edge.to, kind: edge.kind });
          });
        }
      },
    ),
    { numRuns: runs },
  );
});

test("with a budget and without, the same graph gets the same answer twice", () => {
  fc.assert(
    fc.property(graphs, fc.nat(100), (graph, searchingSteps) => {
      const criterion = { form: "any", order: "realtime" } as const;
      const first = decideGraph(graph, criterion, { searchingSteps });
      expect(decideGraph(graph, criterion, { searchingSteps })).toEqual(first);
    }),
    { numRuns: runs },
  );
});

const present = (size: number): Uint8Array => new Uint8Array(size).fill(1);

/** Everybody before the next in one long chain that the first closes. */
function ring(size: number): GraphBuilder {
  const builder = new GraphBuilder(plainTransactions(size), present(size));
  for (let t = 0; t < size; t++) builder.add(t, (t + 1) % size, ww, t);
  return builder;
}

test("two that wait for each other are found in a component of 50,000 with a look at each edge or two", () => {
  const size = 50_000;
  const builder = ring(size);
  builder.add(41_001, 41_000, ww, size);
  const decision = decideGraph(
    builder.seal(),
    { form: "any", order: "data" },
    { searchingSteps: 5 * size },
  );
  expect(decision).toMatchObject({ holds: false, components: 1, affected: size });
  if (decision.holds !== false) return;
  expect(decision.cycles).toEqual([
    {
      type: "G0",
      edges: [
        { from: 41_000, to: 41_001, kind: ww, cause: 41_000 },
        { from: 41_001, to: 41_000, kind: ww, cause: size },
      ],
    },
  ]);
});

test("a ring of 20,000 without a shorter way is shown whole when the budget is over", () => {
  const size = 20_000;
  const decision = decideGraph(
    ring(size).seal(),
    { form: "ww", order: "data" },
    { searchingSteps: 2 * size },
  );
  expect(decision.holds).toBe(false);
  if (decision.holds === false) expect(decision.cycles[0]!.edges).toHaveLength(size);
});

test("readers and writers in a bundle cost their sum, not their product", () => {
  const size = 40_000;
  const builder = new GraphBuilder(plainTransactions(size), present(size));
  const virtual = builder.virtual();
  for (let t = 0; t < size / 2; t++) builder.add(t, virtual, rw, t);
  for (let t = size / 2; t < size; t++) builder.add(virtual, t, 0, t);
  builder.add(size - 1, 0, wr, 0);
  builder.add(size - 2, 3, rw, 0);
  const decision = decideGraph(
    builder.seal(),
    { form: "any", order: "realtime" },
    { decidingSteps: 4 * size, searchingSteps: 4 * size },
  );
  expect(decision.holds).toBe(false);
  if (decision.holds !== false) return;
  expect(decision.cycles).toEqual([
    {
      type: "G-single-item",
      edges: [
        { from: 0, to: size - 1, kind: rw, cause: 0, via: size - 1 },
        { from: size - 1, to: 0, kind: wr, cause: 0 },
      ],
    },
  ]);
});

/** One after another, so that real time alone has half a billion pairs. */
function sequentially(size: number): GraphBuilder {
  const intervals = Array.from({ length: size }, (_, t) => ({
    process: t % 7,
    invoked: 2 * t,
    completed: 2 * t + 1,
  }));
  return new GraphBuilder(transactionsOver(intervals), present(size));
}

test("a stale read is found among 30,000 transactions that came one after another", () => {
  const size = 30_000;
  const builder = sequentially(size);
  for (let t = 1; t < size; t++) builder.add(t - 1, t, wr, t);
  builder.add(20_000, 100, rw, 7);
  builder.add(25_001, 25_000, rw, 8);
  const graph = builder.seal();
  const decision = decideGraph(
    graph,
    { form: "any", order: "realtime" },
    { searchingSteps: 5 * size },
  );
  expect(decision).toMatchObject({ holds: false, components: 2, affected: 19_903 });
});

test("in a large component that real time closes the two that suffice are found", () => {
  const size = 1_161;
  const builder = sequentially(size);
  for (let t = 0; t + 400 < size; t++) builder.add(t + 400, t, rw, t);
  const decision = decideGraph(
    builder.seal(),
    { form: "any", order: "realtime" },
    { searchingSteps: 2 * size },
  );
  expect(decision).toMatchObject({ holds: false, components: 1, affected: size });
  if (decision.holds !== false) return;
  expect(decision.cycles.at(-1)).toEqual({
    type: "G-single-item-realtime",
    edges: [
      { from: 0, to: 400, kind: edgeKinds.realtime, cause: -1 },
      { from: 400, to: 0, kind: rw, cause: 0 },
    ],
  });
});

test("of very many components some are shown, the worst first, and all are counted", () => {
  const size = 2_000;
  const builder = new GraphBuilder(plainTransactions(size), present(size));
  for (let t = 0; t < size; t += 2) {
    builder.add(t, t + 1, rw, 0);
    builder.add(t + 1, t, t === 1_500 ? ww : rw, 0);
  }
  const decision = decideGraph(builder.seal(), { form: "any", order: "data" });
  expect(decision).toMatchObject({ holds: false, components: 1_000, affected: size });
  if (decision.holds !== false) return;
  expect(decision.cycles.map((c) => [c.type, c.edges[0]!.from])).toEqual([
    ["G-single-item", 1_500],
    ...Array.from({ length: 16 }, (_, i) => ["G2-item", 2 * i]),
  ]);
});

test("of very many components with many classes each class is shown, and as many of each", () => {
  const size = 2_000;
  const builder = new GraphBuilder(plainTransactions(size), present(size));
  for (let t = 0; t < size; t += 4) {
    const [first, second] = t % 8 === 0 ? [ww, ww] : [ww, wr];
    builder.add(t, t + 1, first, 0);
    builder.add(t + 1, t, second, 0);
    builder.add(t + 2, t + 3, wr, 0);
    builder.add(t + 1, t + 2, t < 1_990 ? rw : wr, 0);
    builder.add(t + 3, t, rw, 0);
  }
  for (const [cyclesMax, each] of [
    [16, 16],
    [3, 3],
    [1, 1],
  ] as const) {
    const decision = decideGraph(builder.seal(), { form: "any", order: "data" }, { cyclesMax });
    expect(decision).toMatchObject({ holds: false, components: 500, affected: size });
    if (decision.holds !== false) return;
    const count = (type: string): number =>
      decision.cycles.filter((cycle) => cycle.type === type).length;
    expect([count("G0"), count("G1c"), count("G-nonadjacent-item")]).toEqual([each, each, each]);
    expect(count("G-single-item")).toBe(Math.min(each, 2));
  }
});

test("in a component of more than 2,000 only the worst class is looked for", () => {
  const found = (size: number): unknown => {
    const builder = ring(size);
    builder.add(1, 0, rw, size);
    const decision = decideGraph(builder.seal(), { form: "any", order: "data" });
    return decision.holds === false && decision.cycles.map(({ type }) => type);
  };
  expect(found(2_000)).toEqual(["G0", "G-single-item"]);
  expect(found(2_001)).toEqual(["G0"]);
});
