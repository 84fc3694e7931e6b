/** Which dependencies follow from which reads, and what proves them. */

import { describe, expect, it } from "vitest";
import { edgeKinds } from "../../../../checkers/transactions/dependencies.js";
import { decideGraph } from "../../../../checkers/transactions/graph/decide.js";
import { analyseListAppend } from "../../../../checkers/transactions/list-append/analysis.js";
import { transactionsOf } from "../../../../histories/index.js";
import { history } from "../notation.js";

function analysed(text: string) {
  return analyseListAppend(transactionsOf(history(text, { service: "list-append" })));
}

const NAMES = new Map(Object.entries(edgeKinds).map(([name, kind]) => [kind as number, name]));

/** "0 ww 1", sorted; edges over a virtual node as one. */
function edgesOf(text: string): string[] {
  const { graph } = analysed(text);
  const { size } = graph.transactions;
  const targets = (v: number): number[] => {
    const of = [...graph.target.subarray(graph.start[v], graph.start[v + 1])];
    return of.flatMap((target) => (target < size ? [target] : targets(target)));
  };
  const edges = new Set<string>();
  for (let from = 0; from < size; from++) {
    for (let e = graph.start[from]!; e < graph.start[from + 1]!; e++) {
      const target = graph.target[e]!;
      for (const to of target < size ? [target] : targets(target)) {
        edges.add(`${from} ${NAMES.get(graph.kind[e]!)} ${to}`);
      }
    }
  }
  return [...edges].sort();
}

describe("dependencies", () => {
  it("follow from lists as the definitions say", () => {
    expect(edgesOf("ax1 | ax2 | rx1 | rx12 | rx")).toEqual(
      ["0 ww 1", "0 wr 2", "2 rw 1", "1 wr 3", "4 rw 0"].sort(),
    );
  });

  it("are none of a transaction with itself", () => {
    expect(edgesOf("rxax1ax2rx12")).toEqual([]);
    expect(edgesOf("ax1rx1ax2 | ax3 | rx123")).toEqual(["0 ww 1", "1 wr 2"]);
  });

  it("give a reader who appended at the list's end what stands before", () => {
    expect(edgesOf("ax1 | ax2rx12 | ax3 | rx123")).toEqual(
      ["0 ww 1", "0 wr 1", "1 ww 2", "1 rw 2", "2 wr 3"].sort(),
    );
  });

  it("join appends of two transactions that alternate in both directions", () => {
    expect(edgesOf("ax1ax3 | ax2 | rx123")).toEqual(["0 ww 1", "1 ww 0", "0 wr 2"].sort());
  });

  it("come from transactions of unknown outcome that somebody observed, with all they appended", () => {
    expect(edgesOf("info ax1ay2 | rx1 | ry")).toEqual(["0 wr 1", "2 rw 0"]);
    expect(edgesOf("info ax1ay2 | rx | ry")).toEqual([]);
  });

  it("do not come from what a transaction of unknown outcome read (27)", () => {
    expect(edgesOf("info ax2 ry? | ax1ay1 | rx12 ry1")).toEqual(["0 wr 2", "1 wr 2", "1 ww 0"]);
  });

  it("pass over elements of aborted transactions and of nobody", () => {
    expect(edgesOf("ax1 | fail ax2 | ax3 | rx[1 2] | rx[1 2 9 3]")).toEqual(
      ["0 ww 2", "0 wr 3", "3 rw 2", "2 wr 4"].sort(),
    );
  });

  it("order unread appends after the last version, and not among themselves (16)", () => {
    expect(edgesOf("ax1 | ax2 | ax3 | rx1")).toEqual(
      ["0 ww 1", "0 ww 2", "0 wr 3", "3 rw 1", "3 rw 2"].sort(),
    );
    expect(edgesOf("ax2 | ax3")).toEqual([]);
  });

  it("order what only a read against the longest list shows like what nobody read", () => {
    expect(edgesOf("ax1 | ax2 | ax3 | rx13 | rx2 ; rx13")).toEqual(
      ["0 ww 2", "2 ww 1", "2 wr 3", "2 wr 5", "3 rw 1", "5 rw 1", "1 wr 4"].sort(),
    );
  });

  it("let a reader with an unread append precede the others only", () => {
    expect(edgesOf("rxax1 | rxax2 | ax3 | ax4 | rx")).toEqual(
      [
        ...["0 rw 1", "0 rw 2", "0 rw 3", "1 rw 0", "1 rw 2", "1 rw 3"],
        ...["4 rw 0", "4 rw 1", "4 rw 2", "4 rw 3"],
      ].sort(),
    );
  });

  it("stay few where many read and append unread", () => {
    const many = Array.from({ length: 400 }, (_, i) => `rxax${i} | rx`).join(" | ");
    const { graph } = analysed(many);
    expect(graph.target.length).toBeLessThan(400 * 2 * 10 + 400);
    const decision = decideGraph(graph, { form: "any", order: "data" });
    expect(decision).toMatchObject({ holds: false, components: 1, affected: 400 });
  });

  it("leave versions open where two transactions appended unread", () => {
    const { graph } = analysed("ax1 | ax2ax3 | ax4 | rx1 | ay1 | ry");
    expect(graph.open).toEqual([
      {
        ...{ key: 0, writers: Int32Array.of(1, 2) },
        readers: [new Int32Array(0), new Int32Array(0)],
      },
    ]);
  });
});

