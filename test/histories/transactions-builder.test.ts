/** Transactional columns from histories in memory: chains, services, what is kept of reads. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../histories/history.js";
import { toHistory } from "../../histories/pairing.js";
import { microAt } from "../../histories/transaction-events.js";
import { TransactionsBuilder, transactionsOf } from "../../histories/transactions-builder.js";
import { EventError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { toldBy, transactional } from "./transactional.js";

type Step = [process: number, type: HistoryEvent["type"], value: Json, f?: string];

function columnsOf(...steps: Step[]) {
  const events = steps.map(([process, type, value, f = "txn"], index) => {
    return { index, time: index, process, type, f, value };
  });
  return transactionsOf(toHistory(events));
}

/** A transaction of one read. */
function read(process: number, result: Json, key: Json = "x"): Step[] {
  return [
    [process, "invoke", [["r", key, null]]],
    [process, "ok", [["r", key, result]]],
  ];
}

function chainsOf(...steps: Step[]) {
  const { chains, micros } = toldBy(columnsOf(...steps));
  return { chains, reads: micros.map(([, , list, chain]) => [chain, list]) };
}

/** What a read of a list is kept as. */
function asList(value: Json): Json {
  if (value === null) return [];
  return Array.isArray(value) ? value : [{ "not a list": value }];
}

describe("a list that was read", () => {
  test("is a prefix of the longest it agrees with", () => {
    const lists = [[], [1, 2], [1], [1, 3, 4], [1, 3]];
    expect(chainsOf(...lists.flatMap((list) => read(0, list)))).toEqual({
      chains: [
        ["x", [1, 2]],
        ["x", [1, 3, 4]],
      ],
      reads: [
        [0, []],
        [0, [1, 2]],
        [0, [1]],
        [1, [1, 3, 4]],
        [1, [1, 3]],
      ],
    });
  });

  test("goes to the oldest of several chains that it agrees with", () => {
    const lists = [[1, 2, 3], [1, 5], [1, 5, 7, 8], [1, 5, 9], [1], [1, 5], [1, 5, 9, 9], [4]];
    const { chains, reads } = chainsOf(...lists.flatMap((list) => read(0, list)));
    expect(chains.map(([, list]) => list)).toEqual([[1, 2, 3], [1, 5, 7, 8], [1, 5, 9, 9], [4]]);
    expect(reads.map(([chain]) => chain)).toEqual([0, 1, 1, 2, 0, 1, 2, 3]);
  });

  test("counts when its read completes, not when it is invoked", () => {
    const { reads } = chainsOf(
      [0, "invoke", [["r", "x", null]]],
      [1, "invoke", [["r", "x", null]]],
      [1, "ok", [["r", "x", [2]]]],
      [0, "ok", [["r", "x", [1]]]],
    );
    expect(reads).toEqual([
      [1, [1]],
      [0, [2]],
    ]);
  });

  test("keeps elements that come twice, that nobody wrote, and that are lists themselves", () => {
    const list = [1, 1, null, "ghost", [1, [2]], { a: 1 }, -0.5];
    expect(chainsOf(...read(0, list))).toEqual({ chains: [["x", list]], reads: [[0, list]] });
  });

  test("that is missing is an empty list", () => {
    const [invoke, ok] = read(0, null) as [Step, Step];
    const columns = columnsOf(invoke, ok, ...read(0, [1]));
    expect(toldBy(columns).micros.map(([, , list]) => list)).toEqual([[], [1]]);
    expect([...columns.length]).toEqual([0, 1]);
  });

  test("can be rebuilt from the chains, and no chain of a key agrees with another", () => {
    fc.assert(
      fc.property(transactional({ service: "append", odd: true }), (events) => {
        const columns = transactionsOf(toHistory(events));
        fc.pre(columns.service === "list-append");
        const returned = toHistory(events).operations.flatMap(({ outcome, input, output }) => {
          const told = ([f, k, v]: Json[]) => [f!, k!, f === "r" ? asList(v!) : v!];
          if (outcome === "ok") return (output as Json[][]).map(told);
          return (input as Json[][]).map(([f, k, v]) => [f, k, f === "r" ? null : v]);
        });
        expect([...columns.kind].map((_, i) => microAt(columns, i))).toEqual(returned);
        const { chains } = toldBy(columns);
        for (const [i, [key, list]] of chains.entries()) {
          for (const [other, longer] of chains.slice(0, i)) {
            if (other !== key) continue;
            const shared = Math.min((list as Json[]).length, (longer as Json[]).length);
            expect((list as Json[]).slice(0, shared)).not.toEqual(
              (longer as Json[]).slice(0, shared),
            );
          }
        }
      }),
    );
  });

  test("finds its chain in time that does not depend on how many there are", () => {
    const builder = new TransactionsBuilder();
    const { values } = builder;
    const key = values.id("x");
    const common = Array.from({ length: 50 }, (_, i) => values.numberId(i));
    const size = 20_000;
    for (let t = 0; t < size; t++) {
      builder.read(key);
      builder.invoke(0, t);
      builder.readList(key, [...common, values.numberId(1000 + (t % (size / 2)))]);
      builder.complete(0, 1, t);
    }
    const columns = builder.finish();
    expect(columns.chainKey.length).toBe(size / 2);
    expect(columns.value[size - 1]).toBe(size / 2 - 1);
  });
});

