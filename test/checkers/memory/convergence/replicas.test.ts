/** Replicas that took in the same updates must be in the same state, however they tell it. */

import { describe, expect, it } from "vitest";
import { judgeReplicas } from "../../../../checkers/memory/convergence/replicas.js";
import type { Json } from "../../../../src/base/json.js";

type Recorded = readonly [replica: string, value: unknown];

const judge = (...states: readonly Recorded[]) =>
  judgeReplicas(
    states.map(([process, value], index) => ({
      index,
      time: index,
      process,
      type: "info",
      f: "state",
      value: value as Json,
    })),
  );

const types = (...states: readonly Recorded[]) =>
  judge(...states).findings.anomalies.map(({ type }) => type);

describe("replicas with the same updates", () => {
  it("are in the same state, whatever the order in which the updates are told", () => {
    const one = { delivered: ["a", "b"], state: { x: 1, y: 2 } };
    const other = { delivered: ["b", "a", "b"], state: { y: 2, x: 1 } };
    expect(types(["n1", one], ["n2", other])).toEqual([]);
    expect(types(["n1", one], ["n2", { ...other, state: { x: 1 } }])).toEqual([
      "divergent-replicas",
    ]);
  });

  it("are told by their vectors, too, with or without entries of nothing", () => {
    const one = { delivered: { n1: 2, n2: 0 }, state: "aa" };
    expect(types(["n1", one], ["n2", { delivered: { n1: 2 }, state: "aa" }])).toEqual([]);
    const { findings } = judge(["n1", one], ["n2", { delivered: { n1: 2 }, state: "bb" }]);
    expect(findings.anomalies).toEqual([
      {
        type: "divergent-replicas",
        message:
          'n1 and n2 are in different states after the same updates, {"n1":2,"n2":0}: "aa" and "bb"',
        ops: [0, 1],
      },
    ]);
  });

  it("may be one and the same replica at two times", () => {
    const at = (state: string) => ["n1", { delivered: ["a"], state }] as const;
    expect(types(at("1"), at("1"))).toEqual([]);
    expect(types(at("1"), at("2"))).toEqual(["divergent-replicas"]);
  });

  it("are not those with different updates", () => {
    const state = (id: string) => ({ delivered: [id], state: id });
    expect(types(["n1", state("a")], ["n2", state("b")])).toEqual([]);
  });
});

describe("a state-based replica", () => {
  const kind = "state-based";

  it("never delivers less than before", () => {
    const big = { kind, delivered: { n1: 2, n2: 1 }, state: 1 };
    const small = { kind, delivered: { n1: 3 }, state: 2 };
    expect(types(["n1", small], ["n1", { ...small, delivered: { n1: 3, n2: 1 } }])).toEqual([]);
    expect(types(["n1", big], ["n1", small])).toEqual(["shrunken-replica"]);
    expect(types(["n1", big], ["n2", small])).toEqual([]);
    const lists = [
      ["n1", { kind, delivered: ["a", "b"], state: 1 }],
      ["n1", { kind, delivered: ["a", "c", "d"], state: 2 }],
    ] as const;
    expect(types(...lists)).toEqual(["shrunken-replica"]);
  });

  it("is one that says so", () => {
    const state = (count: number) => ({ delivered: { n1: count }, state: count });
    expect(types(["n1", state(2)], ["n1", state(1)])).toEqual([]);
  });
});

describe("what was recorded", () => {
  it("is counted, and what makes no sense is left out", () => {
    const state = { delivered: ["a"], state: 1 };
    const { states, deliveries, shared } = judge(
      ["n1", state],
      ["n2", state],
      ["n2", { delivered: ["a", "b"], state: 2 }],
      ["n3", { delivered: "a", state: 1 }],
      ["n3", { delivered: ["a"] }],
      ["n3", null],
    );
    expect({ states, deliveries, shared }).toEqual({ states: 3, deliveries: 2, shared: 1 });
  });
});
