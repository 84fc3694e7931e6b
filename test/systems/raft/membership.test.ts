/** Changes of membership: one server by hand, with the test as its administrator; and a campaign. */

import { describe, expect, it } from "vitest";
import { raft } from "../../../systems/raft/index.js";
import { anomaliesOf } from "../slice.js";
import type { Solo } from "../solo.js";
import { acknowledge, append, askVote, elect, entry, latestRound, server } from "./servers.js";

const modes = ["single", "joint"] as const;

/** A leader whose no-op is committed, and its term. */
async function settledLeader(options: Parameters<typeof server>[0] = {}) {
  const leader = server(options);
  const term = await elect(leader);
  for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 1 });
  return { leader, term };
}

function ask(solo: Solo, type: "add_node" | "remove_node", node: string, id: number) {
  return solo.ask("admin", { type, node, msg_id: id });
}

/** The configurations that were sent to a follower since the last look. */
function sentTo(solo: Solo, follower: string) {
  return solo
    .take("append_entries")
    .filter(({ to }) => to === follower)
    .flatMap(({ body }) => body["entries"] as { configuration?: object }[])
    .flatMap(({ configuration }) => configuration ?? []);
}

describe("a leader asked to change the members", () => {
  it.each([
    { bug: undefined, begins: false },
    { bug: "change-before-commit", begins: true },
  ])("begins before an entry of its term is committed: $begins (bug: $bug)", async (given) => {
    const { bug, begins } = given;
    const leader = server(bug === undefined ? {} : { bug });
    const term = await elect(leader);
    leader.take("append_entries");
    await ask(leader, "remove_node", "n5", 1);
    acknowledge(leader, "n2", { term, matchIndex: 1 });
    expect(sentTo(leader, "n2").length > 0).toBe(begins);
    expect(leader.take("error").length > 0).toBe(!begins);
  });

  it("removes a server in one step, and says so when that is committed", async () => {
    const { leader, term } = await settledLeader();
    leader.take("append_entries");
    await ask(leader, "remove_node", "n5", 1);
    expect(sentTo(leader, "n2")).toEqual([
      { voters: ["n1", "n2", "n3", "n4"], asked: { admin: 1 } },
    ]);
    acknowledge(leader, "n2", { term, matchIndex: 2 });
    expect(leader.take("remove_node_ok")).toEqual([]);
    acknowledge(leader, "n3", { term, matchIndex: 2 });
    expect(leader.take("remove_node_ok")).toHaveLength(1);
  });

  it("goes by way of both majorities where changes are joint", async () => {
    const { leader, term } = await settledLeader({ options: { membership: "joint" } });
    leader.take("append_entries");
    await ask(leader, "remove_node", "n5", 1);
    expect(sentTo(leader, "n2")).toMatchObject([
      { voters: ["n1", "n2", "n3", "n4"], outgoing: ["n1", "n2", "n3", "n4", "n5"] },
    ]);
    for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 2 });
    await leader.settle();
    expect(leader.take("remove_node_ok")).toEqual([]);
    expect(sentTo(leader, "n2")).toEqual([
      { voters: ["n1", "n2", "n3", "n4"], asked: { admin: 1 } },
    ]);
    for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 3 });
    expect(leader.take("remove_node_ok")).toHaveLength(1);
  });

  it("takes one change at a time", async () => {
    const { leader } = await settledLeader();
    await ask(leader, "remove_node", "n5", 1);
    await ask(leader, "remove_node", "n4", 2);
    expect(leader.take("error").map(({ body }) => body["code"])).toEqual([11]);
  });

  it("does not take what comes after a later request", async () => {
    const { leader } = await settledLeader();
    await ask(leader, "add_node", "n5", 7);
    expect(leader.take("add_node_ok")).toHaveLength(1);
    await ask(leader, "remove_node", "n5", 6);
    expect(leader.take("error")).toHaveLength(1);
  });

  it("steps down, not before it is removed", async () => {
    const { leader, term } = await settledLeader();
    await ask(leader, "remove_node", "n1", 1);
    for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 2 });
    expect(leader.take("remove_node_ok")).toEqual([]);
    acknowledge(leader, "n4", { term, matchIndex: 2 });
    expect(leader.take("remove_node_ok")).toHaveLength(1);
    leader.take("append_entries");
    await leader.advance(2_000);
    expect(leader.take("append_entries")).toEqual([]);
    expect(leader.take("pre_vote")).toEqual([]);
  });

  it("adds a server when it has caught up, from answers that it gives since then", async () => {
    const { leader, term } = await settledLeader();
    await ask(leader, "remove_node", "n5", 1);
    for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 2 });
    leader.take("append_entries");
    await ask(leader, "add_node", "n5", 2);
    acknowledge(leader, "n5", { term, matchIndex: 2 });
    expect(sentTo(leader, "n2")).toEqual([]);
    await leader.advance(50);
    const round = latestRound(leader);
    acknowledge(leader, "n5", { term, matchIndex: 2, round });
    expect(sentTo(leader, "n2")).toMatchObject([{ voters: ["n1", "n2", "n3", "n4", "n5"] }]);
  });

  it("gives up who does not catch up, and says so", async () => {
    const { leader, term } = await settledLeader();
    await ask(leader, "remove_node", "n5", 1);
    for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 2 });
    await ask(leader, "add_node", "n5", 2);
    for (let waitedMs = 0; waitedMs < 2_100; waitedMs += 50) {
      await leader.advance(50);
      const round = latestRound(leader);
      for (const peer of ["n2", "n3"]) acknowledge(leader, peer, { term, matchIndex: 2, round });
    }
    expect(leader.take("error").map(({ body }) => body["code"])).toEqual([11]);
  });
});

