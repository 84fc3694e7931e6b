/** One server by hand: what it may say, and when. Each bug shows here without luck. */

import { describe, expect, it } from "vitest";
import {
  acknowledge,
  answer,
  append,
  askVote,
  elect,
  entry,
  latestRound,
  origin,
  server,
  stand,
} from "./servers.js";

const read = { type: "read", key: "x", msg_id: 1 };
const write = { type: "write", key: "x", value: 7, msg_id: 2 };

describe("a voter", () => {
  it("says nothing of its vote before it is durable", async () => {
    const voter = server();
    askVote(voter, "n2", 1);
    expect(voter.take("vote")).toEqual([]);
    await voter.settle();
    expect(voter.take("vote")).toEqual([
      { to: "n2", body: { type: "vote", term: 1, granted: true } },
    ]);
  });

  it.each([
    { bug: undefined, granted: false },
    { bug: "vote-not-durable", granted: true },
  ])(
    "that restarts votes for another in the same term: $granted (bug: $bug)",
    async ({ bug, granted }) => {
      const voter = server(bug === undefined ? {} : { bug });
      askVote(voter, "n2", 1);
      await voter.settle();
      voter.crash();
      askVote(voter, "n3", 1);
      await voter.settle();
      expect(voter.take("vote").at(-1)?.body["granted"]).toBe(granted);
    },
  );

  it.each([
    { bug: undefined, granted: false },
    { bug: "vote-ignores-log-term", granted: true },
  ])("votes for a log that is longer but older: $granted (bug: $bug)", async ({ bug, granted }) => {
    const voter = server(bug === undefined ? {} : { bug });
    append(voter, "n2", { term: 3, entries: [entry(3)] });
    await voter.settle();
    await voter.advance(250);
    askVote(voter, "n3", 9, { index: 5, term: 2 });
    await voter.settle();
    expect(voter.take("vote").at(-1)?.body["granted"]).toBe(granted);
  });

  it("ignores candidates while a leader may be alive, and not for longer", async () => {
    const voter = server();
    append(voter, "n2", { term: 1 });
    await voter.settle();
    await voter.advance(249);
    askVote(voter, "n3", 2);
    await voter.settle();
    expect(voter.take("vote")).toEqual([]);
    await voter.advance(1);
    askVote(voter, "n3", 2);
    await voter.settle();
    expect(voter.take("vote")).toHaveLength(1);
  });

  it("that restarted waits one election timeout where leases rest on what it forgot", async () => {
    const voter = server({ options: { reads: "lease" } });
    askVote(voter, "n3", 1);
    await voter.settle();
    expect(voter.take("vote")).toEqual([]);
    await voter.advance(250);
    askVote(voter, "n3", 1);
    await voter.settle();
    expect(voter.take("vote")).toHaveLength(1);
  });
});

describe("a candidate", () => {
  it.each([
    { bug: undefined, leads: false },
    { bug: "count-votes-twice", leads: true },
  ])("that hears one voter twice leads: $leads (bug: $bug)", async ({ bug, leads }) => {
    const candidate = server(bug === undefined ? {} : { bug });
    const term = await stand(candidate);
    const vote = { type: "vote", term, granted: true };
    for (let i = 0; i < 2; i++) candidate.tell("n2", vote);
    expect(candidate.observed.includes('leader {"term":1}')).toBe(leads);
  });

  it("asks nobody before its own vote is durable", async () => {
    const candidate = server({ options: { preVote: false } });
    await candidate.advance(500);
    expect(candidate.take("request_vote")).toEqual([]);
    await candidate.settle();
    expect(candidate.take("request_vote").map(({ to }) => to)).toEqual(["n2", "n3", "n4", "n5"]);
  });

  it("asks again only those who have not answered", async () => {
    const candidate = server();
    await stand(candidate);
    candidate.take("request_vote");
    candidate.tell("n2", { type: "vote", term: 1, granted: false });
    await candidate.advance(50);
    expect(candidate.take("request_vote").map(({ to }) => to)).toEqual(["n3", "n4", "n5"]);
  });
});

