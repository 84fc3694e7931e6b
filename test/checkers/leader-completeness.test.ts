/** Leader completeness, on hand-made histories and against a slower judge. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leaderCompleteness } from "../../checkers/index.js";
import { observed } from "./observed.js";

const elected = (term: number, last: number, ...terms: [number, number][]) => ({
  process: "n1",
  f: "elected",
  value: { term, last, terms: [[0, 0] as [number, number], ...terms] },
});
const decided = (slot: number, entryTerm: number, term: number) => ({
  process: "n2",
  f: "decide",
  value: { slot, value: "x", entryTerm, term },
});
const verdict = (...events: Parameters<typeof observed>[0]) =>
  leaderCompleteness.check(observed(events)).valid;

describe("leader completeness", () => {
  it("holds where later leaders have what was committed", () => {
    expect(verdict(elected(1, 0), decided(1, 1, 1), elected(2, 1, [1, 1]))).toBe(true);
  });

  it("is broken by a later leader whose log ends before, or has another entry there", () => {
    expect(verdict(decided(2, 1, 1), elected(2, 1, [1, 1]))).toBe(false);
    expect(verdict(decided(2, 1, 2), elected(4, 3, [1, 1], [2, 3]))).toBe(false);
  });

  it("says nothing of leaders of the same term or an earlier one", () => {
    expect(verdict(elected(2, 0), decided(1, 2, 2), elected(1, 0))).toBe(true);
  });

  it("takes for good what the log has compacted", () => {
    const event = { process: "n1", f: "elected", value: { term: 3, last: 9, terms: [[5, 2]] } };
    expect(verdict(decided(4, 1, 1), decided(5, 2, 2), event)).toBe(true);
    expect(verdict(decided(5, 1, 1), event)).toBe(false);
  });

  it("is unknown where no leader told its log", () => {
    expect(verdict(decided(1, 1, 1))).toBe("unknown");
    expect(verdict({ process: "n1", f: "elected", value: { term: 1 } })).toBe("unknown");
  });

  it("agrees with looking at every entry of every log", () => {
    const log = fc
      .array(fc.integer({ min: 0, max: 2 }), { maxLength: 6 })
      .map((gaps) => gaps.map((_, i) => 1 + gaps.slice(0, i + 1).reduce((a, b) => a + b, 0)));
    const small = fc.integer({ min: 1, max: 6 });
    const elections = fc.array(fc.tuple(small, log), { minLength: 1, maxLength: 4 });
    const commits = fc.array(fc.tuple(small, small, small), { maxLength: 4 });
    fc.assert(
      fc.property(elections, commits, (leaders, entries) => {
        const runsOf = (terms: number[]) =>
          terms.flatMap((term, i): [number, number][] =>
            term === terms[i - 1] ? [] : [[i + 1, term]],
          );
        const events = [
          ...leaders.map(([term, terms]) => elected(term, terms.length, ...runsOf(terms))),
          ...entries.map(([slot, entryTerm, term]) => decided(slot, entryTerm, term)),
        ];
        const sound = leaders.every(([leads, terms]) =>
          entries.every(
            ([slot, entryTerm, term]) => term >= leads || terms[slot - 1] === entryTerm,
          ),
        );
        expect(verdict(...events)).toBe(sound);
      }),
    );
  });
});
