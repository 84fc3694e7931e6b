/** Stamps against what happened before what: by hand, and against reachability in the graph of events. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { happenedBefore } from "../../checkers/index.js";
import type { Json } from "../../src/base/json.js";
import { observed } from "./observed.js";

interface Stamped {
  node: string;
  stamp: Json;
  /** Which of the events before it was the sending, counted from 0. */
  after?: number;
  physicalMs?: number;
  boundMs?: number;
}

/** Events as nodes record them, each node numbering its own. */
function recorded(events: readonly Stamped[]) {
  const places = events.map(
    ({ node }, i) => events.slice(0, i + 1).filter((event) => event.node === node).length,
  );
  return events.map(({ node, after, ...rest }, i) => ({
    process: node,
    f: "event",
    value: {
      ...rest,
      place: places[i]!,
      ...(after === undefined
        ? {}
        : { after: { node: events[after]!.node, place: places[after]! } }),
    },
  }));
}

const judge = (events: readonly Stamped[]) => happenedBefore.check(observed(recorded(events)));
const typesOf = (events: readonly Stamped[]) =>
  [...new Set(judge(events).anomalies.map(({ type }) => type))].sort();

describe("stamps that order all events", () => {
  it("may rise by any amount from cause to effect", () => {
    const events = [
      { node: "n1", stamp: [1, "n1"] },
      { node: "n2", stamp: [9, "n2"], after: 0 },
      { node: "n3", stamp: [1, "n3"] },
    ];
    expect(judge(events)).toMatchObject({ valid: true, notes: { events: 3, nodes: 3 } });
  });

  it("may not fall from a message's sending to its receipt", () => {
    const { anomalies } = judge([
      { node: "n1", stamp: [5, "n1"] },
      { node: "n2", stamp: [1, "n2"], after: 0 },
    ]);
    expect(anomalies).toEqual([
      {
        type: "effect-before-cause",
        message:
          'event 1 of n2 (stamp [1,"n2"]) happened after event 1 of n1 (stamp [5,"n1"]), and has the lower stamp',
        ops: [0, 1],
      },
    ]);
  });

  it("may not fall across a restart", () => {
    expect(typesOf([2, 1].map((time) => ({ node: "n1", stamp: [time, "n1"] })))).toEqual([
      "effect-before-cause",
    ]);
  });

  it("belong to one event each", () => {
    expect(typesOf([1, 1].map((time) => ({ node: "n1", stamp: [time, "n1"] })))).toEqual([
      "timestamp-reuse",
    ]);
    expect(typesOf(["n1", "n2"].map((node) => ({ node, stamp: [1] })))).toEqual(["no-total-order"]);
  });

  it("compare numbers as numbers, and the first part before the second", () => {
    const stamps = [
      [9, 3, "n1"],
      [10, 0, "n1"],
      [10, 11, "n1"],
    ];
    expect(typesOf(stamps.map((stamp) => ({ node: "n1", stamp })))).toEqual([]);
  });
});

describe("hybrid stamps", () => {
  const at = (ms: number, physicalMs: number) => ({
    node: "n1",
    stamp: [ms, 0, "n1"],
    physicalMs,
    boundMs: 10,
  });

  it("may be ahead of the calendar by the bound", () => {
    expect(typesOf([at(110, 100)])).toEqual([]);
    expect(typesOf([at(111, 100)])).toEqual(["drift-bound-broken"]);
  });

  it("may stay where their own calendar has led them when it steps back", () => {
    expect(typesOf([at(5_000, 5_000), at(5_001, 100)])).toEqual([]);
  });
});

describe("vector stamps", () => {
  const [a, b] = [
    { node: "n1", stamp: { n1: 1 } },
    { node: "n2", stamp: { n2: 1 } },
  ];

  it("say what happened before what, and nothing else", () => {
    expect(typesOf([a, b, { node: "n2", stamp: { n1: 1, n2: 2 }, after: 0 }])).toEqual([]);
  });

  it("may not forget a cause", () => {
    expect(typesOf([a, b, { node: "n2", stamp: { n2: 2 }, after: 0 }])).toEqual([
      "false-concurrency",
    ]);
  });

  it("may not make up a cause", () => {
    expect(typesOf([a, { node: "n2", stamp: { n1: 1, n2: 1 } }])).toEqual(["false-order"]);
  });

  it("may not begin anew", () => {
    const again = [{ n1: 2 }, { n1: 1 }].map((stamp) => ({ node: "n1", stamp }));
    expect(typesOf(again)).toEqual(["effect-before-cause"]);
    expect(typesOf([a, a])).toEqual(["timestamp-reuse"]);
  });

  it("take an entry of 0 for one that is not there", () => {
    expect(typesOf([a, { node: "n2", stamp: { n1: 1, n2: 0 } }])).toEqual(["timestamp-reuse"]);
  });
});

