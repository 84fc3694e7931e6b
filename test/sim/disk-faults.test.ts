import { describe, expect, test } from "vitest";
import type { Json } from "../../src/base/json.js";
import type { FaultDraft } from "../../src/plan/fault.js";
import { hashText } from "../../src/random/mix.js";
import { Streams } from "../../src/random/streams.js";
import { isDiskError, SimulatedDisk } from "../../src/sim/disk.js";
import { troubleOf } from "../../src/sim/faults/disks.js";
import { MS, SECOND, Stage } from "./stage.js";

/** A disk with its fsyncs and troubles in the test's own hands. */
class Bench {
  readonly pending: (() => void)[] = [];
  readonly delays: number[] = [];
  readonly probes: string[] = [];
  readonly disk = new SimulatedDisk({
    syncUs: () => 100,
    later: (delayUs, action) => {
      this.delays.push(delayUs);
      this.pending.push(action);
    },
    wrote: () => undefined,
    probe: (name) => this.probes.push(name),
  });
  #crashes = 0;

  constructor(readonly seed = 1) {}

  trouble(kind: string, own: object = {}): () => void {
    const fault = { id: 0, kind, atUs: 0, untilUs: 1, target: "n1", ...own } as never;
    return this.disk.overlay(troubleOf(this.disk, fault, () => hashText(`${this.seed}`)));
  }

  sync(): void {
    this.disk.fsync(() => undefined);
    this.pending.shift()?.();
  }

  crash(): void {
    this.pending.length = 0;
    this.disk.crash(new Streams(this.seed).stream("crash", this.#crashes++));
  }
}

/** A seed with which a crash keeps nothing that was not synced. */
const LOSING = 1;

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isDiskError(error)) return error.code;
  }
  return "done";
}

describe("a lost fsync", () => {
  test("calls back and makes nothing durable; a sound one later makes up for it", () => {
    const bench = new Bench(LOSING);
    const lift = bench.trouble("lost-fsync");
    const calls: string[] = [];
    bench.disk.write("vote", "n1");
    bench.disk.fsync(() => calls.push("done"));
    bench.pending.shift()?.();
    expect(calls).toEqual(["done"]);
    expect(bench.disk.read("vote")).toBe("n1");
    lift();
    const other = new Bench(LOSING);
    other.trouble("lost-fsync");
    other.disk.write("vote", "n1");
    other.sync();
    other.crash();
    expect(other.disk.read("vote")).toBeUndefined();
    expect(other.probes).toEqual(["an fsync made nothing durable"]);
    bench.sync();
    bench.crash();
    expect(bench.disk.read("vote")).toBe("n1");
  });

  test("is lost by when it completes, and says nothing where there was nothing to sync", () => {
    const bench = new Bench(LOSING);
    bench.disk.write("vote", "n1");
    bench.disk.fsync(() => undefined);
    const lift = bench.trouble("lost-fsync");
    bench.sync();
    lift();
    bench.crash();
    expect(bench.disk.read("vote")).toBeUndefined();
    bench.trouble("lost-fsync");
    bench.sync();
    expect(bench.probes).toEqual(["an fsync made nothing durable"]);
  });
});

