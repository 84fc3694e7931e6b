/** Orders that explain a history are accepted; each kind of mistake in one is found. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type OrderCertificate,
  verifyOrder,
} from "../../../../checkers/transactions/certificate/verify-order.js";
import { transactionsOf } from "../../../../histories/transactions-builder.js";
import { type Json, jsonEquals } from "../../../../src/base/json.js";
import { history, type NotationOptions } from "../notation.js";

type Claim = Partial<Omit<OrderCertificate, "order">>;

/** Judges an order of a history in one line. */
function verified(
  text: string,
  order: number[],
  claim: Claim & NotationOptions = {},
): true | string {
  const { form = "serial", relation = "data", ...options } = claim;
  const transactions = transactionsOf(history(text, options));
  return verifyOrder(transactions, { form, relation, order: Int32Array.from(order) });
}

const lists = "ax1 | ax2ay1 | rx12ry1 | rx1ry | ax3rx123";
const registers = "wx1 | wx2wy1 | rx2ry1 | rx1ry_ | wx3rx3";

describe("a serial order", () => {
  it("is accepted when every read returns what is there", () => {
    expect(verified(lists, [0, 3, 1, 2, 4])).toBe(true);
    expect(verified(registers, [0, 3, 1, 2, 4])).toBe(true);
  });

  it("is refused when a read returns anything else", () => {
    expect(verified(lists, [0, 1, 3, 2, 4])).toBe(
      'the transaction of event 3 read 1 elements of key "x", which is not what is there at its place in the order',
    );
    expect(verified(registers, [0, 1, 3, 2, 4])).toBe(
      'the transaction of event 3 read key "x", which is not what is there at its place in the order',
    );
    expect(verified("ax1 | ax2 | rx21", [0, 1, 2])).toMatch(/^the transaction of event 2 read 2/);
    expect(verified("ax1 | ax2 | rx12 | rx21", [0, 1, 2, 3])).toMatch(/event 3 read 2/);
    expect(verified("ax1 | rx9", [0, 1])).toMatch(/event 1 read 1/);
  });

  it("is refused when an ok transaction is missing, twice in it, or no transaction at all", () => {
    expect(verified(lists, [0, 3, 1, 2])).toBe("the transaction of event 4 is not in the order");
    expect(verified(lists, [0, 3, 1, 2, 2, 4])).toBe("the transaction of event 2 begins twice");
    expect(verified(lists, [0, 3, 1, 2, 5])).toBe("place 4 of the order names no transaction");
    expect(verified(lists, [-1])).toBe("place 0 of the order names no transaction");
  });

  it("has what failed nowhere, and what nobody knows of at most once", () => {
    expect(verified("ax1 | fail ax2 | rx1", [0, 2])).toBe(true);
    expect(verified("ax1 | fail ax2 | rx12", [0, 1, 2])).toBe(
      "the transaction of event 1 failed: it must not be in the order",
    );
    expect(verified("ax1 | info ax2ay1 | rx12ry1 | rx1ry", [0, 3, 1, 2])).toBe(true);
    expect(verified("ax1 | info ax2ay1 | rx1ry", [0, 2])).toBe(true);
    expect(verified("ax1 | info ax2ay1 | rx12ry", [0, 1, 2])).toMatch(/event 2 read 0 elements/);
    expect(verified("info wx1 | rx1", [0, 0, 1])).toMatch(/begins twice/);
  });

  it("lets pass what nobody knows to have been read", () => {
    expect(verified("ax1 | info rx9ax2 | rx12", [0, 1, 2])).toBe(true);
  });

  it("agrees with the order of each process where it claims to", () => {
    const text = "p0: ax1 ; p0: rx | p1: ax2";
    expect(verified(text, [1, 0, 2])).toBe(true);
    expect(verified(text, [1, 0, 2], { relation: "process" })).toBe(
      "the transaction of event 0 comes after that of event 2, although it had completed before",
    );
    expect(verified("p0: ax1 ; p1: rx", [1, 0], { relation: "process" })).toBe(true);
  });

  it("agrees with real time where it claims to", () => {
    expect(verified("ax1 ; rx", [1, 0], { relation: "realtime" })).toMatch(/comes after/);
    expect(verified("ax1 | rx", [1, 0], { relation: "realtime" })).toBe(true);
    expect(verified("long ax1 ; rx ; ry", [1, 2, 0], { relation: "realtime" })).toBe(true);
    expect(verified("info ax1 ; rx ; rx1", [1, 0, 2], { relation: "realtime" })).toBe(true);
    expect(verified("info ax1 ; rx1 ; rx", [2, 0, 1], { relation: "realtime" })).toMatch(
      /event 2 comes after|event 3 comes after/,
    );
  });
});

/** `s0 c0` as it stands in an order of snapshots and commits. */
function points(text: string): number[] {
  return text.split(" ").map((point) => Number(point.slice(1)) * 2 + (point[0] === "c" ? 1 : 0));
}

