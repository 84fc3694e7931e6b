/** The solver answers as if it had tried every order of the open keys' versions. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  type CaseTree,
  type Criterion,
  type CycleForm,
  type DependencyGraph,
  edgeKinds,
  GraphBuilder,
  type OpenKey,
  type RelationOrder,
} from "../../../../checkers/transactions/dependencies.js";
import { decideGraph } from "../../../../checkers/transactions/graph/decide.js";
import { leavesOf } from "../../../../checkers/transactions/solver/case-tree.js";
import { keyOfChoice } from "../../../../checkers/transactions/solver/choices.js";
import { complete } from "../../../../checkers/transactions/solver/completion.js";
import { solveGraph } from "../../../../checkers/transactions/solver/solve.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../../oracle/runs.js";
import { transactionsOver } from "../graph/made.js";
import { isForbidden, naiveEdges } from "../graph/naive.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

const forms: readonly CycleForm[] = ["ww", "ww-wr", "one-rw", "prefix", "snapshot", "any"];
const orders: readonly RelationOrder[] = ["data", "process", "realtime"];

describe("on small graphs with open keys", () => {
  it(`holds iff some order of the versions has no forbidden cycle ${withSeed}`, () => {
    onGraphs((graph, criterion) => {
      const { holds } = solveGraph(graph, criterion);
      expect(holds).toBe(
        someCompletion(graph, (each) => decideGraph(each, criterion).holds === true),
      );
    });
  });

  it(`proves what does not hold by cycles that every order of the versions runs into ${withSeed}`, () => {
    onGraphs((graph, criterion) => {
      const decision = solveGraph(graph, criterion);
      if (decision.holds !== false) return;
      expect(decision.cycles.length).toBeGreaterThan(0);
      if (decision.contradiction === undefined) {
        expect(decideGraph({ ...graph, open: [] }, criterion).holds).toBe(false);
        return;
      }
      expect(decision.cycles).toHaveLength(leavesOf(decision.contradiction).length);
      expectProof(graph, criterion, decision.contradiction, []);
    });
  });

  it(`gives orders of all versions of all open keys when it holds ${withSeed}`, () => {
    onGraphs((graph, criterion) => {
      const decision = solveGraph(graph, criterion);
      if (decision.holds !== true || graph.open.length === 0) return;
      const sorted = decision.versions!.map((order) => [...order].sort((a, b) => a - b));
      expect(sorted).toEqual(graph.open.map(({ writers }) => [...writers.keys()]));
      expect(decideGraph(complete(graph, decision.versions!), criterion).holds).toBe(true);
    });
  });
});

/** Each leaf is a forbidden cycle of edges that the graph has or that the choices above it imply. */
function expectProof(
  graph: DependencyGraph,
  criterion: Criterion,
  tree: CaseTree,
  chosen: readonly { key: number; first: number; second: number }[],
): void {
  if (tree.kind === "choice") {
    const { key, writers, cases } = tree;
    const [a, b] = writers;
    expectProof(graph, criterion, cases[0], [...chosen, { key, first: a, second: b }]);
    expectProof(graph, criterion, cases[1], [...chosen, { key, first: b, second: a }]);
    return;
  }
  const { edges } = tree.cycle;
  const known = naiveEdges(graph, criterion.order);
  edges.forEach(({ from, to, kind, cause }, i) => {
    expect(to).toBe(edges[(i + 1) % edges.length]!.from);
    const key = keyOfChoice(cause);
    if (key === undefined) {
      expect(known).toContainEqual({ from, to, kind });
      return;
    }
    const { writers, readers } = graph.open.find((open) => open.key === key)!;
    const isImplied = chosen.some(({ key: k, first, second }) => {
      if (k !== key || second !== to) return false;
      if (kind === edgeKinds.ww) return first === from;
      return readers[writers.indexOf(first)]!.includes(from);
    });
    expect(isImplied).toBe(true);
  });
  expect(isForbidden(edges, criterion.form)).toBe(true);
}

