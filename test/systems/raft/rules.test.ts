/** Raft's decisions, apart from any server: votes, majorities, leases. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { majorityOf } from "../../../src/base/majority.js";
import type { LogPosition } from "../../../systems/raft/messages.js";
import { isUpToDate, leaseMs, mayVote, reachedByMajority } from "../../../systems/raft/rules.js";

const position = fc.record({ index: fc.nat(5), term: fc.nat(5) });

describe("a majority", () => {
  it("has reached the highest value that at least so many servers have reached", () => {
    const values = fc.array(fc.nat(20), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(values, (reached) => {
        const servers = (value: number) => reached.filter((other) => other >= value).length;
        const value = reachedByMajority(reached);
        expect(servers(value)).toBeGreaterThanOrEqual(majorityOf(reached.length));
        for (const higher of reached.filter((other) => other > value)) {
          expect(servers(higher)).toBeLessThan(majorityOf(reached.length));
        }
      }),
    );
  });
});

describe("an up-to-date log", () => {
  it("is a total order of logs by last term, then length", () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        expect(isUpToDate(a, b) || isUpToDate(b, a)).toBe(true);
        const same = a.index === b.index && a.term === b.term;
        expect(isUpToDate(a, b) && isUpToDate(b, a)).toBe(same);
      }),
    );
  });

  it("may be shorter, if its last term is later", () => {
    expect(isUpToDate({ index: 1, term: 3 }, { index: 9, term: 2 })).toBe(true);
    expect(isUpToDate({ index: 9, term: 2 }, { index: 1, term: 3 })).toBe(false);
  });
});

describe("a vote", () => {
  const lastLog: LogPosition = { index: 4, term: 2 };
  const voter = { term: 3, votedFor: null, lastLog };
  const candidate = { id: "n2", term: 3, lastLog };

  it("is for one candidate a term, who may ask again", () => {
    expect(mayVote(voter, candidate)).toBe(true);
    expect(mayVote({ ...voter, votedFor: "n2" }, candidate)).toBe(true);
    expect(mayVote({ ...voter, votedFor: "n3" }, candidate)).toBe(false);
  });

  it("is for the voter's own term only", () => {
    expect(mayVote(voter, { ...candidate, term: 2 })).toBe(false);
    expect(mayVote(voter, { ...candidate, term: 4 })).toBe(false);
  });

  it("is not for a log that lacks something", () => {
    expect(mayVote(voter, { ...candidate, lastLog: { index: 3, term: 2 } })).toBe(false);
    expect(mayVote(voter, { ...candidate, lastLog: { index: 9, term: 1 } })).toBe(false);
  });
});

describe("a lease", () => {
  it("ends before a voter may vote again, whatever their clocks do within the bound", () => {
    const million = 1_000_000;
    const run = fc
      .tuple(fc.integer({ min: 2, max: 5_000 }), fc.integer({ min: 0, max: 900_000 }))
      .chain(([timeout, ppm]) => {
        const drift = fc.integer({ min: -ppm, max: ppm });
        return fc.tuple(fc.constant(timeout), fc.constant(ppm), drift, drift);
      });
    fc.assert(
      fc.property(run, ([timeout, ppm, leaderPpm, voterPpm]) => {
        const leaseEnds = (leaseMs(timeout, ppm) * million) / (million + leaderPpm);
        const voterWaits = (timeout * million) / (million + voterPpm);
        expect(leaseEnds).toBeLessThan(voterWaits);
      }),
    );
  });

  it("without a margin outlasts the voters' patience when clocks drift apart", () => {
    const slowLeader = leaseMs(250, 0) / 0.9;
    const fastVoter = 250 / 1.1;
    expect(slowLeader).toBeGreaterThan(fastVoter);
  });
});
