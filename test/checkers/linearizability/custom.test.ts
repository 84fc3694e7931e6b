/** Types of the user's own: decided, explained and certified as the built-in ones are. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearizable, type SequentialModel } from "../../../checkers/index.js";
import { toHistory } from "../../../histories/index.js";
import type { Json } from "../../../src/base/json.js";
import { anyHistory } from "../oracle/random-history.js";
import { oracleRuns, oracleSeed, withSeed } from "../oracle/runs.js";
import { timeline } from "../timeline.js";

/** A tank that holds at most ten: pouring in more overflows, and is answered so. */
const tank: SequentialModel<number> = {
  name: "tank",
  init: (init) => (typeof init === "number" ? init : 0),
  step(level, { f, input, output, pending }) {
    if (f === "level") return output === level ? level : undefined;
    const poured = level + (input as number);
    if (pending) return Math.min(poured, 10);
    return output === poured <= 10 ? Math.min(poured, 10) : undefined;
  },
  reads: ["level"],
};

describe("a model of the user's own", () => {
  const check = (text: string, options = {}) =>
    linearizable({ model: tank, ...options }).check(timeline(text));

  it("decides what an object can have answered", () => {
    expect(check("1 pour 4 = true 0..1\n1 level = 4 2..3").valid).toBe(true);
    expect(check("1 pour 4 = true 0..1\n1 level = 5 2..3").valid).toBe(false);
    expect(check("1 level = 3 0..1", { init: 3 }).valid).toBe(true);
  });

  it("lets pending operations take effect or not", () => {
    const pending = "1 pour 4 0..?\n2 level = 0 1..2\n2 level = 4 3..4";
    expect(check(pending).valid).toBe(true);
    expect(check(`${pending}\n2 level = 0 5..6`).valid).toBe(false);
  });

  it("is judged key by key, with a linearization of each when asked for", () => {
    const { linearizations } = linearizable({ model: tank, witness: true }).check(
      timeline("1 pour 4 = true @x 0..1\n2 level = 0 @y 2..3"),
    );
    expect(linearizations).toEqual([
      { key: "x", ops: [0] },
      { key: "y", ops: [2] },
    ]);
  });

  it("leaves out of the story the reads that it can do without", () => {
    const { anomalies } = check("1 level = 0 0..1\n1 pour 1 = true 2..3\n2 level = 5 4..5");
    expect(anomalies).toMatchObject([{ type: "non-linearizable", ops: [2, 4], brokenAt: 5 }]);
  });
});

const counting: SequentialModel<Json> = {
  name: "counting",
  init: (init) => init,
  step(value, { f, input, output, pending }) {
    if (f === "write") return input;
    if (pending) return value;
    return JSON.stringify(output) === JSON.stringify(value) ? value : undefined;
  },
};

describe("a register written as a model of the user's own", () => {
  it(`gets the verdicts of the built-in one ${withSeed}`, () => {
    const plain = anyHistory("register").filter(({ events }) =>
      events.every(({ f }) => f === "read" || f === "write" || f === "fence"),
    );
    fc.assert(
      fc.property(plain, ({ events, init }) => {
        const history = toHistory(events);
        const own = linearizable({ model: counting, init }).check(history);
        expect(own.valid).toBe(linearizable({ type: "register", init }).check(history).valid);
      }),
      { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 10) },
    );
  });
});
