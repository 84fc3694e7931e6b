/** What is said of single writes and reads of several keys that no causal order explains. */

import { expect, it } from "vitest";
import { transactionalCausal } from "../../../checkers/index.js";
import { timeline } from "../timeline.js";

function said(text: string): string | undefined {
  return transactionalCausal.check(timeline(text)).anomalies[0]?.message;
}

it("names the read that shows which of two writes came first", () => {
  expect(
    said(`
      0 write 1 @x  0..1
      1 write 2 @x  0..1
      2 read = 1 @x  2..3
      2 read = 2 @x  4..5
      3 read = 2 @x  2..3
      3 read = 1 @x  4..5
    `),
  ).toBe(
    "process 0 wrote key x = 1 (event 0); after that, since process 2 read key x = 2 (event 8) knowing of it, " +
      "process 1 wrote key x = 2 (event 1); after that, since process 3 read key x = 1 (event 9) knowing of it, " +
      "process 0 wrote key x = 1 (event 0): each comes before the next, and the last before the first",
  );
});

it("calls only what has several parts a transaction", () => {
  expect(
    said(`
      0 write 1 @x  0..1
      0 write 2 @x  2..3
      0 write 3 @y  4..5
      1 get-transaction [["r","y",null],["r","x",null]] = [["r","y",3],["r","x",1]]  6..7
    `),
  ).toBe(
    "process 0 wrote key x = 1 (event 0); in the same session later process 0 wrote key x = 2 (event 2); " +
      "in the same session later process 0 wrote key y = 3 (event 4); having read that, process 1's transaction " +
      "of event 6 read key y = 3, and read key x = 1: although that was overwritten before, as the reader could know",
  );
});
