/** Where a history stops being linearizable. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  breakingOperation,
  prefixUntil,
} from "../../../../checkers/linearizability/explain/prefix.js";
import type { Operation } from "../../../../histories/history.js";
import { objectTypes } from "../../oracle/object-types.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../../oracle/runs.js";
import { timeline } from "../../timeline.js";
import { anyObject, isExplicable } from "./random-object.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

describe("the breaking operation", () => {
  it.each(objectTypes)(`of a %s is the first whose return nothing explains ${withSeed}`, (type) => {
    fc.assert(
      fc.property(anyObject(type), (object) => {
        const { operations } = object;
        const byReturn = operations
          .filter(({ outcome }) => outcome === "ok")
          .sort((a, b) => a.completed - b.completed);
        const first = byReturn.find(
          ({ completed }) => !isExplicable(object, prefixUntil(operations, completed)),
        );
        const found = breakingOperation(operations, (part) => isExplicable(object, part));
        expect(found).toEqual(
          first === undefined
            ? { end: "linearizable" }
            : { end: "found", operation: first, position: first.completed },
        );
      }),
      { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 10) },
    );
  });

  const { operations } = timeline(
    [...Array(1000)].map((_, i) => `1 write ${i}  ${2 * i}..${2 * i + 1}`).join("\n"),
  );

  it("is found with a logarithmic number of judgements", () => {
    let judgements = 0;
    const found = breakingOperation(operations, (part) => {
      judgements += 1;
      return part.every(({ input, outcome }) => input !== 700 || outcome === "info");
    });
    expect(found).toMatchObject({ end: "found", operation: { input: 700 } });
    expect(judgements).toBeLessThanOrEqual(11);
  });

  it("is undecided when the judge cannot tell", () => {
    const judge = (part: readonly Operation[]) => (part.length === 1000 ? false : undefined);
    expect(breakingOperation(operations, judge)).toEqual({ end: "undecided" });
    expect(breakingOperation(operations, () => undefined)).toEqual({ end: "undecided" });
  });
});

describe("a prefix", () => {
  const { operations } = timeline(`
    1 write 1   0..4
    2 read = 1  1..2
    3 write 2   1.5..5 failed
    2 read = 1  3..6
    1 read = 1  7..8
  `);

  it("makes pending what completes later, forgets what is invoked later, and keeps what failed", () => {
    const prefix = prefixUntil(operations, operations[0]!.completed);
    expect(prefix.map(({ f, outcome, output }) => [f, outcome, output])).toEqual([
      ["write", "ok", 1],
      ["read", "ok", 1],
      ["write", "fail", 2],
      ["read", "info", null],
    ]);
    expect(prefix[0]).toBe(operations[0]);
  });
});
