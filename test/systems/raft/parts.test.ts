/** The parts of a server that hold no clock and no network: storage, log, progress, ballot, rounds. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { majorityOf } from "../../../src/base/majority.js";
import { Random } from "../../../src/random/random.js";
import { SimulatedDisk } from "../../../src/sim/disk.js";
import { Ballot } from "../../../systems/raft/ballot.js";
import { RaftLog } from "../../../systems/raft/log.js";
import { Progress } from "../../../systems/raft/progress.js";
import { Rounds } from "../../../systems/raft/rounds.js";
import { KeyValueMachine } from "../../../systems/raft/state-machine.js";
import { StableStorage } from "../../../systems/raft/storage.js";

/** A disk whose fsyncs end when the test says so. */
function disk() {
  const syncs: (() => void)[] = [];
  const simulated = new SimulatedDisk({
    syncUs: () => 1,
    later: (_, action) => syncs.push(action),
    wrote: () => undefined,
  });
  const endSync = () => syncs.shift()?.();
  return { simulated, syncs, endSync };
}

const logOf = (...terms: number[]) => {
  const log = new RaftLog(new StableStorage(disk().simulated, { neverSync: false }), undefined);
  for (const term of terms) log.append({ term, command: null });
  return log;
};

const progressFrom = (nextIndex: number) =>
  new Progress({ nextIndex, sinceRound: 0, forgetsMatch: false });

describe("stable storage", () => {
  it("acts only when what was written before is durable", () => {
    const { simulated, endSync } = disk();
    const storage = new StableStorage(simulated, { neverSync: false });
    let acted = false;
    storage.saveHardState({ term: 1, votedFor: "n2" });
    storage.whenDurable(() => (acted = true));
    expect(acted).toBe(false);
    endSync();
    expect(acted).toBe(true);
  });

  it("does not keep waiting what needs no write", () => {
    const storage = new StableStorage(disk().simulated, { neverSync: false });
    let acted = false;
    storage.whenDurable(() => (acted = true));
    expect(acted).toBe(true);
  });

  it("takes all writes made during an fsync into the next one together", () => {
    const { simulated, syncs, endSync } = disk();
    const storage = new StableStorage(simulated, { neverSync: false });
    const durable: number[] = [];
    for (let i = 1; i <= 5; i++) {
      storage.appendEntry({ term: i, command: null });
      storage.whenDurable(() => durable.push(i));
    }
    expect(syncs.length).toBe(1);
    endSync();
    expect(durable).toEqual([1]);
    expect(syncs.length).toBe(1);
    endSync();
    expect(durable).toEqual([1, 2, 3, 4, 5]);
    expect(syncs.length).toBe(0);
  });

  it("returns after a crash what was durable", () => {
    const { simulated, endSync } = disk();
    const storage = new StableStorage(simulated, { neverSync: false });
    storage.saveHardState({ term: 7, votedFor: "n3" });
    storage.appendEntry({ term: 7, command: null });
    storage.whenDurable(() => undefined);
    endSync();
    simulated.crash(new Random([1, 2, 3]));
    const again = new StableStorage(simulated, { neverSync: false });
    expect(again.loadHardState()).toEqual({ term: 7, votedFor: "n3" });
    expect(again.loadLog()).toEqual([{ term: 7, command: null }]);
  });
});

describe("a log", () => {
  it("begins with the empty prefix, of term 0", () => {
    expect(logOf().last).toEqual({ index: 0, term: 0 });
  });

  it("drops what comes after an index, and nothing else", () => {
    const log = logOf(1, 1, 2);
    log.truncateAfter(5);
    expect(log.lastIndex).toBe(3);
    log.truncateAfter(1);
    expect(log.last).toEqual({ index: 1, term: 1 });
    expect(log.termAt(2)).toBeUndefined();
  });

  it("sends a leader back behind its end, or to the beginning of a conflicting term", () => {
    expect(logOf(1, 1).conflictIndex(5)).toBe(3);
    expect(logOf(1, 2, 2, 2).conflictIndex(4)).toBe(2);
    expect(logOf(2, 2).conflictIndex(2)).toBe(1);
  });
});

