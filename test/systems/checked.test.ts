import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FaultDraft } from "../../src/plan/fault.js";
import { hashText } from "../../src/random/mix.js";
import { Streams } from "../../src/random/streams.js";
import { SimulatedDisk } from "../../src/sim/disk.js";
import { troubleOf } from "../../src/sim/faults/disks.js";
import { appendChecked, readChecked, readPrefix, writeChecked } from "../../systems/checked.js";

type DiskDraft = Extract<FaultDraft, { kind: "torn-write" | "bit-rot" | "misdirected-write" }>;

class Bench {
  readonly disk = new SimulatedDisk({
    syncUs: () => 1,
    later: (_, action) => action(),
    wrote: () => undefined,
  });

  trouble(draft: { kind: DiskDraft["kind"] } & object, seed = 1): () => void {
    const fault = { id: 0, atUs: 0, untilUs: 1, target: "n1", ...draft };
    return this.disk.overlay(troubleOf(this.disk, fault as never, () => hashText(`${seed}`)));
  }

  sync(): void {
    this.disk.fsync(() => undefined);
  }

  crash(seed = 1): void {
    this.disk.crash(new Streams(seed).stream("crash"));
  }
}

const data = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));

describe("what is sealed with a checksum", () => {
  test("is read back as it was, and told from nothing", () => {
    fc.assert(
      fc.property(data, fc.array(data, { maxLength: 5 }), (value, records) => {
        const { disk } = new Bench();
        expect(readChecked(disk, "vote")).toEqual({ found: "nothing" });
        expect(readPrefix(disk, "log")).toEqual({ records: [] });
        writeChecked(disk, "vote", value);
        records.forEach((record, i) => {
          appendChecked(disk, "log", i, record);
        });
        expect(readChecked(disk, "vote")).toEqual({ found: "sound", data: value });
        expect(readPrefix(disk, "log")).toEqual({ records });
      }),
    );
  });

  test("is known to be rotten, whatever rots in it, and is sound again without the rot", () => {
    fc.assert(
      fc.property(data, fc.nat(), (value, seed) => {
        const bench = new Bench();
        writeChecked(bench.disk, "vote", value);
        bench.sync();
        const lift = bench.trouble({ kind: "bit-rot", ppm: 1_000_000 } as never, seed);
        expect(readChecked(bench.disk, "vote")).toMatchObject({ found: "damaged" });
        lift();
        expect(readChecked(bench.disk, "vote")).toEqual({ found: "sound", data: value });
      }),
    );
  });

  test("is known to be half written, unless all of it was", () => {
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= 30; seed++) {
      const bench = new Bench();
      writeChecked(bench.disk, "vote", { term: 1, for: "n1" });
      bench.sync();
      bench.trouble({ kind: "torn-write" });
      writeChecked(bench.disk, "vote", { term: 2, for: "n2" });
      bench.crash(seed);
      const finding = readChecked(bench.disk, "vote");
      outcomes.add(finding.found === "sound" ? JSON.stringify(finding.data) : finding.found);
    }
    expect(outcomes).toEqual(new Set(["damaged", '{"term":2,"for":"n2"}']));
  });

  test("of a list is read up to the damage; a torn end is told from a rotten middle", () => {
    const bench = new Bench();
    for (let i = 0; i < 6; i++) appendChecked(bench.disk, "log", i, { entry: i });
    bench.sync();
    bench.trouble({ kind: "torn-write" });
    appendChecked(bench.disk, "log", 6, { entry: 6 });
    bench.crash();
    const whole = [0, 1, 2, 3, 4, 5].map((entry) => ({ entry }));
    expect(readPrefix(bench.disk, "log")).toEqual({ records: whole, damage: "tail" });
    const found = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const lift = bench.trouble({ kind: "bit-rot", ppm: 100_000 } as never, seed);
      const { records, damage } = readPrefix(bench.disk, "log");
      expect(records).toEqual(whole.slice(0, records.length));
      found.add(`${records.length} ${damage}`);
      lift();
    }
    expect(found).toContain("2 middle");
    expect(found).toContain("6 tail");
  });

  test("that went astray is no value of the place where it landed", () => {
    const bench = new Bench();
    writeChecked(bench.disk, "vote", "n1");
    bench.sync();
    bench.trouble({ kind: "misdirected-write", nth: 1 } as never);
    writeChecked(bench.disk, "term", 7);
    expect(readChecked(bench.disk, "vote")).toMatchObject({ found: "damaged" });
    expect(readChecked(bench.disk, "term")).toEqual({ found: "nothing" });
  });
});
