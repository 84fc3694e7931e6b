/** Where the search says that a history breaks is where it breaks. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearizable } from "../../../checkers/index.js";
import { decide } from "../../../checkers/linearizability/decide.js";
import { register } from "../../../checkers/linearizability/models/register.js";
import { prepare } from "../../../checkers/linearizability/problem.js";
import type { HistoryEvent } from "../../../histories/history.js";
import { toHistory } from "../../../histories/pairing.js";
import { timeline } from "../timeline.js";
import { atomicRegister } from "./atomic-register.js";

const STEPS_MAX = 1_000_000;

function decideRegister(events: readonly HistoryEvent[]) {
  return decide(prepare(register, toHistory(events).operations, null), STEPS_MAX);
}

describe("the return at which a register breaks", () => {
  it("ends the shortest prefix that is not linearizable", () => {
    const loads = fc.record({
      seed: fc.nat(),
      clients: fc.integer({ min: 2, max: 6 }),
      operations: fc.integer({ min: 5, max: 40 }),
      values: fc.constantFrom(0, 3),
      crashPermille: fc.constantFrom(0, 100),
      stale: fc.constant(true),
    });
    fc.assert(
      fc.property(loads, (load) => {
        const { events } = atomicRegister(load);
        const decision = decideRegister(events);
        if (decision.valid !== false) return;
        const end = decision.position;
        expect(decideRegister(events.slice(0, end + 1)).valid).toBe(false);
        expect(decideRegister(events.slice(0, end)).valid).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("comes with the values that the register could hold then", () => {
    const { events } = timeline(`
      1 write 1   0..1
      2 write 2   2..9
      3 write 3   2..9
      4 read = 1  10..11
      4 read = 2  12..13
      5 read = 3  12..13
    `);
    const decision = decideRegister(events);
    expect(decision.valid === false && [...decision.possible].sort()).toEqual([2, 3]);
  });
});

describe("a search of several passes", () => {
  it("remembers nothing of the reads that were open where a pass before it died", () => {
    const history = timeline(`
      0 dequeue = 1     0..2
      1 dequeue         1..?
      2 enqueue 10      3..5
      3 dequeue = 10    4..7
      4 dequeue = 10    6..9
      5 dequeue = null  8..10
    `);
    const verdict = linearizable({ type: "queue", init: [1], algorithm: "search" }).check(history);
    expect(verdict.valid).toBe(false);
  });
});
