import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/base/json.js";
import { Streams } from "../../src/random/streams.js";
import { SimulatedDisk } from "../../src/sim/disk.js";

/** A disk with its fsyncs in the test's own hands. */
class Bench {
  readonly hashes: number[] = [];
  readonly pending: (() => void)[] = [];
  readonly disk = new SimulatedDisk({
    syncUs: () => 1,
    later: (_, action) => this.pending.push(action),
    wrote: (hash) => this.hashes.push(hash),
  });
  #crashes = 0;

  constructor(readonly seed = 1) {}

  /** Completes the fsync asked for longest ago. */
  complete(): void {
    this.pending.shift()?.();
  }

  /** A crash voids the fsyncs under way, as the machine does. Returns how many changes were lost. */
  crash(): number {
    this.pending.length = 0;
    return this.disk.crash(new Streams(this.seed).stream("crash", this.#crashes++)).lost;
  }
}

type Step =
  | { act: "write" | "append"; file: string; value: Json }
  | { act: "truncate"; file: string; length: number }
  | { act: "fsync" | "complete" | "crash" };

const file = fc.constantFrom("log", "vote");
const change = fc.oneof(
  fc.record({ act: fc.constantFrom("write" as const, "append" as const), file, value: fc.nat(99) }),
  fc.record({ act: fc.constant("truncate" as const), file, length: fc.nat(4) }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: change },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constantFrom("fsync" as const, "complete" as const) }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("crash" as const) }) },
);

/** What the files hold after these changes, from nothing. */
function replay(changes: readonly Step[]): string {
  const values = new Map<string, Json>();
  const lists = new Map<string, Json[]>();
  for (const taken of changes) {
    if (taken.act === "write") values.set(taken.file, taken.value);
    else if (taken.act === "append") {
      lists.set(taken.file, [...(lists.get(taken.file) ?? []), taken.value]);
    } else if (taken.act === "truncate") {
      lists.set(taken.file, (lists.get(taken.file) ?? []).slice(0, taken.length));
    }
  }
  return contents(
    (name) => values.get(name),
    (name) => lists.get(name) ?? [],
  );
}

function contents(
  read: (file: string) => Json | undefined,
  records: (file: string) => Json[],
): string {
  return JSON.stringify(["log", "vote"].map((name) => [read(name) ?? null, records(name)]));
}

const shown = (disk: SimulatedDisk): string =>
  contents(
    (name) => disk.read(name),
    (name) => disk.records(name),
  );