describe("a torn write", () => {
  test("leaves the first change that a crash loses half done, and what came later undone", () => {
    const bench = new Bench(LOSING);
    bench.disk.append("log", { term: 1, value: "abcd" });
    bench.disk.write("vote", { term: 1, for: "n1" });
    bench.sync();
    const lift = bench.trouble("torn-write");
    bench.disk.write("vote", { term: 2, for: "n2" });
    bench.disk.append("log", { term: 2, value: "efgh" });
    bench.crash();
    expect(bench.disk.read("vote")).toEqual({ term: 2, for: "n1" });
    expect(bench.disk.records("log")).toEqual([{ term: 1, value: "abcd" }]);
    bench.disk.append("log", { term: 2, value: "efgh" });
    bench.crash();
    const torn = [{ term: 1, value: "abcd" }, { term: 2 }];
    expect(bench.disk.records("log")).toEqual(torn);
    lift();
    expect(bench.disk.records("log")).toEqual(torn);
    bench.disk.append("log", 3);
    bench.crash();
    expect(bench.disk.records("log")).toEqual(torn);
    expect(bench.probes).toHaveLength(2);
  });

  test("of a truncation removes half of what was to go", () => {
    const bench = new Bench(LOSING);
    for (let i = 0; i < 9; i++) bench.disk.append("log", i);
    bench.sync();
    bench.trouble("torn-write");
    bench.disk.truncate("log", 2);
    bench.crash();
    expect(bench.disk.records("log")).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("tears nothing where all was synced", () => {
    const bench = new Bench(LOSING);
    bench.disk.write("vote", "n1");
    bench.sync();
    bench.trouble("torn-write");
    bench.crash();
    expect(bench.disk.read("vote")).toBe("n1");
    expect(bench.probes).toEqual([]);
  });
});

describe("bit rot", () => {
  const filled = (): Bench => {
    const bench = new Bench(5);
    bench.disk.write("vote", "n1");
    for (let i = 0; i < 400; i++) bench.disk.append("log", i);
    bench.sync();
    return bench;
  };
  const rottenIn = (records: Json[]): number[] =>
    records.flatMap((record, i) => (record === i ? [] : [i]));

  test("alters as much as it says of what is durable, the same at each reading, until lifted", () => {
    const bench = filled();
    bench.disk.append("log", 400);
    const lift = bench.trouble("bit-rot", { ppm: 250_000 });
    const records = bench.disk.records("log");
    const rotten = rottenIn(records);
    expect(rotten.length).toBeGreaterThan(60);
    expect(rotten.length).toBeLessThan(140);
    expect(rotten).not.toContain(400);
    expect(bench.disk.records("log")).toEqual(records);
    bench.crash();
    expect(rottenIn(bench.disk.records("log").slice(0, 400))).toEqual(rotten);
    lift();
    expect(rottenIn(bench.disk.records("log"))).toEqual([]);
    expect(bench.probes).toContain("something damaged was read from a disk");
  });

  test("leaves alone what is written meanwhile, and what was written stays when it is lifted", () => {
    const bench = filled();
    const lift = bench.trouble("bit-rot", { ppm: 1_000_000 });
    expect(bench.disk.read("vote")).not.toBe("n1");
    bench.disk.write("vote", "n2");
    expect(bench.disk.read("vote")).toBe("n2");
    bench.disk.truncate("log", 1);
    bench.disk.append("log", 1);
    expect(rottenIn(bench.disk.records("log"))).toEqual([0]);
    lift();
    expect(bench.disk.read("vote")).toBe("n2");
    expect(bench.disk.records("log")).toEqual([0, 1]);
  });
});

describe("a misdirected write", () => {
  test("is read where another value lives, and not in its own place, until lifted", () => {
    const bench = new Bench();
    bench.disk.write("vote", "n1");
    bench.disk.write("term", 6);
    bench.sync();
    const lift = bench.trouble("misdirected-write", { nth: 2 });
    bench.disk.write("vote", "n2");
    bench.disk.write("term", 7);
    expect([bench.disk.read("vote"), bench.disk.read("term")]).toEqual(["n2", 6]);
    bench.disk.write("vote", "n2");
    bench.sync();
    const other = new Bench();
    other.disk.write("vote", "n1");
    other.sync();
    const liftOther = other.trouble("misdirected-write", { nth: 1 });
    other.disk.append("log", "entry");
    expect([other.disk.read("vote"), other.disk.records("log")]).toEqual(["entry", [null]]);
    liftOther();
    expect([other.disk.read("vote"), other.disk.records("log")]).toEqual(["n1", ["entry"]]);
    lift();
    expect([bench.disk.read("vote"), bench.disk.read("term")]).toEqual(["n2", 7]);
  });

  test("has nowhere to go on an empty disk", () => {
    const bench = new Bench();
    bench.trouble("misdirected-write", { nth: 1 });
    bench.disk.write("vote", "n1");
    expect(bench.disk.read("vote")).toBe("n1");
  });
});

describe("a disk that throws", () => {
  test("fails some reads, of each file by itself, and a second try may succeed", () => {
    const bench = new Bench();
    bench.disk.write("vote", "n1");
    const lift = bench.trouble("read-error", { ppm: 500_000 });
    const tries = (file: string): string[] =>
      Array.from({ length: 40 }, () => codeOf(() => bench.disk.read(file)));
    const outcomes = tries("vote");
    expect(new Set(outcomes)).toEqual(new Set(["EIO", "done"]));
    expect(tries("other")).not.toEqual(outcomes);
    lift();
    expect(new Set(tries("vote"))).toEqual(new Set(["done"]));
    bench.trouble("read-error", { ppm: 1_000_000 });
    expect(codeOf(() => bench.disk.records("vote"))).toBe("EIO");
  });

  test("fails the same reads whatever else made it fail before", () => {
    const triesAfter = (others: boolean): string[] => {
      const bench = new Bench();
      bench.disk.write("vote", "n1");
      const lift = others ? bench.trouble("read-error", { ppm: 1_000_000 }) : () => undefined;
      bench.trouble("read-error", { ppm: 500_000 });
      for (let i = 0; i < 7; i++) codeOf(() => bench.disk.read("vote"));
      lift();
      return Array.from({ length: 40 }, () => codeOf(() => bench.disk.read("vote")));
    };
    expect(triesAfter(true)).toEqual(triesAfter(false));
  });

  test("takes nothing while it is full, and lets go of what there is", () => {
    const bench = new Bench();
    bench.disk.append("log", 1);
    const lift = bench.trouble("disk-full");
    expect(codeOf(() => bench.disk.append("log", 2))).toBe("ENOSPC");
    expect(codeOf(() => bench.disk.write("vote", 2))).toBe("ENOSPC");
    expect(bench.disk.read("vote")).toBeUndefined();
    expect(bench.disk.records("log")).toEqual([1]);
    bench.disk.truncate("log", 0);
    lift();
    bench.disk.append("log", 3);
    expect(bench.disk.records("log")).toEqual([3]);
  });

  test("throws into its node, which may catch it, and has crashed where it does not", async () => {
    const full: FaultDraft = { kind: "disk-full", atUs: 0, untilUs: SECOND, target: "n1" };
    const answer = async (catches: boolean): Promise<Stage> => {
      const stage = new Stage({
        nodes: ["n1"],
        create: ({ disk }) => ({
          onMessage: () => {
            try {
              disk.write("x", 1);
            } catch (error) {
              if (!catches) throw error;
              return { type: "error", code: 11 };
            }
            return { type: "ok" };
          },
        }),
      });
      stage.fault(full);
      stage.ask(100 * MS, "n1");
      return stage.run();
    };
    expect((await answer(true)).answers[0]).toContain('"code":11');
    expect((await answer(false)).misconduct).toEqual([
      'n1 threw: DiskError: ENOSPC: no room to write "x"',
    ]);
  });
});

describe("a slow disk", () => {
  test("takes longer for each fsync that begins meanwhile", () => {
    const bench = new Bench();
    bench.disk.fsync(() => undefined);
    const lift = bench.trouble("slow-disk", { addUs: 5_000 });
    bench.disk.fsync(() => undefined);
    lift();
    bench.disk.fsync(() => undefined);
    expect(bench.delays).toEqual([100, 5_100, 100]);
  });
});

describe("a wipe", () => {
  const wipe: FaultDraft = { kind: "wipe", atUs: 100 * MS, untilUs: 200 * MS, target: "n1" };
  const crash: FaultDraft = { ...wipe, kind: "crash", atUs: 50 * MS, untilUs: 400 * MS };
  async function bootsOf(...faults: FaultDraft[]): Promise<string[]> {
    const stage = new Stage({
      nodes: ["n1"],
      create: ({ disk, observe }) => ({
        start: () => {
          observe("boot", disk.read("mark") ?? null);
          disk.write("mark", true);
          return disk.fsync();
        },
      }),
    });
    for (const fault of faults) stage.fault(fault);
    await stage.run(SECOND);
    return stage.observed;
  }

  test("leaves nothing of what was durable, where a crash leaves it", async () => {
    expect(await bootsOf(wipe)).toEqual(["0 n1 boot null", `${200 * MS} n1 boot null`]);
    expect(await bootsOf({ ...wipe, kind: "crash" })).toEqual([
      "0 n1 boot null",
      `${200 * MS} n1 boot true`,
    ]);
  });

  test("empties the disk of a node that is down already, which stays down for as long as it was to", async () => {
    expect(await bootsOf(wipe, crash)).toEqual(["0 n1 boot null", `${400 * MS} n1 boot null`]);
  });
});