describe("what cannot be judged", () => {
  it("is unknown where nothing was recorded, or not the cause", () => {
    expect(judge([]).valid).toBe("unknown");
    const [, receipt] = recorded([a1, { node: "n2", stamp: [2, "n2"], after: 0 }]);
    const { valid, reason } = happenedBefore.check(observed([receipt!]));
    expect(valid).toBe("unknown");
    expect(reason).toBe("nobody recorded n1/1, the cause of n2/1");
  });

  it("is unknown where stamps are of different kinds, or of none", () => {
    expect(judge([a1, { node: "n2", stamp: { n2: 1 } }]).valid).toBe("unknown");
    expect(judge([{ node: "n2", stamp: null }]).valid).toBe("unknown");
  });

  it("counts an event once, however often it is recorded", () => {
    const events = recorded([a1]);
    expect(happenedBefore.check(observed([...events, ...events]))).toMatchObject({
      valid: true,
      notes: { events: 1 },
    });
  });
});

const a1 = { node: "n1", stamp: [1, "n1"] };

// Against reachability -----------------------------------------------------------------------------

/** Every pair of events, and whether a path leads from one to the other. */
function reachable(events: readonly Stamped[]): boolean[][] {
  const edge = (i: number, j: number): boolean =>
    i < j && (events[i]!.node === events[j]!.node || events[j]!.after === i);
  const reach = events.map((_, i) => events.map((_, j) => edge(i, j)));
  for (let k = 0; k < events.length; k++)
    for (let i = 0; i < events.length; i++)
      for (let j = 0; j < events.length; j++)
        reach[i]![j] ||= (reach[i]![k] as boolean) && (reach[k]![j] as boolean);
  return reach;
}

type Order = "below" | "above" | "equal" | "apart";

/** The definitions, pair by pair. */
function expectedTypes(
  events: readonly Stamped[],
  compare: (left: Json, right: Json) => Order,
  isVector: boolean,
): string[] {
  const reach = reachable(events);
  const types = new Set<string>();
  for (let i = 0; i < events.length; i++) {
    for (let j = i + 1; j < events.length; j++) {
      const order = compare(events[i]!.stamp, events[j]!.stamp);
      const isSameNode = events[i]!.node === events[j]!.node;
      if (order === "equal") {
        types.add(isVector || isSameNode ? "timestamp-reuse" : "no-total-order");
      } else if (reach[i]![j]) {
        if (order === "above") types.add("effect-before-cause");
        if (order === "apart") types.add("false-concurrency");
      } else if (isVector && order !== "apart") types.add("false-order");
    }
  }
  return [...types].sort();
}

function compareTotal(left: Json, right: Json): Order {
  const [a = 0, b = 0] = left as number[];
  const [c = 0, d = 0] = right as number[];
  const order = a * 100 + b - (c * 100 + d);
  return order === 0 ? "equal" : order < 0 ? "below" : "above";
}

function compareVectors(left: Json, right: Json): Order {
  const [a, b] = [left, right].map((it) => it as { [node: string]: number });
  const atMost = (x = a, y = b) => nodes.every((node) => (x?.[node] ?? 0) <= (y?.[node] ?? 0));
  if (atMost() && atMost(b, a)) return "equal";
  return atMost() ? "below" : atMost(b, a) ? "above" : "apart";
}

const nodes = ["n1", "n2", "n3"];

const graph = (stamp: fc.Arbitrary<Json>): fc.Arbitrary<Stamped[]> =>
  fc
    .array(
      fc.record({
        node: fc.constantFrom(...nodes),
        stamp,
        after: fc.option(fc.nat(20), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((events) =>
      events.map(({ node, stamp, after }, i) => ({
        node,
        stamp,
        ...(after === undefined || i === 0 ? {} : { after: after % i }),
      })),
    );

/** Right vectors of the graph, some of them then spoilt. */
const vectorGraph = fc
  .tuple(
    graph(fc.constant(null)),
    fc.array(fc.tuple(fc.nat(11), fc.constantFrom(...nodes), fc.nat(4)), { maxLength: 3 }),
  )
  .map(([events, spoilt]) => {
    const reach = reachable(events);
    const stamps = events.map((event, j) =>
      Object.fromEntries(
        nodes.map((node) => [
          node,
          events.filter((other, i) => other.node === node && (reach[i]![j] || other === event))
            .length,
        ]),
      ),
    );
    for (const [i, node, count] of spoilt) {
      const stamp = stamps[i];
      if (stamp !== undefined) stamp[node] = count;
    }
    return events.map((event, i) => ({ ...event, stamp: stamps[i]! }));
  });

describe("compared with reachability in the graph of events", () => {
  it("finds the same kinds of mistakes in stamps that order all events", () => {
    fc.assert(
      fc.property(graph(fc.tuple(fc.nat(6), fc.nat(1))), (events) => {
        expect(typesOf(events)).toEqual(expectedTypes(events, compareTotal, false));
      }),
      { numRuns: 1_000 },
    );
  });

  it("finds the same kinds of mistakes in vectors", () => {
    fc.assert(
      fc.property(vectorGraph, (events) => {
        expect(typesOf(events)).toEqual(expectedTypes(events, compareVectors, true));
      }),
      { numRuns: 1_000 },
    );
  });
});
