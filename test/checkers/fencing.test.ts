/** Tokens that go back, writers that come late, and updates that get lost. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fencing } from "../../checkers/index.js";
import type { Operation } from "../../histories/history.js";
import { isJsonObject } from "../../src/base/json.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => fencing.check(timeline(text));
const typesOf = (text: string) => judge(text).anomalies.map(({ type }) => type);

const acquire = (process: number, token: number, when: string) =>
  `${process} acquire = {"token":${token}} @k ${when}`;
const increment = (process: number, token: number, value: number, when: string) =>
  `${process} increment = {"token":${token},"value":${value}} @k ${when}`;

describe("tokens", () => {
  it("may grow with gaps, and in any order while acquires overlap", () => {
    const grown = [acquire(1, 3, "0..5"), acquire(2, 2, "1..4"), acquire(3, 9, "6..7")];
    expect(judge(grown.join("\n")).valid).toBe(true);
  });

  it("may not go back", () => {
    const { valid, anomalies } = judge(`${acquire(1, 3, "0..1")}\n${acquire(2, 2, "2..3")}`);
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "token-regression",
        message:
          "process 2 asked for key k at 2 ms and got token 2, though process 1 had token 3 by 1 ms",
        ops: [0, 2],
      },
    ]);
  });

  it("may not be given twice, nor after their use", () => {
    expect(typesOf(`${acquire(1, 3, "0..1")}\n${acquire(2, 3, "2..3")}`)).toEqual([
      "token-regression",
    ]);
    expect(typesOf(`${acquire(1, 3, "0..2")}\n${acquire(2, 3, "1..3")}`)).toEqual([
      "token-regression",
    ]);
    expect(typesOf(`${increment(1, 3, 1, "0..1")}\n${acquire(2, 3, "2..3")}`)).toEqual([
      "token-regression",
    ]);
  });
});

describe("writes", () => {
  it("under an old token may not follow one under a newer", () => {
    expect(typesOf(`${increment(1, 5, 1, "0..1")}\n${increment(2, 4, 2, "2..3")}`)).toEqual([
      "stale-writer",
    ]);
  });

  it("may overlap, share a token, or be refused", () => {
    const fine = [
      increment(1, 5, 1, "0..2"),
      increment(2, 4, 2, "1..3"),
      increment(3, 5, 3, "4..5"),
      `${increment(4, 1, 4, "6..7")} failed`,
      increment(5, 1, 4, "8..?"),
    ];
    expect(judge(fine.join("\n")).valid).toBe(true);
  });

  it("may not lead to the same value", () => {
    expect(typesOf(`${increment(1, 5, 1, "0..2")}\n${increment(2, 6, 1, "1..3")}`)).toEqual([
      "lost-update",
    ]);
  });

  it("must be found by reads that come after, and more may be found", () => {
    const two = `${increment(1, 5, 1, "0..2")}\n${increment(2, 6, 2, "3..4")}\n`;
    expect(typesOf(`${two}3 read = 1 @k 5..6`)).toEqual(["lost-update"]);
    expect(typesOf(`${two}3 read = 1 @k 3.5..6`)).toEqual([]);
    expect(typesOf(`${two}4 increment @k 2..?\n3 read = 3 @k 5..6`)).toEqual([]);
    expect(typesOf(`${two}3 read = 0 @j 5..6`)).toEqual([]);
  });
});

it("is unknown where there is no token", () => {
  expect(judge("1 acquire @k 0..1").valid).toBe("unknown");
});

describe("against a comparison of all pairs", () => {
  const step = fc.record({
    f: fc.constantFrom("acquire", "increment", "increment"),
    from: fc.integer({ min: 0, max: 12 }),
    lasts: fc.integer({ min: 1, max: 4 }),
    token: fc.integer({ min: 1, max: 9 }),
    value: fc.integer({ min: 1, max: 60 }),
  });

  it("finds the same", () => {
    const seen = { true: 0, false: 0, unknown: 0 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5 }), (steps) => {
        const lines = steps.map(({ f, from, lasts, token, value }, i) =>
          f === "acquire"
            ? acquire(i, token + from, `${from}..${from + lasts}`)
            : increment(i, token + from, value, `${from}..${from + lasts}`),
        );
        const history = timeline(lines.join("\n"));
        const { valid } = fencing.check(history);
        seen[`${valid}`]++;
        const pairs = history.operations.flatMap((a) =>
          history.operations.map((b) => [a, b] as const),
        );
        const increments = history.operations.filter(({ f }) => f === "increment");
        const [first] = increments.toSorted((a, b) => a.completed - b.completed);
        const isBroken =
          pairs.some(([a, b]) => a !== b && contradict(a, b)) ||
          increments.some((one) => first !== undefined && isTooMuch(first, one, increments));
        expect(valid).toBe(isBroken ? false : steps.length === 0 ? "unknown" : true);
      }),
      { seed: 11, numRuns: 1_500 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50);
  });
});

/** Whether `one` found more than those made of what `first` had found that came after it. */
function isTooMuch(first: Operation, one: Operation, increments: readonly Operation[]): boolean {
  const value = ({ output }: Operation) => (isJsonObject(output) ? Number(output["value"]) : 0);
  const between = increments.filter(
    (other) => other !== first && other.completed > first.invoked && other.invoked < one.completed,
  );
  return value(one) > value(first) + between.length;
}

/** By the definitions: `a` cannot be, given `b`. */
function contradict(a: Operation, b: Operation): boolean {
  const told = ({ output }: Operation) => (isJsonObject(output) ? output : {});
  const [tokenA, tokenB] = [Number(told(a)["token"]), Number(told(b)["token"])];
  const isAfter = b.completed < a.invoked;
  if (a.f === "acquire") {
    return (isAfter && tokenA <= tokenB) || (b.f === "acquire" && tokenA === tokenB);
  }
  if (b.f === "acquire") return false;
  return (isAfter && tokenA < tokenB) || told(a)["value"] === told(b)["value"];
}

describe("a counter", () => {
  const read = (value: number, when: string) => `9 read = ${value} @k ${when}`;
  const from40 = `${increment(1, 1, 40, "0..1")}\n${increment(2, 1, 41, "2..3")}`;

  it("may begin anywhere, and count what is unknown", () => {
    expect(typesOf(`${from40}\n${read(41, "4..5")}`)).toEqual([]);
    expect(typesOf(`${from40}\n3 increment @k 2..?\n${read(42, "4..5")}`)).toEqual([]);
  });

  it("counts nothing twice, and nothing that failed or came later", () => {
    const later = "3 increment @k 2..3 failed\n3 increment @k 6..?";
    expect(typesOf(`${from40}\n${later}\n${read(42, "4..5")}`)).toEqual(["double-effect"]);
  });
});

describe("a client that asks again", () => {
  const twice = (between: string, again: number) =>
    judge(`${acquire(1, 3, "0..1")}\n${between}\n${acquire(again, 3, "4..5")}`).valid;

  it("may keep its token while it has not released the lock, and nobody else may have it", () => {
    expect(twice("", 1)).toBe(true);
    expect(twice("1 release @k 2..?", 2)).toBe(false);
    expect(twice("1 release @k 2..3", 1)).toBe(false);
  });
});
