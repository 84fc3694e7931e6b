/** Stories as plain characters. */

import { describe, expect, it } from "vitest";
import { timeline as drawn } from "../../../../checkers/linearizability/explain/timeline.js";
import { timeline } from "../../timeline.js";

function lines(text: string): string {
  return text.replace(/^\n/, "").replace(/\n *$/, "").replaceAll(/^ {4}/gm, "");
}

describe("a timeline", () => {
  it("shows what overlaps and what comes before, and marks the impossible operation", () => {
    const { operations } = timeline(`
      0 write 1   0..10
      1 write 2   20..40
      2 read = 2  30..50
      0 read = 1  60..70
    `);
    expect(drawn(operations, { breaking: operations.at(-1)!.invoked })).toBe(
      lines(`
    process 0  |- write 1 -|                |! read -> 1 !|
    process 1               |- write 2 -|
    process 2                |- read -> 2 -|
      `),
    );
  });

  it("lets what never returned go on", () => {
    const { operations } = timeline(`
      0 write 1      0..?
      1 read = null  10..20
      1 read = 1     30..40
    `);
    expect(drawn(operations)).toBe(
      lines(`
    process 0  |- write 1 ----------------------...
    process 1   |- read -> null -| |- read -> 1 -|
      `),
    );
  });

  it("squeezes time to the order of events", () => {
    const events = (scale: number) =>
      timeline(`
        0 write 1   0..${2 * scale}
        1 write 2   ${scale}..${900 * scale}
      `).operations;
    expect(drawn(events(1))).toBe(drawn(events(1000)));
  });

  it("names every kind of operation in a few words", () => {
    const { operations } = timeline(`
      0 acquire       0..1
      0 cas [1,2]     2..3
      0 add 3 = true  4..5
      0 add 3         6..7
      0 dequeue = null 8..9
      0 write 4       10..11 failed
      0 write "a_very_long_value_that_nobody_can_read"  12..13
      0 write "é"     14..15
    `);
    const text = drawn(operations, { widthMax: 1000 });
    const labels = [...text.matchAll(/- (.+?) -\|/g)].map((match) => match[1]);
    expect(labels).toEqual([
      "acquire",
      "cas 1 to 2",
      "add 3 -> true",
      "add 3",
      "dequeue -> null",
      "write 4 (failed)",
      'write "a_very_long_value_...',
      'write "é"',
    ]);
  });

  const busy = timeline(
    [...Array(300)]
      .map((_, i) => `${i % 25} write ${i}  ${i}..${i % 40 === 7 ? "?" : i + 20}`)
      .filter((line) => !/^(7|22|12|2|17) /.test(line))
      .join("\n"),
  ).operations;

  it("never exceeds its width, and continues below", () => {
    for (const widthMax of [60, 100]) {
      const text = drawn(busy, { widthMax });
      expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(
        widthMax,
      );
      expect(text.split("\n\n").length).toBeGreaterThan(2);
    }
  });

  it("tears no label apart where it continues below", () => {
    const text = drawn(busy, { operationsPerLaneMax: 4, lanesMax: 8 });
    const labels = [...text.matchAll(/- write (\d+) /g)].map((match) => Number(match[1]));
    expect(new Set(labels).size).toBe(32);
  });

  it("folds what is too much, farthest from the impossible operation first, and says so", () => {
    const { operations } = timeline(`
      0 write 1   0..1
      0 write 2   2..3
      0 write 3   4..5
      1 write 4   6..7
      2 write 5   0..1
      2 write 6   2..3
    `);
    const options = {
      breaking: operations.find(({ input }) => input === 4)!.invoked,
      lanesMax: 2,
      operationsPerLaneMax: 2,
    };
    expect(drawn(operations, options)).toBe(
      lines(`
    process 0  |- write 2 -| |- write 3 -|
    process 1                             |! write 4 !|
    (process 0: 1 more operations are not drawn)
    (1 more processes with 2 operations are not drawn)
      `),
    );
  });

  it("shows what the nemesis did meanwhile", () => {
    const { operations, observations } = timeline(`
      0 write 1   0..10
      nemesis start-partition null 12
      1 write 2   20..40
      nemesis bump-clock null 42
      nemesis stop-partition null 45
      0 read = 1  60..70
    `);
    expect(drawn(operations, { observations })).toBe(
      lines(`
    process 0  |- write 1 -|                               |- read -> 1 -|
    process 1                |- write 2 -|
    nemesis                               |- bump-clock -|
    partition               |- partition -----------------|
      `),
    );
  });

  it("of nothing is empty", () => {
    expect(drawn([])).toBe("");
  });
});