describe("a disk", () => {
  test("shows every change at once, and after a crash a prefix that covers what was synced", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(step, { maxLength: 60 }), (seed, steps) => {
        const bench = new Bench(seed);
        let made: Step[] = [];
        /** How many of the changes made are certain to survive, and will be once an fsync is through. */
        let safe = 0;
        let promised: number[] = [];
        for (const taken of steps) {
          switch (taken.act) {
            case "write":
              bench.disk.write(taken.file, taken.value);
              made.push(taken);
              break;
            case "append":
              bench.disk.append(taken.file, taken.value);
              made.push(taken);
              break;
            case "truncate":
              bench.disk.truncate(taken.file, taken.length);
              made.push(taken);
              break;
            case "fsync":
              bench.disk.fsync(() => undefined);
              promised.push(made.length);
              break;
            case "complete":
              bench.complete();
              safe = Math.max(safe, promised.shift() ?? 0);
              break;
            case "crash": {
              const lost = bench.crash();
              expect(lost).toBeGreaterThanOrEqual(0);
              expect(made.length - lost).toBeGreaterThanOrEqual(safe);
              made = made.slice(0, made.length - lost);
              safe = made.length;
              promised = [];
              break;
            }
          }
          expect(shown(bench.disk)).toBe(replay(made));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("keeps what an fsync covered, and only an fsync that was through", () => {
    const bench = new Bench();
    bench.disk.write("vote", "n1");
    const calls: string[] = [];
    bench.disk.fsync(() => calls.push("first"));
    bench.disk.append("log", "late");
    expect(calls).toEqual([]);
    bench.complete();
    expect(calls).toEqual(["first"]);
    bench.crash();
    expect(bench.disk.read("vote")).toBe("n1");
  });

  test("covers by an fsync only what was written before the call, by each of several", () => {
    const survivors = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const bench = new Bench(seed);
      for (const record of [1, 2]) {
        bench.disk.append("log", record);
        bench.disk.fsync(() => undefined);
      }
      bench.disk.append("log", 3);
      bench.complete();
      bench.complete();
      bench.crash();
      survivors.add(bench.disk.records("log").length);
    }
    expect([...survivors].sort()).toEqual([2, 3]);
  });

  test("loses in a crash all, some or none of what was not synced", () => {
    const kept = new Array<number>(4).fill(0);
    for (let seed = 0; seed < 400; seed++) {
      const bench = new Bench(seed);
      for (let i = 0; i < 3; i++) bench.disk.append("log", i);
      const lost = bench.crash();
      const left = bench.disk.records("log").length;
      expect(left).toBe(3 - lost);
      kept[left] = (kept[left] as number) + 1;
    }
    expect(kept[0]).toBeGreaterThan(200);
    for (const times of kept) expect(times).toBeGreaterThan(10);
  });

  test("makes good an fsync that overtakes another one, and no other for it", () => {
    const survivors = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const bench = new Bench(seed);
      const calls: number[] = [];
      for (const record of [1, 2, 3]) {
        bench.disk.append("log", record);
        bench.disk.fsync(() => calls.push(record));
      }
      bench.disk.append("log", 4);
      const [first, second, third] = bench.pending;
      for (const complete of [second, first, third]) complete?.();
      expect(calls).toEqual([2, 1, 3]);
      bench.crash();
      survivors.add(bench.disk.records("log").length);
    }
    expect([...survivors].sort()).toEqual([3, 4]);
  });

  test("an fsync without a callback is a promise that waits for the disk", async () => {
    const bench = new Bench();
    bench.disk.write("vote", 1);
    let through = false;
    const synced = bench.disk.fsync().then(() => {
      through = true;
    });
    await Promise.resolve();
    expect(through).toBe(false);
    bench.complete();
    await synced;
    expect(bench.crash()).toBe(0);
  });

  test("copies what is written and what is read", () => {
    const { disk } = new Bench();
    const entry = { term: 1, tags: ["a"] };
    disk.write("state", entry);
    disk.append("log", entry);
    entry.tags.push("b");
    const read = [disk.read("state"), disk.records("log")[0]] as (typeof entry)[];
    expect(read).toEqual([
      { term: 1, tags: ["a"] },
      { term: 1, tags: ["a"] },
    ]);
    for (const copy of read) copy.tags.push("c");
    disk.records("log").push("d");
    expect(disk.read("state")).toEqual({ term: 1, tags: ["a"] });
    expect(disk.records("log")).toEqual([{ term: 1, tags: ["a"] }]);
  });

  test("refuses what is not plain data, and lengths that are none", () => {
    const { disk } = new Bench();
    expect(() => disk.write("state", { at: new Date(0) } as unknown as Json)).toThrow("Date");
    expect(() => disk.append("log", Number.NaN)).toThrow("NaN");
    expect(disk.read("state")).toBeUndefined();
    expect(disk.records("log")).toEqual([]);
    for (const length of [-1, 0.5]) expect(() => disk.truncate("log", length)).toThrow("truncate");
  });

  test("tells the trace the content of every change, so that different ones have different hashes", () => {
    const { disk, hashes } = new Bench();
    disk.write("state", 1);
    disk.write("state", 2);
    disk.append("log", { a: 1 });
    disk.truncate("log", 0);
    expect(hashes).toHaveLength(4);
    expect(new Set(hashes).size).toBe(4);
  });
});
