/** What registers show: the expectations of Elle's tests, exactly, and what Elle does not see. */

import { describe, expect, it } from "vitest";
import type {
  CaseTree,
  CycleForm,
  GraphDecision,
  RelationOrder,
} from "../../../../checkers/transactions/dependencies.js";
import type { Analysis } from "../../../../checkers/transactions/findings.js";
import { analyseRegisters } from "../../../../checkers/transactions/rw-register/analysis.js";
import type { OrderSources } from "../../../../checkers/transactions/rw-register/key-orders.js";
import { solveGraph } from "../../../../checkers/transactions/solver/solve.js";
import { transactionsOf } from "../../../../histories/transactions-builder.js";
import { history, type NotationOptions } from "../notation.js";

const sequential = { sequential: true };

describe("anomalies that reads show by themselves", () => {
  it.each([
    ["wx1 | rx2", ["garbage-read"]],
    ["fail wx1 | rx1", ["G1a"]],
    ["wx1wx2 | rx1", ["G1b"]],
    ["wx1rx2 | wx2", ["internal"]],
    ["rx_rx1 | wx1", ["internal"]],
    ["rx1wx1", ["future-read"]],
    ["wx0 | rx0wx1 | rx0wx2", ["lost-update"]],
    ["rx_wx1 | rx_wx2", ["lost-update"]],
  ])("%s shows %j", (text, types) => {
    expect(Object.keys(analysed(text).counts)).toEqual(types);
  });

  it.each(["wx0 | rx0wx1 | rx1wx2", "wx1rx1wx2rx2", "info wx1 | rx1", "fail rx_wx1 | rx_wx2"])(
    "%s shows none",
    (text) => {
      expect(analysed(text).findings).toEqual([]);
    },
  );

  it("counts all of a type and names offenders, keys and values", () => {
    const { counts, findings } = analysed("wx1 | rx7 | rx8");
    expect(counts).toEqual({ "garbage-read": 2 });
    expect(findings.map(({ transactions }) => transactions)).toEqual([[1], [2]]);
    expect(findings[0]!.message).toContain("read 7 of key x, but nobody ever wrote that");
  });
});

describe("cycles that no order of the versions avoids", () => {
  it("finds two blind writers whose both orders contradict what one read of both", () => {
    const analysis = analysed("wx1wy2 | wx2wy1 | rx2ry2");
    const decision = solveGraph(analysis.graph, { form: "any", order: "data" });
    expect(typeOf(decision)).toBe("G-single-item");
    const { contradiction } = decision as GraphDecision & { holds: false };
    expect(choicesIn(contradiction)).toBe(2);
    expect(verdict(analysis, "ww-wr", "data")).toBe(true);
    expect(verdict(analysis, "ww-wr", "realtime")).toBe(true);
  });

  it.each<[text: string, form: CycleForm, order: RelationOrder, expected: string | true]>([
    ["rx_ry1 | wy1wx2", "any", "data", "G-single-item"],
    ["wy1 | ry1wx1wy2 | rx1ry1", "any", "data", "G-single-item"],
    ["wy1 | ry1wx1wy2 | rx1ry1", "ww-wr", "data", true],
    ["wx0 | rx0wx1 | rx0wx2", "any", "data", "G2-item"],
    ["wx0 | rx0wx1 | rx0wx2", "snapshot", "data", "G-single-item"],
    ["wx0 | rx0wx1 | rx0wx2", "prefix", "data", true],
    ["rx_wy1 | ry_wx1", "any", "data", "G2-item"],
    ["rx_wy1 | ry_wx1", "snapshot", "data", true],
    ["wx1 | rx1ry_ | wy1 | ry1rx_", "snapshot", "data", "G-nonadjacent-item"],
    ["wx1 | rx1ry_ | wy1 | ry1rx_", "one-rw", "data", true],
    ["wx1ry1 | rx1wy1", "ww-wr", "data", "G1c"],
    ["wx1ry1 | rx1wy1", "ww", "data", true],
  ])("%s, no cycle of form %s over %s: %s", (text, form, order, expected) => {
    expect(verdict(analysed(text), form, order)).toBe(expected);
  });

  it.each<[text: string, form: CycleForm, order: RelationOrder, expected: string | true]>([
    ["wx1 | wx2 | rx1", "any", "realtime", "G-single-item-realtime"],
    ["wx1 | wx2 | rx1", "any", "data", true],
    ["wx1 | wx2 | rx1", "ww-wr", "realtime", true],
    ["wx1 | rx_", "any", "realtime", "G-single-item-realtime"],
    ["p0: wx1 | p0: wx2 | p0: rx1", "any", "process", "G-single-item-process"],
    ["rx1 | wx1", "ww-wr", "realtime", "G1c-realtime"],
  ])("one after the other, %s, no cycle of form %s over %s: %s", (text, form, order, expected) => {
    expect(verdict(analysed(text, {}, sequential), form, order)).toBe(expected);
  });

  it("does not let what was written by mistake for a chain of updates hide that only writes count", () => {
    const analysis = analysed("wx1rx4wx2 | rx2wx3 | rx3wx4");
    expect(verdict(analysis, "ww", "data")).toBe(true);
    expect(verdict(analysis, "ww-wr", "data")).toBe("G1c");
  });
});