describe("a follower", () => {
  it.each([
    { bug: undefined, early: false },
    { bug: "ack-unsynced", early: true },
  ])("acknowledges entries that are not durable: $early (bug: $bug)", async ({ bug, early }) => {
    const follower = server(bug === undefined ? {} : { bug });
    append(follower, "n2", { term: 1, entries: [entry(1)] });
    expect(answer(follower) !== undefined).toBe(early);
  });

  it.each([
    { bug: undefined, kept: true },
    { bug: "truncate-always", kept: false },
  ])("keeps its log when an old message arrives late: $kept (bug: $bug)", async ({ bug, kept }) => {
    const follower = server(bug === undefined ? {} : { bug });
    append(follower, "n2", { term: 1, entries: [entry(1), entry(1, 5)] });
    append(follower, "n2", { term: 1, entries: [entry(1)] });
    append(follower, "n2", { term: 1, previous: { index: 2, term: 1 } });
    await follower.settle();
    expect(answer(follower)?.["success"]).toBe(kept);
  });

  it("replaces entries of another term, and says where to try next", async () => {
    const follower = server();
    append(follower, "n2", { term: 2, entries: [entry(1), entry(2, 1), entry(2, 2)] });
    append(follower, "n3", { term: 4, previous: { index: 3, term: 3 } });
    await follower.settle();
    expect(answer(follower)).toMatchObject({ success: false, conflictIndex: 2 });
    append(follower, "n3", {
      term: 4,
      previous: { index: 1, term: 1 },
      entries: [entry(3, 3)],
    });
    append(follower, "n3", { term: 4, previous: { index: 2, term: 3 } });
    await follower.settle();
    expect(answer(follower)).toMatchObject({ success: true, matchIndex: 2 });
  });

  it("refuses a leader of an older term", async () => {
    const follower = server();
    append(follower, "n2", { term: 5 });
    append(follower, "n3", { term: 4 });
    await follower.settle();
    expect(answer(follower)).toMatchObject({ success: false, term: 5 });
  });
});

describe("a leader", () => {
  /** Figure 8 (c): an entry of term 2 is copied to a majority by the leader of a later term. */
  it.each([
    { bug: undefined, decided: [] },
    {
      bug: "commit-previous-term",
      decided: ['decide {"slot":1,"value":"c9/5 of term 2","entryTerm":2,"term":3}'],
    },
  ])(
    "that counts copies of an older entry decides: $decided (bug: $bug)",
    async ({ bug, decided }) => {
      const leader = server(bug === undefined ? {} : { bug });
      append(leader, "n2", { term: 2, entries: [entry(2, 5)] });
      await leader.settle();
      const term = await elect(leader);
      const decisions = () => leader.observed.filter((text) => text.startsWith("decide"));
      for (const follower of ["n3", "n4"]) acknowledge(leader, follower, { term, matchIndex: 1 });
      expect(decisions()).toEqual(decided);
      for (const follower of ["n3", "n4"]) acknowledge(leader, follower, { term, matchIndex: 2 });
      expect(decisions()).toHaveLength(2);
    },
  );

  it("counts itself only when its own copy is durable", async () => {
    const leader = server();
    const term = await elect(leader);
    acknowledge(leader, "n2", { term, matchIndex: 1 });
    acknowledge(leader, "n3", { term, matchIndex: 1 });
    leader.tell("c1", write);
    acknowledge(leader, "n2", { term, matchIndex: 2 });
    acknowledge(leader, "n4", { term, matchIndex: 1 });
    expect(leader.take("write_ok")).toEqual([]);
    await leader.settle();
    acknowledge(leader, "n3", { term, matchIndex: 2 });
    expect(leader.take("write_ok")).toHaveLength(1);
  });

  it.each([
    { bug: undefined, early: 0 },
    { bug: "ack-before-commit", early: 1 },
  ])(
    "acknowledges $early writes that are in its own log only (bug: $bug)",
    async ({ bug, early }) => {
      const leader = server(bug === undefined ? {} : { bug });
      await elect(leader);
      leader.tell("c1", write);
      await leader.settle();
      expect(leader.take("write_ok")).toHaveLength(early);
    },
  );

  it.each([
    { bug: undefined, logged: 1 },
    { bug: "apply-twice", logged: 2 },
  ])("logs a doubled request $logged times (bug: $bug)", async ({ bug, logged }) => {
    const leader = server(bug === undefined ? {} : { bug });
    const term = await elect(leader);
    for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 1 });
    leader.tell("c1", write);
    await leader.settle();
    for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 2 });
    leader.take("append_entries");
    leader.tell("c1", write);
    const again = leader.take("append_entries").filter(({ to }) => to === "n2");
    expect(1 + again.flatMap(({ body }) => body["entries"]).length).toBe(logged);
  });

  it("says nothing about a write under way when it is deposed", async () => {
    const leader = server();
    const term = await elect(leader);
    leader.tell("c1", write);
    append(leader, "n2", { term: term + 1, entries: [entry(term + 1)], commitIndex: 1 });
    await leader.settle();
    expect([...leader.take("write_ok"), ...leader.take("error")]).toEqual([]);
  });

  it("steps down when it has heard no majority for long", async () => {
    const leader = server();
    await elect(leader);
    await leader.advance(600);
    leader.take("append_entries");
    await leader.advance(50);
    expect(leader.take("append_entries")).toEqual([]);
  });
});

