import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runCampaign } from "../../src/campaign/campaign.js";
import { Journal, readKept } from "../../src/campaign/journal.js";
import { completeParts, mergeParts, type Part } from "../../src/campaign/merge.js";
import { type Order, type Shard, shareOf, sizeOf } from "../../src/campaign/order.js";
import { essence, fakePool, scratch, someOrder, wordOf } from "./fakes.js";

const root = scratch();
let folders = 0;
const freshOut = (): string => join(root, String(folders++));

/** A campaign with a journal, to its end; gives its folder. */
async function kept(
  { count, run }: Order,
  options: {
    out?: string;
    mine?: (ordinal: number) => boolean;
    limits?: object;
    jobs?: number;
  } = {},
) {
  const { out = freshOut(), mine, limits = {}, jobs = 2 } = options;
  const journal = Journal.begin(join(out, "campaigns"), "raft", { systems: ["raft"] });
  const pool = fakePool(jobs, (spec) => wordOf(spec, 7) % 3);
  const share = mine === undefined ? {} : { mine };
  const outcome = await runCampaign(
    { count, run, out, probes: [], journal, ...share, ...limits },
    pool,
  );
  journal.close();
  return { out, dir: journal.dir, outcome };
}

describe("a campaign that was cut off", () => {
  it("gives the uninterrupted outcome when it goes on, wherever it was cut", () =>
    fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3), async (at, max) => {
        const order = someOrder(25);
        const limits = max === 0 ? {} : { maxFailures: max };
        const { dir, out, outcome } = await kept(order, { limits });
        const file = join(dir, "runs.jsonl");
        truncateSync(file, Math.floor(readFileSync(file).length * at));
        const { journal, kept: before } = Journal.goOn(dir);
        const done = [...before.entries()].length;
        const pool = fakePool(3);
        const again = await runCampaign(
          { ...order, out, probes: [], journal, done: before.entries(), ...limits },
          pool,
        );
        journal.close();
        expect(essence(again)).toEqual(essence(outcome));
        if (max === 0) expect(pool.ran).toBe(outcome.runs - done);
        const { ended, entries } = readKept(dir);
        expect([ended, [...entries()].length]).toEqual([true, outcome.runs]);
      }),
      { numRuns: 25 },
    ));

  it("is not one that ended", async () => {
    const { dir } = await kept(someOrder(3));
    expect(readKept(dir).ended).toBe(true);
  });

  it("goes on in one process only", async () => {
    const { dir } = await kept(someOrder(3));
    const { journal } = Journal.goOn(dir);
    expect(() => Journal.goOn(dir)).toThrow(/process \d+ is at work on this campaign/);
    journal.close();
    Journal.goOn(dir).journal.close();
  });

  it("is taken over from a process that is gone", async () => {
    const { dir } = await kept(someOrder(3));
    // No process has a number beyond what Linux allows.
    writeFileSync(join(dir, "lock"), "4194305\n");
    Journal.goOn(dir).journal.close();
  });
});

describe("a journal", () => {
  it("has a directory of its own, also when others begin at the same time", () => {
    const above = join(freshOut(), "campaigns");
    const journals = [1, 2, 3].map(() => Journal.begin(above, "raft", {}));
    expect(new Set(journals.map(({ dir }) => dir)).size).toBe(3);
    for (const journal of journals) journal.close();
  });

  it.each([
    ["not JSON", "{}}\n", /runs.jsonl: line 7 is not a run of a campaign/],
    ["not a run", '{"hello":1}\n', /runs.jsonl: line 7 is not a run of a campaign/],
    ["a run out of turn", '{"ordinal":2,"probes":{},"atMs":1}\n', /line 7 is run 2, after run 5/],
  ])("with a line that is %s is refused", async (_, line, message) => {
    const { dir } = await kept(someOrder(3));
    const file = join(dir, "runs.jsonl");
    const lines = readFileSync(file, "utf8").split("\n").slice(0, 6).join("\n");
    writeFileSync(file, `${lines}\n${line}`);
    expect(() => readKept(dir)).toThrow(message);
  });

  it.each([
    ["is missing", undefined, /campaign.json: no such file/],
    [
      "is of something else",
      '{"format":"other"}',
      /not a campaign of format faultline-campaign\/1/,
    ],
    [
      "lacks the request",
      '{"format":"faultline-campaign/1","version":"1"}',
      /has a version and a request/,
    ],
  ])("whose head %s is refused", async (_, text, message) => {
    const { dir, out } = await kept(someOrder(1));
    if (text !== undefined) writeFileSync(join(dir, "campaign.json"), text);
    expect(() => readKept(text === undefined ? out : dir)).toThrow(message);
  });
});