describe("what is decided in how many steps", () => {
  const writers = Array.from({ length: 3000 }, (_, i) => `wx${i + 1}`).join(" | ");

  it.each<CycleForm>(["any", "snapshot", "prefix", "one-rw", "ww-wr", "ww"])(
    "no pair of thousands of blind writes is looked at by itself, form %s",
    (form) => {
      const { graph } = analysed(writers);
      expect(solveGraph(graph, { form, order: "data" }, { stepsMax: 10 }).holds).toBe(true);
    },
  );

  it("updates that read what they overwrite leave nothing open", () => {
    const chain = Array.from({ length: 500 }, (_, i) => `rx${i === 0 ? "_" : i}wx${i + 1}`);
    expect(analysed(chain.join(" | ")).graph.open).toEqual([]);
  });

  it("is told when the steps end, with what was found out until then", () => {
    const { graph } = analysed("wx1wy2 | wx2wy1 | rx2ry2");
    const decision = solveGraph(graph, { form: "any", order: "data" }, { stepsMax: 0 });
    expect(decision).toMatchObject({ holds: "unknown" });
    expect((decision as { reason: string }).reason).toMatch(
      /^no answer within 0 steps: no cycle is without a choice .* \d+ pairs? of versions is settled/,
    );
  });
});

describe("what transactions see of others", () => {
  it.each([
    ["wx1wy1 | rx1ry_", ["fractured", "fractured", "causal"]],
    ["wx1wy1 | rx_ry1", ["whole", "fractured", "causal"]],
    ["wx1 | rx1wy1 | ry1rx_", ["whole", "whole", "causal"]],
    ["wx1wy1 | rx1wx2 | ry1rx2", ["whole", "whole", "whole"]],
    ["wx0wy0 | rx0ry0wx1wy1 | rx1ry0", ["fractured", "fractured", "causal"]],
    ["wx1wy1 | wx2wy2 | rx1ry2", ["whole", "fractured", "causal"]],
  ])("%s", (text, [monotonic, atomic, causal]) => {
    const { visibility } = analysed(text);
    const isWhole = (answer: ReturnType<typeof visibility>) => answer === true;
    expect(isWhole(visibility("monotonic-atomic-view", 1000))).toBe(monotonic === "whole");
    expect(isWhole(visibility("read-atomic", 1000))).toBe(atomic === "whole");
    expect(isWhole(visibility("causal", 1000))).toBe(causal === "whole");
  });

  it("says unknown when steps do not suffice", () => {
    expect(analysed("wx1wy1 | rx1ry1").visibility("causal", 0)).toBe("unknown");
  });

  it("lets nothing come between a read and the write that follows it", () => {
    expect(analysed("wx0 | rx0wx1 | wx2").cursor()).toBe(true);
    const found = analysed("wx0 | wx5rx0wx1 | rx0wx2").cursor();
    expect(found).toMatchObject([{ type: "G-cursor" }]);
  });
});

