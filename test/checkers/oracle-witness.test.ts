/** Whoever calls a history linearizable can prove it, and the proof holds. */

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Verdict } from "../../checkers/checker.js";
import { linearizable } from "../../checkers/index.js";
import { toHistory } from "../../histories/pairing.js";
import { linearizationOf } from "./oracle/linearizable-oracle.js";
import { flawOfAll, type Linearization } from "./oracle/linearization-verifier.js";
import { historyOf } from "./oracle/notation.js";
import { type ObjectType, objectTypes } from "./oracle/object-types.js";
import { anyHistory, longHistory, type RandomHistory } from "./oracle/random-history.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "./oracle/runs.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

describe("the verifier", () => {
  it.each(objectTypes)(`accepts every proof of the oracle for a %s ${withSeed}`, (type) => {
    fc.assert(
      fc.property(anyHistory(type), ({ events, init }) => {
        const order = linearizationOf(events, type, init);
        fc.pre(order !== undefined);
        const linearizations = byKey(events, order!);
        expect(flawOfAll(linearizations, events, type, init)).toBeUndefined();
      }),
      { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 20) },
    );
  });

  const events = historyOf(`
    0 invoke write 1
    1 invoke write 2
    2 invoke write 3
    0 ok
    1 fail
    3 invoke read
    3 ok 1
    3 invoke read
    3 ok 3`);
  const flaw = (...ops: number[]) => flawOfAll([{ ops }], events, "register", null);

  it("accepts the one proof that there is", () => {
    expect(flaw(0, 5, 2, 7)).toBeUndefined();
  });

  it.each([
    [
      "that leaves out what was acknowledged",
      [0, 2, 7],
      /5 .* in state|7 .* in state|5 is missing/,
    ],
    ["that leaves out a pending write which was read", [0, 5, 7], /7 cannot answer so/],
    ["with a failed write", [0, 5, 1, 2, 7], /1 failed/],
    ["against real time", [0, 2, 7, 5], /5 ended before|5 cannot/],
    ["with an operation twice", [0, 5, 2, 2, 7], /2 .* comes twice/],
    ["with an event that is no invocation", [0, 5, 6, 2, 7], /6 is no operation/],
    ["with a wrong answer", [0, 2, 5, 7], /5 cannot answer so in state 3/],
  ])("refuses an order %s", (_, ops, reason) => {
    expect(flaw(...ops)).toMatch(reason);
  });

  it("refuses an order that only real time contradicts", () => {
    const reads = historyOf("0 invoke read \n 0 ok \n 1 invoke read \n 1 ok");
    expect(flawOfAll([{ ops: [2, 0] }], reads, "register", null)).toMatch(/0 ended before/);
    expect(flawOfAll([{ ops: [0, 2] }], reads, "register", null)).toBeUndefined();
  });

  it("asks for one order for every key that has anything to show", () => {
    const keyed = historyOf(
      "0 invoke read @x \n 0 ok \n 0 invoke read @y \n 0 ok \n 0 invoke write @z 1",
    );
    const x = { key: "x", ops: [0] };
    const y = { key: "y", ops: [2] };
    expect(flawOfAll([x, y], keyed, "kv", null)).toBeUndefined();
    expect(flawOfAll([x], keyed, "kv", null)).toMatch(/"y" has none/);
    expect(flawOfAll([x, y, x], keyed, "kv", null)).toMatch(/"x" has 2/);
    expect(flawOfAll([{ key: "x", ops: [0, 2] }, y], keyed, "kv", null)).toMatch(/2 is no op/);
  });
});

describe("a valid verdict carries a linearization that the verifier accepts", () => {
  it.each(objectTypes)(`for small %s histories ${withSeed}`, (type) => {
    provesItself(type, anyHistory(type), Math.ceil(oracleRuns / 4));
  });

  it.each(objectTypes)(`for long %s histories ${withSeed}`, (type) => {
    provesItself(type, longHistory(type), Math.ceil(oracleRuns / 40));
  });
});

function provesItself(
  type: ObjectType,
  histories: fc.Arbitrary<RandomHistory>,
  numRuns: number,
): void {
  fc.assert(
    fc.property(histories, ({ events, init }) => {
      const verdict = linearizable({ type, init, witness: true }).check(toHistory(events));
      if (verdict.valid !== true) return;
      const linearizations = linearizationsOf(verdict);
      expect(linearizations).toBeDefined();
      expect(flawOfAll(linearizations!, events, type, init)).toBeUndefined();
    }),
    { seed: oracleSeed, numRuns },
  );
}

function linearizationsOf(
  verdict: Verdict & { linearizations?: readonly Linearization[] },
): readonly Linearization[] | undefined {
  return verdict.linearizations;
}

/** One order for each key, out of an order of the operations of all keys. */
function byKey(events: RandomHistory["events"], order: readonly number[]): Linearization[] {
  const invocations = order.map((index) => events[index]!).filter(({ f }) => f !== "fence");
  return invocations.flatMap(({ key }, at) => {
    const sameKey = invocations.filter((other) => isDeepStrictEqual(other.key, key));
    if (sameKey[0] !== invocations[at]) return [];
    return [{ ...(key === undefined ? {} : { key }), ops: sameKey.map(({ index }) => index) }];
  });
}
