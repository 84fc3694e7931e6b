import { expect, test } from "vitest";
import {
  type CycleForm,
  edgeKinds,
  GraphBuilder,
  type GraphDecision,
  type RelationOrder,
} from "../../../../checkers/transactions/dependencies.js";
import { severityOf } from "../../../../checkers/transactions/graph/cycle.js";
import { decideGraph } from "../../../../checkers/transactions/graph/decide.js";
import { plainTransactions, transactionsOver } from "./made.js";

const { ww, wr, rw } = edgeKinds;
const forms: readonly CycleForm[] = ["ww", "ww-wr", "one-rw", "prefix", "snapshot", "any"];

/** By class: the edges between 0, 1, 2 … in a row, of which an order may close the last to 0. */
const rows: readonly { name: string; kinds: readonly number[]; forbids: readonly CycleForm[] }[] = [
  { name: "G0", kinds: [ww, ww], forbids: forms },
  { name: "G1c", kinds: [ww, wr], forbids: forms.slice(1) },
  { name: "G-single-item", kinds: [wr, rw, wr], forbids: forms.slice(2) },
  { name: "G-nonadjacent-item", kinds: [rw, wr, rw, wr], forbids: forms.slice(3) },
  { name: "G2-item", kinds: [rw, rw, wr], forbids: ["any"] },
];

/** The last one of the row completes before the first begins, in one process or not; all else overlaps. */
function graphOf(kinds: readonly number[], closing: RelationOrder) {
  const size = kinds.length + (closing === "data" ? 0 : 1);
  const last = size - 1;
  const intervals = Array.from({ length: size }, (_, i) => {
    const overlapping = { process: i, invoked: i, completed: 300 + i };
    if (closing === "data" || (i > 0 && i < last)) return overlapping;
    if (i === 0) return { ...overlapping, invoked: 200 };
    return { process: closing === "process" ? 0 : last, invoked: 50, completed: 100 };
  });
  const sorted = [...intervals].sort((a, b) => a.invoked - b.invoked);
  const numberOf = (i: number): number => sorted.indexOf(intervals[i % size]!);
  const builder = new GraphBuilder(transactionsOver(sorted), new Uint8Array(size).fill(1));
  kinds.forEach((kind, i) => {
    builder.add(numberOf(i), numberOf(i + 1), kind, i);
  });
  return builder.seal();
}

function typesOf(decision: GraphDecision): string[] {
  return decision.holds === false ? decision.cycles.map(({ type }) => type) : [];
}

for (const { name, kinds, forbids } of rows) {
  test(`${name}: forbidden by ${forbids.join(", ")} only`, () => {
    const graph = graphOf(kinds, "data");
    for (const form of forms) {
      const decision = decideGraph(graph, { form, order: "data" });
      expect(decision.holds).toBe(!forbids.includes(form));
      if (decision.holds === false) expect(decision.cycles.map((c) => c.type)).toEqual([name]);
    }
  });

  // An edge of an order counts as wr does, so what closes G1c and the others stands for a wr edge.
  const open = name === "G0" ? kinds : kinds.slice(0, name === "G1c" ? 2 : -1);
  test(`${name}-process: only where the order of processes counts`, () => {
    const graph = graphOf(open, "process");
    expect(decideGraph(graph, { form: "any", order: "data" }).holds).toBe(true);
    for (const order of ["process", "realtime"] as const) {
      const decision = decideGraph(graph, { form: forbids[0]!, order });
      expect(decision).toMatchObject({ holds: false, components: 1, affected: open.length + 1 });
      if (decision.holds === false) expect(decision.cycles[0]!.type).toBe(`${name}-process`);
    }
  });

  test(`${name}-realtime: only where real time counts`, () => {
    const graph = graphOf(open, "realtime");
    for (const order of ["data", "process"] as const)
      expect(decideGraph(graph, { form: "any", order }).holds).toBe(true);
    const decision = decideGraph(graph, { form: forbids[0]!, order: "realtime" });
    expect(decision).toMatchObject({ holds: false, components: 1, affected: open.length + 1 });
    if (decision.holds === false) {
      expect(decision.cycles.map((c) => c.type)).toEqual([`${name}-realtime`]);
      expect(decision.cycles[0]!.edges.map((e) => e.kind)).toContain(edgeKinds.realtime);
    }
  });
}

