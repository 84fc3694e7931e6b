/** The order of writes, where the store tells it. */

import { expect, test } from "vitest";
import { accessesOf } from "../../../checkers/memory/accesses-of.js";
import { readingsOf } from "../../../checkers/memory/readings.js";
import { ordersOf } from "../../../checkers/memory/versions.js";
import { columnsOf } from "../../../histories/columns.js";
import { history, INIT } from "./notation.js";

const NONE = Number.NaN;

function orders(text: string, versions: readonly number[]) {
  return ordersOf(
    accessesOf(readingsOf(columnsOf(history(text)), INIT)),
    Float64Array.from(versions),
  );
}

test("writes stand in the order of their versions, key by key", () => {
  // Operations are numbered by invocation: one session, so in the order of the text.
  expect(orders("w(x,1) w(x,2) w(y,3)", [7, 5, 1])).toEqual({
    orders: [Int32Array.of(1, 0), Int32Array.of(2)],
  });
});

test("a reader tells the version of what it read", () => {
  expect(orders("w(x,1) w(x,2) r(x)1", [NONE, 5, 7])).toEqual({ orders: [Int32Array.of(1, 0)] });
});

test("a write without any version leaves the order open", () => {
  expect(orders("w(x,1) w(x,2)", [1, NONE])).toEqual({ missing: 1 });
});

test("two writes of one version, or two versions of one write, contradict each other", () => {
  expect(orders("w(x,1) w(x,2)", [1, 1])).toEqual({ conflict: { first: 0, second: 1 } });
  expect(orders("w(x,1) r(x)1", [1, 2])).toEqual({ conflict: { first: 0, second: 1 } });
});