describe("what a transaction read", () => {
  test.each(["fail", "info"] as const)("is unknown when it ended in %s", (type) => {
    const columns = columnsOf(
      [
        0,
        "invoke",
        [
          ["append", "x", 1],
          ["r", "x", null],
        ],
      ],
      [
        0,
        type,
        [
          ["append", "x", 1],
          ["r", "x", [1]],
        ],
      ],
    );
    expect([...columns.value]).toEqual([columns.values.id(1), -1]);
    expect([...columns.length]).toEqual([0, -1]);
    expect(columns.chainKey).toHaveLength(0);
  });

  test("is unknown while it is open, of a register too", () => {
    const columns = columnsOf([
      0,
      "invoke",
      [
        ["w", "x", 1],
        ["r", "x", null],
      ],
    ]);
    expect([...columns.outcome]).toEqual([2]);
    expect([...columns.value]).toEqual([columns.values.id(1), -1]);
    expect([...columns.length]).toEqual([0, 0]);
  });

  test("of a register is the value, or null for the initial state", () => {
    const columns = columnsOf(...read(0, null), ...read(0, 3), ...read(0, { a: 1 }));
    expect(columns.service).toBe("rw-register");
    expect(toldBy(columns).micros.map(([, , value]) => value)).toEqual([null, 3, { a: 1 }]);
    expect([...columns.length]).toEqual([0, 0, 0]);
  });
});

describe("the service", () => {
  const nothing: Step[] = [[0, "invoke", []], [0, "ok", []], ...read(0, null)];
  test.each<[string, string, Step[]]>([
    ["registers where nothing tells", "rw-register", []],
    ["lists where one was read", "list-append", read(0, [])],
    ["registers where a value was read", "rw-register", read(0, 1)],
    ["lists where a client appends", "list-append", [[0, "invoke", [["append", "y", 1]]]]],
    ["registers where a client writes", "rw-register", [[0, "invoke", [["w", "y", 1]]]]],
  ])("is %s", (_, service, steps) => {
    const columns = columnsOf(...nothing, ...steps);
    expect(columns.service).toBe(service);
    expect(columns.value[0]).toBe(0);
    expect([...columns.chainKey]).toEqual(service === "list-append" ? [0] : []);
  });
});

describe("what a database should not have returned is kept", () => {
  const [write, append]: Step[] = [
    [9, "invoke", [["w", "y", 1]]],
    [9, "invoke", [["append", "y", 1]]],
  ];
  const lists = [...read(0, 5), ...read(0, [7]), ...read(0, null), ...read(0, "text")];
  const kept = [[{ "not a list": 5 }], [7], [], [{ "not a list": "text" }]];
  const readsOf = (...steps: Step[]) => {
    const columns = columnsOf(...steps);
    const reads = toldBy(columns).micros.filter(([kind]) => kind === "r");
    return { service: columns.service, reads: reads.map(([, , value]) => value) };
  };

  test("as a list of one element that nobody appended, where lists are appended to", () => {
    const expected = { service: "list-append", reads: kept };
    expect(readsOf(append!, ...lists)).toEqual(expected);
    expect(readsOf(...lists, append!)).toEqual(expected);
    expect(readsOf(...lists.slice(0, 3), append!, ...lists.slice(3))).toEqual(expected);
  });

  test("where clients only read, and read a list once", () => {
    expect(readsOf(...lists)).toEqual({ service: "list-append", reads: kept });
  });

  test("as a value like any other, where registers are written", () => {
    const expected = { service: "rw-register", reads: [5, [7], null, "text"] };
    expect(readsOf(write!, ...lists)).toEqual(expected);
    expect(readsOf(...lists, write!)).toEqual(expected);
  });

  test("in chains of the order in which reads completed, whenever the first append came", () => {
    const steps = [...read(0, [2, 3]), ...read(0, 1), ...read(0, [2]), ...read(0, [4])];
    const expected = chainsOf(append!, ...steps).chains;
    expect(expected.map(([, list]) => list)).toEqual([[2, 3], [{ "not a list": 1 }], [4]]);
    expect(chainsOf(...steps, append!).chains).toEqual(expected);
    expect(chainsOf(...steps).chains).toEqual(expected);
  });
});