describe("a follower's progress", () => {
  it("never forgets what was matched, however answers overtake each other", () => {
    const answer = fc.record({ success: fc.boolean(), at: fc.nat(20), conflict: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(answer), (answers) => {
        const progress = progressFrom(10);
        let matched = 0;
        for (const { success, at, conflict } of answers) {
          if (success) progress.accepted(at);
          else progress.refused(at, conflict);
          expect(progress.matchIndex).toBeGreaterThanOrEqual(matched);
          expect(progress.nextIndex).toBeGreaterThan(0);
          matched = progress.matchIndex;
        }
      }),
    );
  });

  it("finds where two logs agree within one question a term, and copies the rest", () => {
    const terms = fc.array(fc.nat(3), { maxLength: 8 }).map((gaps) => {
      let term = 1;
      return gaps.map((gap) => (term += gap));
    });
    fc.assert(
      fc.property(terms, terms, terms, (common, mine, theirs) => {
        const later = (suffix: number[], from: number) => suffix.map((term) => term + from);
        const last = common.at(-1) ?? 0;
        const leader = logOf(...common, ...later(mine, last));
        const follower = logOf(...common, ...later(theirs, last + 50));
        const progress = progressFrom(leader.lastIndex + 1);
        let questions = 0;
        while (!progress.streaming) {
          expect(++questions).toBeLessThanOrEqual(theirs.length + 3);
          const { index, term } = leader.position(progress.nextIndex - 1);
          if (follower.termAt(index) === term) progress.accepted(index);
          else expect(progress.refused(index, follower.conflictIndex(index))).toBe(true);
        }
        expect(leader.termAt(progress.matchIndex)).toBe(follower.termAt(progress.matchIndex));
      }),
    );
  });

  it("does not follow a refusal that is older than what it knows", () => {
    const progress = progressFrom(9);
    progress.accepted(8);
    expect(progress.refused(3, 2)).toBe(false);
    expect(progress.nextIndex).toBe(9);
  });
});

describe("a ballot", () => {
  const ballot = (countReplies = false) =>
    new Ballot({
      configuration: { voters: ["n1", "n2", "n3", "n4", "n5"], asked: {} },
      majority: majorityOf,
      countReplies,
    });

  it("is won by a majority of voters", () => {
    const votes = ballot();
    votes.count("n1", true);
    votes.count("n2", true);
    votes.count("n4", false);
    expect(votes.won).toBe(false);
    votes.count("n3", true);
    expect(votes.won).toBe(true);
  });

  it("counts a voter once, however often the vote arrives", () => {
    const votes = ballot();
    for (let i = 0; i < 5; i++) votes.count("n2", true);
    expect(votes.won).toBe(false);
  });

  it("counts a repeated vote twice with the bug count-votes-twice", () => {
    const votes = ballot(true);
    for (let i = 0; i < 3; i++) votes.count("n2", true);
    expect(votes.won).toBe(true);
  });
});

describe("heartbeat rounds", () => {
  it("are confirmed together with all before them, from the beginning of the latest", () => {
    const rounds = new Rounds();
    expect(rounds.confirmedBeganMs).toBeUndefined();
    rounds.begin(10);
    rounds.begin(20);
    rounds.begin(30);
    rounds.confirm(2);
    expect([rounds.confirmed, rounds.confirmedBeganMs, rounds.latest]).toEqual([2, 20, 3]);
    rounds.confirm(1);
    expect([rounds.confirmed, rounds.confirmedBeganMs]).toEqual([2, 20]);
  });
});

describe("the state machine", () => {
  const write = (requestId: number, value: number) => ({
    client: "c1",
    requestId,
    operation: { type: "write", key: "x", value } as const,
  });

  it("applies a request once, and gives every copy the same reply", () => {
    const machine = new KeyValueMachine({ forgetSessions: false });
    const cas = {
      client: "c1",
      requestId: 2,
      operation: { type: "cas", key: "x", from: 1, to: 2 } as const,
    };
    machine.apply(write(1, 1));
    expect(machine.apply(cas)).toEqual({ type: "cas_ok" });
    expect(machine.apply(cas)).toEqual({ type: "cas_ok" });
    expect(machine.replyTo(cas)).toEqual({ type: "cas_ok" });
  });

  it("does not apply a request that its client has given up since", () => {
    const machine = new KeyValueMachine({ forgetSessions: false });
    machine.apply(write(2, 20));
    expect(machine.apply(write(1, 10))).toBeUndefined();
    expect(machine.read("x")).toEqual({ type: "read_ok", value: 20 });
  });

  it("applies a copy again with the bug apply-twice", () => {
    const machine = new KeyValueMachine({ forgetSessions: true });
    machine.apply(write(1, 10));
    machine.apply({ ...write(1, 20), client: "c2" });
    machine.apply(write(1, 10));
    expect(machine.read("x")).toEqual({ type: "read_ok", value: 10 });
  });

  it("refuses a cas of another value, and of a key that does not exist", () => {
    const machine = new KeyValueMachine({ forgetSessions: false });
    const cas = (key: string, requestId: number) =>
      machine.apply({ client: "c1", requestId, operation: { type: "cas", key, from: 1, to: 2 } });
    expect(cas("x", 1)).toMatchObject({ type: "error", code: 20 });
    machine.apply(write(2, 5));
    expect(cas("x", 3)).toMatchObject({ type: "error", code: 22 });
  });
});
