/** The verifier of witnesses: it accepts runs of its machine, and no others. */

import { describe, expect, test } from "vitest";
import { accessesOf } from "../../../checkers/memory/accesses-of.js";
import { readingsOf } from "../../../checkers/memory/readings.js";
import { type Machine, replayFault } from "../../../checkers/memory/replay.js";
import { columnsOf } from "../../../histories/columns.js";
import { history, INIT } from "./notation.js";

/** `2` issues access 2, `2!` lets it reach the memory. */
function fault(text: string, machine: Machine, order: string): string | undefined {
  const accesses = accessesOf(readingsOf(columnsOf(history(text)), INIT));
  const events = order
    .split(" ")
    .map((word) => Number.parseInt(word, 10) * 2 + (word.endsWith("!") ? 1 : 0));
  return replayFault(accesses, machine, Int32Array.from(events));
}

const SB = "w(x,1) r(y)0 | w(y,1) r(x)0";

describe("the machine of sequential consistency", () => {
  test("accepts an order that gives every read its value", () => {
    expect(fault("w(x,1) | r(x)0 r(x)1", "sequential", "1 0 2")).toBeUndefined();
  });

  test.each([
    ["a read that finds another value", "w(x,1) | r(x)0", "0 1", /was there/],
    ["an order against a session", "w(x,1) w(y,1)", "1 0", /order of its session/],
    ["an access twice", "w(x,1)", "0 0", /order of its session/],
    ["an access that is missing", "w(x,1) w(y,1)", "0", /never issued/],
    ["a strange access", "w(x,1)", "0 7", /no access 7/],
    ["a flush", "w(x,1)", "0 0!", /not in its buffer/],
  ])("refuses %s", (_, text, order, expected) => {
    expect(fault(text, "sequential", order)).toMatch(expected);
  });
});

describe("the machine of total store order", () => {
  test("accepts store buffering", () => {
    expect(fault(SB, "tso", "0 1 2 3 0! 2!")).toBeUndefined();
  });

  test("lets a session read its own buffer", () => {
    expect(fault("w(x,1) r(x)1", "tso", "0 1 0!")).toBeUndefined();
    expect(fault("w(x,1) r(x)0", "tso", "0 1 0!")).toMatch(/was there/);
  });

  test.each([
    ["a write that overtakes", "w(x,1) w(y,1)", "0 1 1! 0!", /overtook/],
    ["a fence over a full buffer", "w(x,1) f", "0 1 0!", /barrier/],
    ["an update over a full buffer", "w(x,1) cas(y,0,1)", "0 1 0!", /barrier/],
    ["a write that never arrives", "w(x,1)", "0", /never arrived/],
  ])("refuses %s", (_, text, order, expected) => {
    expect(fault(text, "tso", order)).toMatch(expected);
  });
});

describe("the machine of partial store order", () => {
  test("lets writes of different keys overtake each other, not those of one key", () => {
    expect(fault("w(x,1) w(y,1)", "pso", "0 1 1! 0!")).toBeUndefined();
    expect(fault("w(x,1) w(x,2)", "pso", "0 1 1! 0!")).toMatch(/overtook/);
  });
});