test("a lost update is allowed by prefix consistency, not by snapshot isolation", () => {
  const graph = graphOf([rw, ww], "data");
  expect(decideGraph(graph, { form: "prefix", order: "data" }).holds).toBe(true);
  expect(decideGraph(graph, { form: "snapshot", order: "data" })).toMatchObject({
    holds: false,
    cycles: [{ type: "G-single-item" }],
  });
});

test("of parallel edges the one that makes the class worse is shown", () => {
  const builder = new GraphBuilder(graphOf([ww, ww], "data").transactions, Uint8Array.of(1, 1));
  builder.add(0, 1, rw, 1);
  builder.add(0, 1, wr, 2);
  builder.add(1, 0, rw, 3);
  builder.add(1, 0, ww, 4);
  expect(decideGraph(builder.seal(), { form: "any", order: "data" })).toMatchObject({
    cycles: [
      { type: "G1c", edges: [{ cause: 2 }, { cause: 4 }] },
      { type: "G-single-item", edges: [{ cause: 1 }, { cause: 4 }] },
    ],
  });
});

test("a walk through one transaction twice makes no class of its own", () => {
  const builder = new GraphBuilder(plainTransactions(4), new Uint8Array(4).fill(1));
  builder.add(0, 1, ww, 0);
  builder.add(1, 0, ww, 0);
  builder.add(0, 2, rw, 0);
  builder.add(2, 3, wr, 0);
  builder.add(3, 0, rw, 0);
  const decision = decideGraph(builder.seal(), { form: "any", order: "data" });
  // No two rw are adjacent if one comes by 1, but 0 is then met again.
  expect(typesOf(decision)).toEqual(["G0", "G2-item"]);
  expect(typesOf(decideGraph(builder.seal(), { form: "snapshot", order: "data" }))).toEqual(["G0"]);
});

test("where two rw are adjacent on the shortest way, a longer one may go round", () => {
  const builder = new GraphBuilder(plainTransactions(6), new Uint8Array(6).fill(1));
  builder.add(0, 1, ww, 0);
  builder.add(1, 0, ww, 0);
  builder.add(0, 2, rw, 0);
  builder.add(2, 3, wr, 0);
  builder.add(3, 0, rw, 0);
  builder.add(3, 4, rw, 0);
  builder.add(4, 5, wr, 0);
  builder.add(5, 0, wr, 0);
  const decision = decideGraph(builder.seal(), { form: "snapshot", order: "data" });
  expect(decision).toMatchObject({ cycles: [{ type: "G0" }, { type: "G-nonadjacent-item" }] });
  if (decision.holds === false) expect(decision.cycles[1]!.edges).toHaveLength(5);
});

test("each order may add a worse class than the ones without it", () => {
  const size = 6;
  const intervals = Array.from({ length: size }, (_, i) => ({
    process: i % 5,
    invoked: i < 5 ? i : 11,
    completed: i < 5 ? 5 + i : 12,
  }));
  const builder = new GraphBuilder(transactionsOver(intervals), new Uint8Array(size).fill(1));
  builder.add(1, 2, wr, 0);
  builder.add(2, 1, wr, 0);
  builder.add(1, 3, rw, 0);
  builder.add(3, 1, rw, 0);
  builder.add(5, 1, ww, 0);
  builder.add(1, 5, wr, 0);
  builder.add(5, 0, ww, 0);
  builder.add(5, 4, rw, 0);
  const found = (order: RelationOrder): string[] =>
    typesOf(decideGraph(builder.seal(), { form: "any", order }));
  expect(found("data")).toEqual(["G1c", "G2-item"]);
  expect(found("process")).toEqual(["G1c", "G2-item", "G0-process"]);
  expect(found("realtime")).toEqual(["G1c", "G2-item", "G0-process", "G-single-item-realtime"]);
});

test("what nobody saw complete precedes nobody, and what is absent is in no order", () => {
  const builder = new GraphBuilder(
    transactionsOver([
      { process: 0, invoked: 0, completed: undefined },
      { process: 1, invoked: 1, completed: undefined },
      { process: 2, invoked: 2, completed: 3 },
    ]),
    Uint8Array.of(1, 0, 1),
  );
  builder.add(2, 0, rw, 0);
  const decision = decideGraph(builder.seal(), { form: "any", order: "realtime" });
  expect(decision).toEqual({ holds: true, order: Int32Array.of(2, 0) });
});

test("the classes are ordered by name as the ladder goes", () => {
  const names = ["", "-process", "-realtime"].flatMap((suffix) =>
    rows.map((row) => row.name + suffix),
  );
  expect(names.map(severityOf)).toEqual(names.map((_, i) => i));
});
