/** The one-line notation of transactional histories means what it says. */

import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.js";
import { eventsOf, history, type NotationOptions } from "./notation.js";

describe("the notation of transactions", () => {
  it("makes micro-operations of lists", () => {
    expect(micros("ax12ry12 rz[10 11]rx rx? ay3")).toEqual([
      ["append", "x", 12],
      ["r", "y", [1, 2]],
      ["r", "z", [10, 11]],
      ["r", "x", []],
      ["r", "x", null],
      ["append", "y", 3],
    ]);
  });

  it("makes micro-operations of registers", () => {
    expect(micros("wx12ry12rz_")).toEqual([
      ["w", "x", 12],
      ["r", "y", 12],
      ["r", "z", null],
    ]);
    expect(micros("rx1", { service: "rw-register" })).toEqual([["r", "x", 1]]);
  });

  it("hides from invocations what is read", () => {
    expect(eventsOf("ax1rx1")[0]!.value).toEqual([
      ["append", "x", 1],
      ["r", "x", null],
    ]);
  });

  it("orders events: | for concurrent, ; for sequential, long for all the time", () => {
    expect(shape("ax1 | ax2 ; long rx | rx12")).toBe("2i 0i 1i 0ok 1ok 3i 3ok 2ok");
    expect(shape("ax1 | ax2", { sequential: true })).toBe("0i 0ok 1i 1ok");
  });

  it("knows processes and outcomes", () => {
    expect(shape("p1: fail ax1 | info ax2 | p0: pending ax3 ; p1: rx")).toBe(
      "1i 2i 0i 1fail 2info 1i 1ok",
    );
  });

  it("makes well-formed histories, and refuses what it does not know", () => {
    expect(history("ax1 | rx1").operations).toHaveLength(2);
    for (const text of ["bx1", "ax", "axwx1", "wx1ax2"]) expect(() => eventsOf(text)).toThrow();
  });
});

function micros(text: string, options?: NotationOptions): Json {
  return eventsOf(text, options).at(-1)!.value;
}

function shape(text: string, options?: NotationOptions): string {
  return eventsOf(text, options)
    .map(({ process, type }) => `${process}${type === "invoke" ? "i" : type}`)
    .join(" ");
}