describe("a read", () => {
  /** A leader whose no-op is committed, and its term. */
  async function settledLeader(options: Parameters<typeof server>[0]) {
    const leader = server(options);
    const term = await elect(leader);
    for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 1 });
    return { leader, term };
  }

  it("waits for a majority to answer a round that began after it", async () => {
    const { leader, term } = await settledLeader({});
    const before = latestRound(leader);
    leader.tell("c1", read);
    for (const peer of ["n2", "n3"]) {
      acknowledge(leader, peer, { term, matchIndex: 1, round: before });
    }
    expect(leader.take("read_ok")).toEqual([]);
    const round = latestRound(leader);
    expect(round).toBeGreaterThan(before);
    for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 1, round });
    expect(leader.take("read_ok")).toEqual([{ to: "c1", body: { type: "read_ok", value: null } }]);
  });

  it.each([
    { bug: undefined, answers: 0 },
    { bug: "stale-read", answers: 1 },
  ])(
    "gets $answers answers from a leader that hears nobody (bug: $bug)",
    async ({ bug, answers }) => {
      const { leader } = await settledLeader(bug === undefined ? {} : { bug });
      leader.tell("c1", read);
      await leader.advance(2_000);
      expect(leader.take("read_ok")).toHaveLength(answers);
    },
  );

  it.each([
    { bug: undefined, answers: 0 },
    { bug: "read-index-without-no-op", answers: 1 },
  ])(
    "gets $answers answers before the leader's no-op is committed (bug: $bug)",
    async ({ bug, answers }) => {
      const leader = server(bug === undefined ? {} : { bug });
      const term = await elect(leader);
      leader.tell("c1", read);
      // The round under way does not count for the read; the next one does.
      for (let i = 0; i < 2; i++) {
        const round = latestRound(leader);
        for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 0, round });
      }
      expect(leader.take("read_ok")).toHaveLength(answers);
    },
  );

  it("goes through the log where the option says so", async () => {
    const { leader, term } = await settledLeader({ options: { reads: "log" } });
    leader.tell("c1", read);
    await leader.settle();
    expect(leader.take("read_ok")).toEqual([]);
    for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 2 });
    expect(leader.take("read_ok")).toHaveLength(1);
  });

  it.each([
    // 250 ms * 0.9 / 1.1, and one millisecond off for rounding.
    { bug: undefined, lastsMs: 203 },
    { bug: "lease-ignores-drift", lastsMs: 249 },
  ])(
    "is answered at once for $lastsMs ms of lease and not longer (bug: $bug)",
    async ({ bug, lastsMs }) => {
      const options = { reads: "lease" };
      const { leader, term } = await settledLeader(
        bug === undefined ? { options } : { bug, options },
      );
      const round = latestRound(leader);
      for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 1, round });
      await leader.advance(lastsMs - 1);
      leader.tell("c1", read);
      expect(leader.take("read_ok")).toHaveLength(1);
      await leader.advance(1);
      leader.tell("c1", { ...read, msg_id: 3 });
      expect(leader.take("read_ok")).toEqual([]);
    },
  );
});

describe("a server that clients talk to", () => {
  it("submits to the leader, again while there is no answer, and to the next leader", async () => {
    const follower = server();
    append(follower, "n2", { term: 1 });
    follower.tell("c1", write);
    expect(follower.take("submit").map(({ to }) => to)).toEqual(["n2"]);
    await follower.advance(150);
    expect(follower.take("submit").map(({ to }) => to)).toEqual(["n2"]);
    append(follower, "n3", { term: 2 });
    expect(follower.take("submit").map(({ to }) => to)).toEqual(["n3"]);
    const reply = { type: "write_ok" };
    follower.tell("n3", { type: "answer", client: "c1", requestId: 2, reply });
    expect(follower.take("write_ok").map(({ to }) => to)).toEqual(["c1"]);
    await follower.advance(150);
    expect(follower.take("submit")).toEqual([]);
  });

  it("refuses what is not a request of its service", async () => {
    const follower = server();
    expect(await follower.ask("c1", { type: "add", msg_id: 1 })).toMatchObject({ code: 10 });
    expect(await follower.ask("c1", { type: "read", msg_id: 1 })).toMatchObject({ code: 12 });
    const halfCas = { type: "cas", key: "x", from: 1, msg_id: 1 };
    expect(await follower.ask("c1", halfCas)).toMatchObject({ code: 12 });
  });

  it("counts on no entry that it has not", async () => {
    const follower = server();
    append(follower, "n2", { term: 1, previous: origin, commitIndex: 9 });
    append(follower, "n2", { term: 1, entries: [entry(1, 4)], commitIndex: 9 });
    await follower.settle();
    expect(answer(follower)).toMatchObject({ success: true, matchIndex: 1 });
  });
});