describe("positions", () => {
  test("are those of the events, observations included", () => {
    const f = "txn";
    const columns = transactionsOf(
      toHistory([
        { index: 0, time: 5, process: "n1", type: "info", f: "leader", value: 1 },
        { index: 1, time: 6, process: 7, type: "invoke", f, value: [] },
        { index: 2, time: 7, process: "n1", type: "info", f: "leader", value: 2 },
        { index: 3, time: 8, process: 7, type: "ok", f, value: [] },
        { index: 4, time: 9, process: 8, type: "invoke", f, value: [] },
        { index: 5, time: 9, process: "n1", type: "info", f: "leader", value: 2 },
      ]),
    );
    const { size, eventCount, process, invoked, completed, invokedAt, completedAt } = columns;
    expect({ size, eventCount }).toEqual({ size: 2, eventCount: 6 });
    expect([...process]).toEqual([7, 8]);
    expect([...invoked]).toEqual([1, 4]);
    expect([...completed]).toEqual([3, 0x7fff_ffff]);
    expect([...invokedAt]).toEqual([6, 9]);
    expect([...completedAt]).toEqual([8, Infinity]);
    expect(columns.observations).toHaveLength(3);
  });
});

describe("a fault of a client is refused at its event", () => {
  const first: Step[] = [[0, "invoke", [["append", "x", 1]]]];
  test.each<[string, number, Step[], RegExp]>([
    [
      "an append done twice",
      1,
      [...first, [1, "invoke", [["append", "x", 1]]]],
      /again, after event 0/,
    ],
    ["another function", 1, [...first, [1, "invoke", null, "read"]], /"read" is no transaction/],
    ["another service", 1, [...first, [1, "invoke", [["w", "x", 2]]]], /writes a register, but/],
    [
      "a list of no micro-operations",
      0,
      [[0, "invoke", null]],
      /must be a list of micro-operations/,
    ],
    [
      "another value where the outcome is unknown",
      1,
      [...first, [0, "info", [["append", "x", 2]]]],
      /with append "x" 2 where it was invoked with append "x" 1/,
    ],
    [
      "another transaction on completion",
      1,
      [...first, [0, "ok", [["append", "x", 2]]]],
      /with append "x" 2 where it was invoked with append "x" 1/,
    ],
  ])("%s", (_, position, steps, reason) => {
    const attempt = () => columnsOf(...steps);
    expect(attempt).toThrow(EventError);
    expect(attempt).toThrow(reason);
    expect(attempt).toThrow(expect.objectContaining({ position }));
  });
});

test("the raw door takes micro-operations by the ids of their keys and values", () => {
  const builder = new TransactionsBuilder({}, 1);
  const { values } = builder;
  const [x, one, two] = [values.id("x"), values.id(1), values.id(2)];
  for (let t = 0; t < 100; t++) {
    builder.append(x, values.numberId(t));
    builder.read(x);
    expect(builder.invoke(5, 10 * t)).toBe(t);
    builder.append(x, values.numberId(t));
    builder.readList(x, Int32Array.of(one, two, 99), 2);
    expect(builder.complete(5, 1, 10 * t)).toBe(t);
  }
  const columns = builder.finish();
  expect({ size: columns.size, eventCount: columns.eventCount }).toEqual({
    size: 100,
    eventCount: 200,
  });
  expect([...columns.from]).toEqual(Array.from({ length: 101 }, (_, t) => 2 * t));
  expect(microAt(columns, 199)).toEqual(["r", "x", [1, 2]]);
  expect([...columns.chainElements]).toEqual([one, two]);
});