describe("a server asked to change the members", () => {
  it("refuses where it knows of no leader, and hands on where it does", async () => {
    const follower = server();
    expect(await ask(follower, "remove_node", "n5", 1)).toMatchObject({ code: 11 });
    append(follower, "n2", { term: 1 });
    await ask(follower, "remove_node", "n5", 2);
    expect(follower.take("change").map(({ to }) => to)).toEqual(["n2"]);
    const reply = { type: "remove_node_ok" };
    follower.tell("n2", { type: "changed", client: "admin", requestId: 2, reply });
    expect(follower.take("remove_node_ok").map(({ to }) => to)).toEqual(["admin"]);
  });

  it("goes back to the members before when the entry is overwritten", async () => {
    const follower = server();
    const configuration = { voters: ["n2", "n3"], asked: {} };
    append(follower, "n2", { term: 1, entries: [{ term: 1, command: null, configuration }] });
    await follower.settle();
    await follower.advance(1_000);
    expect(follower.take("pre_vote")).toEqual([]);
    append(follower, "n3", { term: 2, entries: [entry(2)] });
    await follower.settle();
    await follower.advance(1_000);
    expect(follower.take("pre_vote").length).toBeGreaterThan(0);
  });
});

describe("a newcomer", () => {
  const newcomer = (bug?: string) =>
    server({ members: ["n2", "n3"], ...(bug === undefined ? {} : { bug }) });

  it.each([
    { bug: undefined, votes: 0 },
    { bug: "newcomer-votes", votes: 1 },
  ])("gives $votes votes before it has caught up (bug: $bug)", async ({ bug, votes }) => {
    const solo = newcomer(bug);
    askVote(solo, "n3", 2);
    await solo.settle();
    expect(solo.take("vote")).toHaveLength(votes);
  });

  it("votes when it has what its leader had committed", async () => {
    const solo = newcomer();
    append(solo, "n2", { term: 1, entries: [entry(1)], commitIndex: 1 });
    await solo.settle();
    await solo.advance(250);
    askVote(solo, "n3", 2, { index: 1, term: 1 });
    await solo.settle();
    expect(solo.take("vote").map(({ body }) => body["granted"])).toEqual([true]);
  });

  it("stays one through a crash", async () => {
    const solo = newcomer();
    append(solo, "n2", { term: 1, commitIndex: 1 });
    await solo.settle();
    solo.crash();
    askVote(solo, "n3", 2);
    await solo.settle();
    expect(solo.take("vote")).toEqual([]);
  });
});

describe("changes of membership", () => {
  it.each(modes)("harm nobody, whatever else happens: %s", async (membership) => {
    const slice = { seeds: 2, options: { membership } };
    for (const nemesis of [["membership"], ["swarm", "membership"], ["blank-returns"]]) {
      expect(await anomaliesOf(raft, { ...slice, nemesis })).toEqual([]);
    }
  });
});
