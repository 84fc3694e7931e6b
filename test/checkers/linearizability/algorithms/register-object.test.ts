/** The register that the verifier replays answers as a register does. */

import { expect, it } from "vitest";
import {
  kvObject,
  registerObject,
} from "../../../../checkers/linearizability/sequential/register.js";
import { ValueTable } from "../../../../histories/values.js";
import type { Json } from "../../../../src/base/json.js";

const codes = ["read", "write", "cas", "append"];

/** The first step that the object refuses, or the number of steps. */
function accepted(
  make: typeof registerObject,
  steps: readonly [string, Json][],
  init: Json = null,
): number {
  const values = new ValueTable();
  const size = steps.length;
  const ids = Int32Array.from(steps, ([, value]) => values.id(value));
  const object = make({
    size,
    f: Uint8Array.from(steps, ([f]) => codes.indexOf(f)),
    input: ids,
    output: ids,
    invoked: Int32Array.from(steps, (_, i) => 2 * i),
    completed: Int32Array.from(steps, (_, i) => 2 * i + 1),
    process: new Float64Array(size),
    values,
    init: values.id(init),
  });
  for (let i = 0; i < size; i++) if (!object.execute(i)) return i;
  return size;
}

it("reads what was written last, or the initial value", () => {
  expect(accepted(registerObject, [["read", 5]], 5)).toBe(1);
  const steps: [string, Json][] = [
    ["write", 1],
    ["read", 1],
    ["write", 2],
    ["read", 1],
  ];
  expect(accepted(registerObject, steps)).toBe(3);
});

it("swaps what it finds and nothing else", () => {
  const steps: [string, Json][] = [
    ["cas", [null, 1]],
    ["read", 1],
    ["cas", [2, 3]],
  ];
  expect(accepted(registerObject, steps)).toBe(2);
});

it("reads texts that were put together, whoever knows them", () => {
  const steps: [string, Json][] = [
    ["append", "a"],
    ["append", "b"],
    ["read", "ab"],
    ["cas", ["ab", "c"]],
    ["append", "d"],
    ["append", "e"],
    ["read", "cde"],
    ["read", "cd"],
  ];
  expect(accepted(kvObject, steps)).toBe(7);
});

it('reads null as "" in a key-value store only', () => {
  const steps: [string, Json][] = [
    ["read", ""],
    ["write", "x"],
    ["read", ""],
  ];
  expect(accepted(kvObject, steps)).toBe(2);
  expect(accepted(registerObject, steps)).toBe(0);
});

it("knows no append and nothing else that a register does not offer", () => {
  expect(accepted(registerObject, [["append", "a"]])).toBe(0);
});
