/** Zones judge registers with unique values as the definition does. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { registerZones } from "../../../../checkers/linearizability/algorithms/register-zones.js";
import { historyOf } from "../../oracle/notation.js";
import { anyHistory } from "../../oracle/random-history.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../../oracle/runs.js";
import { expectRight } from "./rule-against-oracle.js";
import { registerView, smallHistory } from "./small-registers.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

const finding = (text: string, init: number | null = null) =>
  registerZones.examine(registerView(historyOf(text), init));

describe("zones agree with the oracle", () => {
  it.each([
    { repeats: 0, mayPass: false },
    { repeats: 30, mayPass: true },
  ])(`when $repeats % of the values repeat ${withSeed}`, ({ repeats, mayPass }) => {
    const count = { true: 0, false: 0, "not-applicable": 0 };
    fc.assert(
      fc.property(
        smallHistory({ functions: ["read", "write"], operationsMax: 8, repeats }),
        ({ events }) => {
          count[`${expectRight(registerZones, events)}`] += 1;
        },
      ),
      { seed: oracleSeed, numRuns: oracleRuns },
    );
    expect(count.true).toBeGreaterThan(0);
    expect(count.false).toBeGreaterThan(0);
    if (!mayPass) expect(count["not-applicable"]).toBe(0);
  });

  it(`on what atomic objects and liars answered ${withSeed}`, () => {
    const oneKey = anyHistory("register").filter(({ events }) => isOneObject(events));
    fc.assert(
      fc.property(oneKey, ({ events, init }) => {
        expectRight(registerZones, events, init);
      }),
      { seed: oracleSeed, numRuns: oracleRuns },
    );
  });
});

function isOneObject(events: readonly { key?: unknown; f: string }[]): boolean {
  const keys = events.filter(({ f }) => f === "read" || f === "write").map(({ key }) => key);
  return new Set(keys).size === 1 && !events.some(({ f }) => f === "get" || f === "put");
}

describe("two zones", () => {
  it("that are both forward and overlap by one event cannot be ordered", () => {
    expect(
      finding(`0 invoke write 1
               1 invoke write 2
               0 ok
               1 ok
               2 invoke read
               3 invoke read
               2 ok 1
               3 ok 2`),
    ).toEqual({ valid: false, core: [0, 1, 2, 3] });
  });

  it("that are both forward and follow one another at once can", () => {
    expect(
      finding(`0 invoke write 1
               1 invoke write 2
               0 ok
               2 invoke read
               1 ok
               3 invoke read
               2 ok 1
               3 ok 2`).valid,
    ).toBe(true);
  });

  it("cannot be ordered when a backward one lies inside a forward one", () => {
    expect(
      finding(`0 invoke write 1
               0 ok
               1 invoke write 2
               1 ok
               2 invoke read
               2 ok 1`),
    ).toEqual({ valid: false, core: [0, 1, 2] });
  });

  it.each([
    ["begins before it", "1 invoke write 2 \n 0 invoke write 1 \n 0 ok \n 1 ok"],
    ["ends after it", "0 invoke write 1 \n 0 ok \n 1 invoke write 2"],
  ])("can when the backward one %s", (_, start) => {
    expect(finding(`${start} \n 2 invoke read \n 2 ok 1`).valid).toBe(true);
  });
});

describe("the initial value", () => {
  it("is gone once a write has returned", () => {
    expect(finding("0 invoke write 1 \n 0 ok \n 1 invoke read \n 1 ok 7", 7)).toEqual({
      valid: false,
      core: [0, 1],
    });
  });

  it("may be written again as long as nobody reads it", () => {
    expect(finding("0 invoke write 7 \n 0 ok \n 1 invoke read", 7).valid).toBe(true);
    expect(finding("0 invoke write 7 \n 0 ok \n 1 invoke read \n 1 ok 7", 7).valid).toBe(
      "not-applicable",
    );
  });
});

describe("what did not happen or may not have happened", () => {
  it("a pending write that was read took effect, and cannot be undone", () => {
    const text = "0 invoke write 1 \n 0 info write 1 \n 1 invoke read \n 1 ok 1 \n 1 invoke read";
    expect(finding(`${text} \n 1 ok 1`).valid).toBe(true);
    expect(finding(`${text} \n 1 ok null`)).toEqual({ valid: false, core: [0, 1, 2] });
  });

  it("a pending write takes effect as late as it likes", () => {
    const text = `0 invoke write 1
      1 invoke write 2
      1 ok
      2 invoke read
      2 ok 2
      2 invoke read
      2 ok 1`;
    expect(finding(text).valid).toBe(true);
  });

  it("a pending write that nobody read asks for nothing", () => {
    expect(finding("0 invoke write 1 \n 1 invoke read \n 1 ok null").valid).toBe(true);
  });

  it("a failed write is none: to read its value is to read what was never written", () => {
    const text = "0 invoke write 1 \n 0 fail \n 1 invoke read \n 1 ok 1";
    expect(finding(text)).toEqual({ valid: false, core: [0] });
  });

  it("a failed read tells nothing", () => {
    expect(finding("0 invoke write 1 \n 0 ok \n 1 invoke read \n 1 fail").valid).toBe(true);
  });
});

it("a read that returned before its write began names both", () => {
  expect(finding("0 invoke read \n 0 ok 1 \n 1 invoke write 1 \n 1 ok")).toEqual({
    valid: false,
    core: [0, 1],
  });
});

it("values that many objects share cost each only what it uses, and leave no trace", () => {
  const view = registerView(historyOf("0 invoke write 1 \n 0 ok \n 1 invoke read \n 1 ok 1"));
  const other = registerView(historyOf("0 invoke write 2 \n 0 ok \n 1 invoke read \n 1 ok 2"));
  const foreign = { ...other, values: view.values };
  expect(registerZones.examine(view).valid).toBe(true);
  expect(registerZones.examine(foreign).valid).toBe(true);
  expect(registerZones.examine(view).valid).toBe(true);
});