describe("an order of snapshots and commits", () => {
  const skew = "rxay1 | ryax1";

  it("is accepted when every read returns its snapshot", () => {
    expect(verified(skew, points("s0 s1 c0 c1"), { form: "snapshot" })).toBe(true);
    expect(verified("rx_wy1ry1 | ry_wx1", points("s0 s1 c0 c1"), { form: "snapshot" })).toBe(true);
    expect(verified("ax1rx1 | rx | rx1", points("s0 s1 c0 s2 c2 c1"), { form: "prefix" })).toBe(
      true,
    );
  });

  it("is refused when a snapshot is taken too early or too late", () => {
    expect(verified(skew, points("s0 c0 s1 c1"), { form: "snapshot" })).toMatch(/event 1 read 0/);
    expect(verified("ax1 | rx1", points("s1 s0 c0 c1"), { form: "prefix" })).toMatch(/read 1/);
  });

  it("keeps what a transaction writes from others until it commits", () => {
    expect(verified("wx1wx2 | rx1", points("s0 s1 c0 c1"), { form: "prefix" })).toMatch(/read/);
    expect(verified("wx1wx2 | rx2", points("s0 c0 s1 c1"), { form: "prefix" })).toBe(true);
    expect(verified("ax1ax2 | rx1", points("s0 c0 s1 c1"), { form: "prefix" })).toMatch(/read 1/);
  });

  it("lets the first committer win where it claims to be a snapshot order", () => {
    const lost = "rxax1 | rxax2";
    const order = points("s0 s1 c0 c1");
    expect(verified(lost, order, { form: "snapshot" })).toBe(
      'the transaction of event 1 writes key "x", which another one wrote between its snapshot and its commit',
    );
    expect(verified(lost, order, { form: "prefix" })).toBe(true);
    expect(verified("ax1ax2 | rx12", points("s0 c0 s1 c1"), { form: "snapshot" })).toBe(true);
  });

  it("has every snapshot before its commit, and both once", () => {
    expect(verified("ax1", points("c0 s0"), { form: "snapshot" })).toMatch(/before its snapshot/);
    expect(verified("ax1", points("s0"), { form: "snapshot" })).toMatch(/not in the order/);
    expect(verified("ax1", points("s0 c0 c0"), { form: "snapshot" })).toMatch(/commits twice/);
    expect(verified("ax1", points("s0 s0 c0"), { form: "snapshot" })).toMatch(/begins twice/);
  });

  it("commits before a later transaction of the session, or of all, takes its snapshot", () => {
    const text = "p0: ax1 ; p0: rx | p1: rx";
    const order = points("s1 s2 c1 c2 s0 c0");
    const late = points("s1 c1 s0 c0 s2 c2");
    expect(verified(text, order, { form: "prefix" })).toBe(true);
    expect(verified(text, order, { form: "prefix", relation: "process" })).toMatch(/event 0 comes/);
    expect(
      verified("p0: ax1 ; p1: rx | p0: rx1", points("s1 c1 s0 c0 s2 c2"), {
        form: "prefix",
        relation: "process",
      }),
    ).toBe(true);
    expect(
      verified("p0: ax1 ; p1: rx | p0: rx1", late, { form: "prefix", relation: "realtime" }),
    ).toMatch(/event 0 comes/);
  });
});

const keys = ["x", "y"] as const;

/** Transactions that some database executed one after the other, told in another order. */
const executed = fc
  .array(
    fc.array(fc.record({ key: fc.constantFrom(...keys), isWrite: fc.boolean() }), {
      minLength: 1,
      maxLength: 3,
    }),
    { minLength: 1, maxLength: 7 },
  )
  .chain((scripts) =>
    fc.record({
      scripts: fc.constant(scripts),
      executedAs: shuffled(scripts.length),
      service: fc.constantFrom("list-append" as const, "rw-register" as const),
    }),
  )
  .map(({ scripts, executedAs, service }) => {
    const lists: { [key: string]: number[] } = { x: [], y: [] };
    const texts: string[] = [];
    for (const t of executedAs) {
      texts[t] = scripts[t]!.map(({ key, isWrite }, i) => {
        const list = lists[key]!;
        const value = t * 10 + i + 1;
        if (isWrite) list.push(value);
        if (service === "list-append")
          return isWrite ? `a${key}${value}` : `r${key}[${list.join(" ")}]`;
        return isWrite ? `w${key}${value}` : `r${key}${list.at(-1) ?? "_"}`;
      }).join(" ");
    }
    return { text: texts.join(" | "), service, executedAs };
  });

function shuffled(length: number): fc.Arbitrary<number[]> {
  const all = [...Array(length).keys()];
  return fc.shuffledSubarray(all, { minLength: length, maxLength: length });
}

/** The same judgement on lists of JSON, read by read. */
function replays(text: string, service: "list-append" | "rw-register", order: number[]): boolean {
  const state = new Map<string, number[]>();
  const { operations } = history(text, { service });
  return order.every((t) =>
    (operations[t]!.output as [string, string, Json][]).every(([f, key, value]) => {
      const list = state.get(key) ?? [];
      if (f !== "r") state.set(key, [...list, value as number]);
      else return jsonEquals(value, service === "list-append" ? list : (list.at(-1) ?? null));
      return true;
    }),
  );
}

describe("any history that a database executed", () => {
  it("is explained by the order of execution, in every form", () => {
    fc.assert(
      fc.property(executed, ({ text, service, executedAs }) => {
        expect(verified(text, executedAs, { service, relation: "realtime" })).toBe(true);
        const both = executedAs.flatMap((t) => [2 * t, 2 * t + 1]);
        for (const form of ["prefix", "snapshot"] as const) {
          expect(verified(text, both, { form, service })).toBe(true);
        }
      }),
    );
  });

  it("is explained by another order just when that order explains every read", () => {
    const withOrders = executed.chain((made) =>
      fc.record({ made: fc.constant(made), order: shuffled(made.executedAs.length) }),
    );
    fc.assert(
      fc.property(withOrders, ({ made: { text, service }, order }) => {
        const expected = replays(text, service, order);
        expect(verified(text, order, { service }) === true).toBe(expected);
        const both = order.flatMap((t) => [2 * t, 2 * t + 1]);
        expect(verified(text, both, { service, form: "snapshot" }) === true).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
