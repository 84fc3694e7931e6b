import { expect, test } from "vitest";
import { edgeKinds, GraphBuilder, VIA } from "../../../checkers/transactions/dependencies.js";
import { plainTransactions } from "./graph/made.js";

const everybody = (size: number) => new Uint8Array(size).fill(1);

test("the edges of a node stand together, in the order in which they were added", () => {
  const builder = new GraphBuilder(plainTransactions(3), everybody(3));
  builder.add(2, 0, edgeKinds.rw, 7);
  builder.add(0, 1, edgeKinds.ww, 1);
  builder.add(2, 1, edgeKinds.wr, 8);
  builder.add(0, 1, edgeKinds.rw, 2);
  const graph = builder.seal();
  expect([...graph.start]).toEqual([0, 2, 2, 4]);
  expect([...graph.target]).toEqual([1, 1, 0, 1]);
  expect([...graph.kind]).toEqual([edgeKinds.ww, edgeKinds.rw, edgeKinds.rw, edgeKinds.wr]);
  expect([...graph.cause]).toEqual([1, 2, 7, 8]);
});

test("what depends on itself is left out", () => {
  const builder = new GraphBuilder(plainTransactions(1), everybody(1));
  builder.add(0, 0, edgeKinds.wr, 0);
  expect(builder.seal().target).toHaveLength(0);
});

test("an absent transaction has no edges", () => {
  const builder = new GraphBuilder(plainTransactions(2), Uint8Array.of(1, 0));
  expect(() => builder.add(0, 1, edgeKinds.wr, 0)).toThrow("absent");
  expect(() => builder.add(1, 0, edgeKinds.wr, 0)).toThrow("absent");
});

test("a graph can be extended, and is not changed by that", () => {
  const builder = new GraphBuilder(plainTransactions(3), everybody(3));
  const virtual = builder.virtual();
  builder.add(0, virtual, edgeKinds.rw, 1);
  builder.add(virtual, 1, VIA, 2);
  const graph = builder.seal();
  const extension = GraphBuilder.extending(graph);
  extension.add(0, 2, edgeKinds.ww, 3);
  const extended = extension.seal();
  expect(graph.target).toHaveLength(2);
  expect(extended.nodes).toBe(4);
  expect([...extended.target]).toEqual([3, 2, 1]);
  expect([...extended.cause]).toEqual([1, 3, 2]);
});

test("many edges are all kept", () => {
  const size = 1000;
  const builder = new GraphBuilder(plainTransactions(size), everybody(size));
  const edges = 300_000;
  for (let i = 0; i < edges; i++) builder.add(i % size, (i + 1) % size, edgeKinds.ww, i);
  const graph = builder.seal();
  expect(graph.start[size]).toBe(edges);
  expect(graph.cause.reduce((sum, cause) => sum + cause, 0)).toBe((edges * (edges - 1)) / 2);
});
