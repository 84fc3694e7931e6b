/** Cycles of histories, given step by step, have the names of litmus tests. */

import { describe, expect, it } from "vitest";
import { parseEdge } from "../../../checkers/litmus/cycles/edge.js";
import {
  type AccessKind,
  criticalCycles,
  type Direction,
  type Edge,
  edgesOf,
  type HistoryEdge,
  nameOf,
  shapeOf,
} from "../../../checkers/litmus/cycles/index.js";

const relations = { Rf: "reads-from", Fr: "replaced", Co: "overwrites" } as const;

function stepOf({ relation, from, to }: Edge): HistoryEdge {
  const kind = (direction: Direction): AccessKind => (direction === "R" ? "read" : "write");
  return {
    relation: relations[relation.slice(0, 2) as keyof typeof relations] ?? "session",
    from: kind(from),
    to: kind(to),
    sameKey: relation !== "Pod" && relation !== "MFenced",
    sameSession: !relation.endsWith("e"),
  };
}

function shapeOfEdges(text: string): string | undefined {
  const steps = text.split(" ").map((edge) => stepOf(parseEdge(edge)));
  const names = steps.map((_, start) => {
    return shapeOf([...steps.slice(start), ...steps.slice(0, start)])?.name;
  });
  expect(new Set(names).size, "the same wherever it starts").toBe(1);
  return names[0];
}

describe("a cycle of a history", () => {
  it("that is critical is called by its family, if that has a name", () => {
    const cycles = [2, 3, 4].flatMap((threads) => criticalCycles(threads, { fences: false }));
    for (const cycle of cycles) {
      const family = nameOf(cycle);
      const named = !/^(?:[RW]{1,2}\+){3}[RW]{1,2}$/.test(family);
      const edges = edgesOf(cycle).map(stepOf);
      expect(shapeOf(edges)?.name).toBe(named ? family : undefined);
    }
  });

  it.each([
    ["reads of own writes on the way", "Rfi PodRR Fre Rfi PodRR Fre", "SB"],
    ["more accesses in a session than two", "PodWR PosRW PodWW Rfe PodRR PodRR Fre", "MP"],
    ["a write replaced twice", "PodWW Coe Coe PodWR Fre", "R"],
    ["a read whose value is then replaced", "PodWW Rfe Fre PodWR Fre", "R"],
    ["what a read missed replaced again", "PodWR Fre Coe PodWR Fre", "SB"],
    ["a session that comes and goes on one key", "PodWW Rfe PosRW Rfe PodRR Fre", "WRR+2W"],
    ["a session that reads one key twice", "PodWW Rfe PosRR Fre PodWR Fre", "R"],
    ["one key alone", "Rfe PosRR Fre", "CoRR"],
    ["one key and three sessions", "Rfe PosRR Fre Coe", "CoRR"],
    ["two readers of one key", "Rfe PosRR Fre Rfe PosRR Fre", "CoRR2"],
    ["one session alone", "PosRW Rfi", "CoRW1"],
    ["five sessions in a ring", "PodWR Fre PodWR Fre PodWR Fre PodWR Fre PodWR Fre", "5.SB"],
  ])("with %s: %s is %s", (_, text, name) => {
    expect(shapeOfEdges(text)).toBe(name);
  });

  it("has no name where no litmus test has one", () => {
    expect(shapeOf([])).toBeUndefined();
    expect(shapeOfEdges("Rfe PodRW Rfe PodRW Rfe PodRR Fre")).toBeUndefined();
  });

  it.each([
    ["PodWR Fre PodWR Fre PodWR Fre", "3.SB", "store buffering"],
    ["PodWW Rfe PodRR Fre", "MP", "message passing"],
    ["Rfe PodRR Fre Rfe PodRR Fre", "IRIW", "independent reads of independent writes"],
    ["PodWW Coe PodWW Coe", "2+2W", "2+2W"],
  ])("%s is titled in words, if there are any: %s, %s", (text, name, title) => {
    expect(shapeOf(text.split(" ").map((edge) => stepOf(parseEdge(edge))))).toEqual({
      name,
      title,
    });
  });
});