describe("the proof of a dependency", () => {
  /** [kind, from's element, to's element, position of the read that proves it] */
  function proofs(text: string, from: number, to: number) {
    const { graph, transactions, step } = analysed(text);
    const shown = (id: number | undefined) =>
      id === undefined ? undefined : transactions.values.value(id);
    const found = [];
    for (let e = graph.start[from]!; e < graph.start[from + 1]!; e++) {
      const via = graph.target[e]! >= transactions.size;
      if (!via && graph.target[e] !== to) continue;
      const proof = step({ from, to, kind: graph.kind[e]!, cause: graph.cause[e]! });
      const witness = transactions.from.findLastIndex((first) => first <= proof.witness!);
      found.push([
        ...[proof.kind, shown(proof.value), shown(proof.next)],
        proof.witness === undefined ? undefined : witness,
      ]);
    }
    return found;
  }

  it("is, of two appends, the first read that completed and has both", () => {
    const text = "ax1 | ax2 | long rx12 | rx12 ; rx12";
    expect(proofs(text, 1, 2)).toEqual([["ww", 1, 2, 3]]);
  });

  it("is, of a read and what it missed, a read that has it", () => {
    expect(proofs("ax1 | ax2 | rx1 | rx12", 2, 1)).toEqual([["rw", 1, 2, 3]]);
    expect(proofs("ax1 | rx | rx1", 1, 0)).toEqual([["rw", null, 1, 2]]);
  });

  it("is, of an unread append, the longest list without it", () => {
    expect(proofs("ax1 | ax2 | ax3 | rx1 | rx12", 1, 2)).toEqual([["ww", 2, 3, 4]]);
    expect(proofs("ax1 | ax2 | ax3 | rx1", 3, 1)).toEqual([["rw", 1, 2, 3]]);
    expect(proofs("ax1 | ax2 | ax3 | rx1", 3, 2)).toEqual([["rw", 1, 3, 3]]);
  });

  it("needs no read where nothing was read", () => {
    expect(proofs("ax1 | rx", 1, 0)).toEqual([["rw", null, 1, undefined]]);
  });

  it("is the read itself for what it observed", () => {
    expect(proofs("ax1 | rx1", 0, 1)).toEqual([["wr", 1, undefined, undefined]]);
  });

  it("says when reads disagree about the key", () => {
    const contested = analysed("ax1 | ax2 | ax3 | rx13 | rx123");
    const clear = analysed("ax1 | ax2 | ax3 | rx123");
    const ww = { from: 0, to: 1, kind: edgeKinds.ww, cause: 1 };
    expect(contested.step(ww).contested).toBe(true);
    expect(clear.step(ww).contested).toBeUndefined();
  });

  it("names no key for the orders of processes and of real time", () => {
    const { step } = analysed("ax1 ; ax2");
    expect(step({ from: 0, to: 1, kind: edgeKinds.realtime, cause: -1 })).toEqual({
      ...{ from: 0, to: 1, kind: "realtime" },
    });
  });
});

describe("the cycles of a history", () => {
  const forms = { G0: "ww", G1c: "ww-wr", SI: "snapshot", all: "any" } as const;
  function cyclesOf(text: string, form: keyof typeof forms): string[] | true {
    const decision = decideGraph(analysed(text).graph, { form: forms[form], order: "data" });
    return decision.holds === false ? decision.cycles.map(({ type }) => type) : true;
  }

  it.each([
    ["1", "ax1ay1 | ax2ay2 | rx12ry21", "G0", ["G0"]],
    ["5", "ax1ry1 | ax2ay1 | rx12ry1", "G1c", ["G1c"]],
    ["6", "ax1ay1 | ax2ry | rx12", "all", ["G-single-item"]],
    ["7", "ax1ry | ay1rx", "all", ["G2-item"]],
    ["7", "ax1ry | ay1rx", "G1c", true],
    ["8", "ax1 ; ax2 ; rx1 ; rx12", "all", true],
    ["16", "ax1ay1 | ax2ay2 | ax3ay3 | rx12 | ry2", "G0", ["G0"]],
    ["17", "ax1 | rx1ry | ay1 | ry1rx", "SI", ["G-nonadjacent-item"]],
    ["18", "rx5ay1 | ryaz2 | rzat3 | rt3au4 | ruax5", "SI", true],
    ["19", "ax0 | rx0ax1 | rx0ax2", "all", ["G2-item"]],
    ["20", "rxax1ax2 | rx12", "all", true],
  ] as const)("are those of Elle's expectation %s: %s, %s", (_, text, form, expected) => {
    expect(cyclesOf(text, form)).toEqual(expected);
  });
});
