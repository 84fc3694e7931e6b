import { expect, it } from "vitest";
import { Random } from "../../../src/random/random.js";
import { SimulatedDisk } from "../../../src/sim/disk.js";
import { DurableLog } from "../../../systems/sessions/durable-log.js";

const nothingKept = Object.assign(new Random([0, 0, 0]), { chance: () => false });

function setUp() {
  const syncs: (() => void)[] = [];
  const disk = new SimulatedDisk({
    syncUs: () => 1,
    later: (_, action) => void syncs.push(action),
    wrote: () => undefined,
  });
  const applied: number[] = [];
  const open = () => new DurableLog<number>(disk, "log", (entry) => applied.push(entry));
  return { disk, syncs, applied, open };
}

it("applies an entry when it is durable, and not before", () => {
  const { syncs, applied, open } = setUp();
  const log = open();
  void log.append(1);
  expect([log.length, log.applied, applied]).toEqual([1, 0, []]);
  syncs.shift()?.();
  expect([log.applied, applied]).toEqual([1, [1]]);
});

it("shares one sync among the entries that came during another", () => {
  const { syncs, applied, open } = setUp();
  const log = open();
  for (const entry of [1, 2, 3]) void log.append(entry);
  expect(syncs.length).toBe(1);
  syncs.shift()?.();
  expect(applied).toEqual([1]);
  syncs.shift()?.();
  expect([applied, syncs.length]).toEqual([[1, 2, 3], 0]);
});

it("never applies what a crash took back, and applies the rest again in order", () => {
  const { disk, syncs, applied, open } = setUp();
  const log = open();
  void log.append(1);
  syncs.shift()?.();
  void log.append(2);
  disk.crash(nothingKept);
  applied.length = 0;
  const again = open();
  expect([again.length, applied]).toEqual([1, [1]]);
  expect(again.slice(0, 9)).toEqual([1]);
});