function someCompletion(
  graph: DependencyGraph,
  test: (completed: DependencyGraph) => boolean,
  chosen: readonly Int32Array[] = [],
): boolean {
  const next = graph.open[chosen.length];
  if (next === undefined) return test(complete(graph, chosen));
  return permutations([...next.writers.keys()]).some((order) =>
    someCompletion(graph, test, [...chosen, Int32Array.from(order)]),
  );
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

function onGraphs(check: (graph: DependencyGraph, criterion: Criterion) => void): void {
  const property = fc.property(
    graphs,
    fc.constantFrom(...forms),
    fc.constantFrom(...orders),
    (made, form, order) => {
      check(graphOf(made), { form, order });
    },
  );
  fc.assert(property, { seed: oracleSeed, numRuns: oracleRuns });
}

interface Made {
  /** Places of the events of each transaction among all. */
  spans: readonly { start: number; length: number; process: number; isInfo: boolean }[];
  edges: readonly { from: number; to: number; kind: number }[];
  open: readonly {
    writers: readonly number[];
    readers: readonly { reader: number; version: number }[];
  }[];
  isWrShown: boolean;
}

/** How many there are of so many versions. */
const orderings = [1, 1, 2, 6, 24];
const size = 6;
const transaction = fc.nat(size - 1);
const graphs: fc.Arbitrary<Made> = fc.record({
  spans: fc.array(
    fc.record({
      start: fc.nat(11),
      length: fc.integer({ min: 1, max: 8 }),
      process: fc.nat(3),
      isInfo: fc.nat(9).map((n) => n === 0),
    }),
    { minLength: size, maxLength: size },
  ),
  edges: fc.array(
    fc.record({
      from: transaction,
      to: transaction,
      kind: fc.constantFrom(edgeKinds.ww, edgeKinds.wr, edgeKinds.rw),
    }),
    { maxLength: 3 },
  ),
  open: fc
    .array(
      fc.record({
        writers: fc.uniqueArray(transaction, { minLength: 2, maxLength: 4 }),
        // Versions that nobody read are common: of lists all open ones are.
        readers: fc.oneof(
          fc.constant([]),
          fc.array(fc.record({ reader: transaction, version: fc.nat(3) }), { maxLength: 5 }),
        ),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .filter(
      (keys) => keys.reduce((all, { writers }) => all * orderings[writers.length]!, 1) <= 300,
    ),
  isWrShown: fc.nat(3).map((n) => n > 0),
});

/** Transactions in order of invocation; every reader of a version depends on its writer, as it does in histories, or mostly. */
function graphOf({ spans, edges, open, isWrShown }: Made): DependencyGraph {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  const moments = sorted
    .flatMap(({ start, length }, t) => [
      { t, at: start, isEnd: false },
      { t, at: start + length, isEnd: true },
    ])
    .sort((a, b) => a.at - b.at || Number(a.isEnd) - Number(b.isEnd) || a.t - b.t);
  const place = (t: number, isEnd: boolean) =>
    moments.findIndex((m) => m.t === t && m.isEnd === isEnd);
  const order = sorted.map((_, t) => t).sort((a, b) => place(a, false) - place(b, false));
  const busy = new Map<number, number>();
  const transactions = transactionsOver(
    order.map((t) => {
      const invoked = place(t, false);
      const completed = sorted[t]!.isInfo ? undefined : place(t, true);
      // Nobody does two things at once.
      let { process } = sorted[t]!;
      while ((busy.get(process) ?? -1) > invoked) process += 10;
      busy.set(process, completed ?? Number.POSITIVE_INFINITY);
      return { process, invoked, completed };
    }),
  );
  const builder = new GraphBuilder(transactions, new Uint8Array(size).fill(1));
  for (const { from, to, kind } of edges) builder.add(from, to, kind, 0);
  const openKeys = open.map(({ writers, readers }, key): OpenKey => {
    const lists = writers.map((writer, version) => {
      const read = readers.filter((one) => one.version % writers.length === version);
      const list = [...new Set(read.map(({ reader }) => reader))].filter((r) => r !== writer);
      if (isWrShown) for (const reader of list) builder.add(writer, reader, edgeKinds.wr, 0);
      return Int32Array.from(list);
    });
    return { key, writers: Int32Array.from(writers), readers: lists };
  });
  return builder.seal(openKeys);
}
