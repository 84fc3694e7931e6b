/** One replica alone: what it grants, keeps and refuses. */

import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json.js";
import { quorumLock } from "../../../systems/quorum-lock/index.js";
import { redlock } from "../../../systems/redlock/index.js";
import { Solo, type SoloOptions } from "../solo.js";

const nodes = ["n1", "n2", "n3"];
const LEASE_MS = 600;

function replica(options: SoloOptions = {}) {
  const solo = new Solo(quorumLock, { nodes, ...options });
  const say = async (body: JsonObject) => (await solo.ask("n2", { key: "k", ...body }))?.["ok"];
  return {
    solo,
    grant: (owner: string, token: number) =>
      say({ type: "grant", owner, token, leaseMs: LEASE_MS }),
    giveBack: (owner: string, token: number) => say({ type: "give-back", owner, token }),
  };
}

describe("a replica of the quorum lock", () => {
  it("grants a key to one owner at a time, and to the next when the lease is over", async () => {
    const { solo, grant } = replica();
    expect(await grant("a", 1)).toBe(true);
    await solo.advance(LEASE_MS - 1);
    expect(await grant("b", 2)).toBe(false);
    await solo.advance(1);
    expect(await grant("b", 2)).toBe(true);
  });

  it("grants again to the same owner under the same token", async () => {
    const { solo, grant } = replica();
    expect(await grant("a", 1)).toBe(true);
    await solo.advance(LEASE_MS - 1);
    expect(await grant("a", 1)).toBe(true);
    await solo.advance(LEASE_MS - 1);
    expect(await grant("b", 2)).toBe(false);
  });

  it("never grants a token twice, nor one that is lower", async () => {
    const { grant, giveBack } = replica();
    expect(await grant("a", 5)).toBe(true);
    await giveBack("a", 5);
    expect(await grant("b", 5)).toBe(false);
    expect(await grant("b", 4)).toBe(false);
    expect(await grant("b", 6)).toBe(true);
  });

  it("takes a grant back from its owner only", async () => {
    const { grant, giveBack } = replica();
    expect(await grant("a", 1)).toBe(true);
    await giveBack("b", 1);
    expect(await grant("c", 2)).toBe(false);
  });

  it("counts a lease from its boot anew, and knows the highest token", async () => {
    const { solo, grant } = replica();
    expect(await grant("a", 3)).toBe(true);
    await solo.advance(LEASE_MS - 1);
    solo.crash();
    await solo.advance(LEASE_MS - 1);
    expect(await grant("b", 4)).toBe(false);
    await solo.advance(1);
    expect(await grant("b", 3)).toBe(false);
    expect(await grant("b", 4)).toBe(true);
  });

  it("forgets the highest token in a crash where the bug is on", async () => {
    const { solo, grant, giveBack } = replica({ bugs: ["tokens-in-memory"] });
    expect(await grant("a", 3)).toBe(true);
    await giveBack("a", 3);
    await solo.settle();
    solo.crash();
    await solo.advance(LEASE_MS);
    expect(await grant("b", 1)).toBe(true);
  });
});

describe("a replica of the store", () => {
  const ballot = (token: number, round = 1, writer = "w") => ({ token, round, writer });
  const prepare = (token: number) => ({ type: "prepare", key: "k", ballot: ballot(token) });
  const accept = (token: number, count: number) => ({
    type: "accept",
    key: "k",
    ballot: ballot(token),
    value: { count, last: {} },
  });

  it("refuses what is older than a token it has seen, after a crash too", async () => {
    const solo = new Solo(quorumLock, { nodes });
    expect((await solo.ask("n2", prepare(7)))?.["ok"]).toBe(true);
    solo.crash();
    expect((await solo.ask("n2", accept(6, 1)))?.["ok"]).toBe(false);
    expect((await solo.ask("n2", prepare(6)))?.["ok"]).toBe(false);
    expect((await solo.ask("n2", accept(7, 1)))?.["ok"]).toBe(true);
    const { value } = (await solo.ask("n2", prepare(8))) ?? {};
    expect(value).toEqual({ count: 1, last: {} });
  });

  it("takes anything where the bug is on", async () => {
    const solo = new Solo(quorumLock, { nodes, bugs: ["token-unchecked"] });
    expect((await solo.ask("n2", accept(7, 5)))?.["ok"]).toBe(true);
    expect((await solo.ask("n2", accept(6, 1)))?.["ok"]).toBe(true);
  });
});

describe("an instance of Redlock", () => {
  const set = (value: string) => ({ type: "set", key: "k", value, ttlMs: LEASE_MS });
  const unlock = (value: string) => ({ type: "unlock", key: "k", value });

  it("sets a key that is not there, expires it, and counts up", async () => {
    const solo = new Solo(redlock, { nodes });
    expect(await solo.ask("n2", set("a"))).toMatchObject({ ok: true, fence: 1 });
    expect(await solo.ask("n2", set("a"))).toMatchObject({ ok: true, fence: 1 });
    expect(await solo.ask("n2", set("b"))).toMatchObject({ ok: false });
    await solo.advance(LEASE_MS);
    expect(await solo.ask("n2", set("b"))).toMatchObject({ ok: true, fence: 2 });
  });

  it("does not extend a key that is set again", async () => {
    const solo = new Solo(redlock, { nodes });
    await solo.ask("n2", set("a"));
    await solo.advance(LEASE_MS - 1);
    await solo.ask("n2", set("a"));
    await solo.advance(1);
    expect(await solo.ask("n2", set("b"))).toMatchObject({ ok: true });
  });

  it("unlocks by value", async () => {
    const solo = new Solo(redlock, { nodes });
    await solo.ask("n2", set("a"));
    await solo.ask("n2", unlock("b"));
    expect(await solo.ask("n2", set("c"))).toMatchObject({ ok: false });
    await solo.ask("n2", unlock("a"));
    expect(await solo.ask("n2", set("c"))).toMatchObject({ ok: true });
  });

  it("remembers keys and counters over a crash, but for the bug", async () => {
    for (const [bugs, ok] of [
      [[], false],
      [["not-persistent"], true],
    ] as [string[], boolean][]) {
      const solo = new Solo(redlock, { nodes, bugs });
      await solo.ask("n2", { type: "raise", key: "k", fence: 9 });
      await solo.ask("n2", set("a"));
      solo.crash();
      expect(await solo.ask("n2", set("b"))).toMatchObject({ ok });
      await solo.advance(LEASE_MS);
      const fence = ok ? 2 : 11;
      expect(await solo.ask("n2", set("c"))).toMatchObject({ ok: true, fence });
    }
  });
});