describe("shards", () => {
  const shardsOf = (of: number): Shard[] =>
    Array.from({ length: of }, (_, i) => ({ index: i + 1, of }));

  it("together carry out every run once, guided or not", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (seeds, from, of, guided) => {
          const order = someOrder(seeds, from);
          const shares = shardsOf(of).map((shard) => shareOf(shard, order, guided));
          const all = Array.from({ length: order.count }, (_, ordinal) => ordinal);
          const once = (ordinal: number) => shares.filter((mine) => mine(ordinal)).length === 1;
          expect(all.filter((ordinal) => !once(ordinal))).toEqual([]);
          const sizes = shardsOf(of).map((shard) => sizeOf(shard, order, guided));
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(order.count);
        },
      ),
      { numRuns: 25 },
    ));

  it("of a guided campaign are whole islands", () => {
    const order = someOrder(1200, 100);
    const mine = shareOf({ index: 2, of: 3 }, order, true);
    const islands = new Map<number, Set<boolean>>();
    for (let ordinal = 0; ordinal < order.count; ordinal++) {
      const island = order.islandOf(ordinal);
      islands.set(island, (islands.get(island) ?? new Set()).add(mine(ordinal)));
    }
    expect(islands.size).toBe(12);
    for (const shares of islands.values()) expect(shares.size).toBe(1);
  });

  const carriedOut = async (order: Order, of: number, limits: object): Promise<Part[]> => {
    const parts: Part[] = [];
    for (const shard of shardsOf(of)) {
      const mine = shareOf(shard, order, false);
      const { dir, out } = await kept(order, { mine, limits });
      parts.push({ kept: readKept(dir), shard, out });
    }
    return parts;
  };

  it("put together give what one process would have given", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(4),
        async (seeds, of, max) => {
          const order = someOrder(seeds);
          const limits = max === 0 ? {} : { maxFailures: max };
          const parts = await carriedOut(order, of, limits);
          const { outcome } = await kept(order, { limits });
          const merged = mergeParts(
            completeParts(parts.reverse()),
            { probes: [], ...limits },
            false,
          );
          expect(essence(merged)).toEqual(essence(outcome));
        },
      ),
      { numRuns: 25 },
    ));

  it("that are missing, doubled, unfinished or empty of a run are refused", async () => {
    const parts = await carriedOut(someOrder(10), 3, {});
    const [one, two, three] = parts as [Part, Part, Part];
    expect(() => completeParts([one, three])).toThrow(/of 3 shards, 2 is missing/);
    expect(() => completeParts([one, two, two, three])).toThrow(/shard 2\/3 is there twice/);
    const unfinished = { ...two, kept: { ...two.kept, ended: false } };
    expect(() => completeParts([one, unfinished, three])).toThrow(/shard 2\/3 is not finished/);
    const empty = { ...two, kept: { ...two.kept, entries: () => one.kept.entries() } };
    expect(() => mergeParts([one, empty, three], { probes: [] }, false)).toThrow(/run 0 belongs/);
    function* allButFirst() {
      const entries = two.kept.entries();
      entries.next();
      yield* entries;
    }
    const lacking = { ...two, kept: { ...two.kept, entries: allButFirst } };
    expect(() => mergeParts([one, lacking, three], { probes: [] }, false)).toThrow(
      /run 1 is in none/,
    );
    expect(mergeParts([one, lacking, three], { probes: [] }, true).runs).toBe(19);
  });
});