describe("assumptions about the order of versions", () => {
  const dirty = "p0: wx1wy2 ; p1: wx2wy1 ; p0: rx2 ; p1: ry2";

  it("makes two sessions' writes a G0", () => {
    const types = (assume: OrderSources["assume"]) =>
      verdict(analysed(dirty, assume === undefined ? {} : { assume }), "ww", "data");
    expect(types(undefined)).toBe(true);
    expect(types(["sequential-keys"])).toBe("G0");
  });

  it.each(["sequential-keys", "linearizable-keys"] as const)(
    "names the read that contradicts %s",
    (assumption) => {
      const { findings, graph } = analysed("p0: wx1 ; p0: wx2 ; p0: rx1", { assume: [assumption] });
      expect(findings).toMatchObject([{ type: "cyclic-versions", transactions: [2, 1, 0] }]);
      expect(findings[0]!.message).toMatch(
        new RegExp(
          `^assumption ${assumption} violated: process 0's transaction of event 4 read 1 of key x after`,
        ),
      );
      expect(solveGraph(graph, { form: "any", order: "data" }).holds).toBe(true);
    },
  );

  it("names the read of nothing after a write", () => {
    const { findings } = analysed("wx1 ; rx_", { assume: ["linearizable-keys"] });
    expect(findings[0]!.message).toContain("read nil of key x after");
  });

  it("orders overlapping transactions by nothing", () => {
    const { findings } = analysed("wx1 | wx2 | rx1 | rx2", { assume: ["linearizable-keys"] });
    expect(findings).toEqual([]);
  });

  it("takes a garbage read for what it is, whatever is assumed", () => {
    const { counts } = analysed("wx1 ; rx2", { assume: ["linearizable-keys"] });
    expect(counts).toEqual({ "garbage-read": 1 });
  });

  it("judges by the commit order that is claimed", () => {
    const text = "rx_wy2 | wx3wy4";
    expect(verdict(analysed(text), "any", "data")).toBe(true);
    const claimed = Float64Array.of(2, 1);
    expect(verdict(analysed(text, { claimed }), "any", "data")).toBe("G-single-item");
    expect(analysed(text, { claimed }).graph.open).toEqual([]);
    expect(verdict(analysed(text, { claimed: Float64Array.of(1, 2) }), "any", "data")).toBe(true);
  });

  it("leaves open what is not claimed", () => {
    const claimed = Float64Array.of(1, 2, Number.NaN);
    expect(analysed("wx1 | wx2 | wx3", { claimed }).graph.open).toHaveLength(1);
  });
});

describe("why an edge holds", () => {
  it("cites the read, the writes, and the read that puts them in order", () => {
    const analysis = analysed("wx1 | rx1wx2wy1 | ry1rx1");
    const decision = solveGraph(analysis.graph, { form: "any", order: "data" });
    expect(decision.holds).toBe(false);
    const { cycles } = decision as GraphDecision & { holds: false };
    const steps = cycles[0]!.edges.map((edge) => analysis.step(edge));
    const shown = (id: number | undefined) => analysis.transactions.values.value(id!);
    expect(
      steps.map(({ kind, value, next }) => [
        kind,
        shown(value),
        next === undefined ? undefined : shown(next),
      ]),
    ).toEqual([
      ["wr", 1, undefined],
      ["rw", 1, 2],
    ]);
    const rw = steps.find(({ kind }) => kind === "rw")!;
    expect(rw.witness).toBe(1);
  });

  it("explains the edges of choices by the writes that they put in order", () => {
    const analysis = analysed("wx1wy2 | wx2wy1 | rx2ry2");
    const decision = solveGraph(analysis.graph, { form: "any", order: "data" });
    const { cycles } = decision as GraphDecision & { holds: false };
    for (const edge of cycles.flatMap(({ edges }) => edges)) {
      const { from, to, key, fromMicro, toMicro } = analysis.step(edge);
      const { from: start, key: keyOf } = analysis.transactions;
      const isOf = (t: number, m: number) => m >= start[t]! && m < start[t + 1]!;
      expect([isOf(from, fromMicro!), isOf(to, toMicro!)]).toEqual([true, true]);
      expect([keyOf[fromMicro!], keyOf[toMicro!]]).toEqual([key, key]);
    }
  });
});

function analysed(
  text: string,
  sources: OrderSources = {},
  options: NotationOptions = {},
): Analysis {
  return analyseRegisters(
    transactionsOf(history(text, { service: "rw-register", ...options })),
    sources,
  );
}

/** True, or the mildest cycle that cannot be avoided. */
function verdict(
  { graph }: Analysis,
  form: CycleForm,
  order: RelationOrder,
): string | true | "unknown" {
  return typeOf(solveGraph(graph, { form, order }));
}

function typeOf(decision: GraphDecision): string | true | "unknown" {
  return decision.holds === false ? decision.cycles[0]!.type : decision.holds;
}

function choicesIn(tree: CaseTree | undefined): number {
  if (tree === undefined || tree.kind === "cycle") return 0;
  return 1 + choicesIn(tree.cases[0]) + choicesIn(tree.cases[1]);
}
