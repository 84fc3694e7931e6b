/** Chains judge cas-registers with unique values as the definition does. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { casChains } from "../../../../checkers/linearizability/algorithms/cas-chains.js";
import { registerZones } from "../../../../checkers/linearizability/algorithms/register-zones.js";
import { historyOf } from "../../oracle/notation.js";
import { anyHistory } from "../../oracle/random-history.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../../oracle/runs.js";
import { expectRight } from "./rule-against-oracle.js";
import { registerView, smallHistory } from "./small-registers.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

const finding = (text: string, init: number | null = null) =>
  casChains.examine(registerView(historyOf(text), init));

describe("chains agree with the oracle", () => {
  it.each([
    { functions: ["read", "write", "cas"], repeats: 0 },
    { functions: ["read", "cas"], repeats: 0 },
    { functions: ["read", "write", "cas", "cas"], repeats: 20 },
  ])(`on $functions when $repeats % of the values repeat ${withSeed}`, (shape) => {
    const count = { true: 0, false: 0, "not-applicable": 0 };
    fc.assert(
      fc.property(smallHistory({ ...shape, operationsMax: 8 }), ({ events }) => {
        count[`${expectRight(casChains, events)}`] += 1;
      }),
      { seed: oracleSeed, numRuns: oracleRuns },
    );
    expect(count.true).toBeGreaterThan(0);
    expect(count.false).toBeGreaterThan(0);
  });

  it(`on what atomic objects and liars answered ${withSeed}`, () => {
    const oneKey = anyHistory("cas-register").filter(
      ({ events }) =>
        new Set(events.filter(({ f }) => called.includes(f)).map(({ key }) => key)).size === 1 &&
        !events.some(({ f }) => f === "get" || f === "put"),
    );
    let decided = 0;
    fc.assert(
      fc.property(oneKey, ({ events, init }) => {
        if (expectRight(casChains, events, init) !== "not-applicable") decided += 1;
      }),
      { seed: oracleSeed, numRuns: oracleRuns },
    );
    expect(decided).toBeGreaterThan(0);
  });

  it(`and with zones where nobody called cas ${withSeed}`, () => {
    const reading = smallHistory({ functions: ["read", "write"], operationsMax: 30, repeats: 10 });
    fc.assert(
      fc.property(reading, ({ events }) => {
        const view = registerView(events);
        expect(casChains.examine(view).valid).toBe(registerZones.examine(view).valid);
      }),
      { seed: oracleSeed, numRuns: oracleRuns },
    );
  });
});

const called = ["read", "write", "cas"];

describe("a chain", () => {
  it("keeps the order that its compare-and-sets force", () => {
    const text = `0 invoke cas [2,3]
      1 invoke cas [null,1]
      2 invoke cas [1,2]
      0 ok
      1 ok
      2 ok`;
    expect(finding(text).valid).toBe(true);
    const late = `0 invoke cas [2,3]
      1 invoke cas [null,1]
      0 ok
      2 invoke cas [1,2]
      1 ok
      2 ok`;
    expect(finding(late)).toEqual({ valid: false, core: [0, 1, 2] });
  });

  it("lets nothing in between, however long it is", () => {
    const text = `0 invoke cas [null,1]
      0 ok
      1 invoke write 9
      1 ok
      0 invoke cas [1,2]
      0 ok`;
    expect(finding(text)).toEqual({ valid: false, core: [0, 1, 2] });
    expect(finding("1 invoke write 9 \n 0 invoke cas [null,1] \n 0 ok \n 1 ok").valid).toBe(true);
  });

  it("does not fork: a value is left by one cas", () => {
    const text = "0 invoke cas [null,1] \n 1 invoke cas [null,2] \n 0 ok \n 1 ok";
    expect(finding(text)).toEqual({ valid: false, core: [0, 1] });
    expect(finding("0 invoke cas [null,1] \n 1 invoke cas [null,null] \n 0 ok \n 1 ok").valid).toBe(
      true,
    );
  });

  it("does not bite its tail", () => {
    const text = "0 invoke cas [1,2] \n 1 invoke cas [2,1] \n 0 ok \n 1 ok";
    expect(finding(text)).toEqual({ valid: false, core: [0, 1] });
  });

  it("begins with a value that was there", () => {
    expect(finding("0 invoke cas [5,6] \n 0 ok")).toEqual({ valid: false, core: [0] });
    expect(finding("0 invoke cas [5,6] \n 0 ok", 5).valid).toBe(true);
  });
});

describe("a pending cas", () => {
  it("took effect if its value was observed, through another pending one as well", () => {
    const pending = "0 invoke cas [null,1] \n 1 invoke cas [1,2]";
    expect(finding(`${pending} \n 2 invoke read \n 2 ok 2`).valid).toBe(true);
    const back = `${pending} \n 2 invoke read \n 2 ok 2 \n 2 invoke read \n 2 ok 1`;
    expect(finding(back)).toEqual({ valid: false, core: [0, 1, 2, 3] });
  });

  it("is nothing when only a pending one in vain observed it", () => {
    const vain = "0 invoke cas [1,2] \n 1 invoke cas [2,1] \n 2 invoke cas [null,3]";
    expect(finding(`${vain} \n 3 invoke read \n 3 ok null`).valid).toBe(true);
  });

  it("is called to account with what shows that it took effect", () => {
    const text = "0 invoke cas [7,1] \n 1 invoke cas [1,2] \n 2 invoke read \n 2 ok 2";
    expect(finding(text)).toEqual({ valid: false, core: [0, 1, 2] });
  });

  it("may leave a value that an acknowledged one left only if it did not happen", () => {
    const text = "0 invoke cas [null,1] \n 0 ok \n 1 invoke cas [null,2]";
    expect(finding(text).valid).toBe(true);
    expect(finding(`${text} \n 2 invoke read \n 2 ok 2`)).toEqual({
      valid: false,
      core: [0, 1, 2],
    });
  });
});

it("a failed cas did not happen", () => {
  const text = "0 invoke cas [null,1] \n 0 fail \n 1 invoke cas [null,2] \n 1 ok";
  expect(finding(text).valid).toBe(true);
  expect(finding(`${text} \n 1 invoke read \n 1 ok 1`).valid).toBe(false);
});
