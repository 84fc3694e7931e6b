import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/random/random.js";
import { SimulatedDisk } from "../../../src/sim/disk.js";
import { Copies } from "../../../systems/primary-backup/copies.js";
import { Journal } from "../../../systems/primary-backup/journal.js";
import { type Entry, reachesFurther } from "../../../systems/primary-backup/messages.js";
import { Store } from "../../../systems/primary-backup/store.js";

function entriesOf(...epochs: number[]): Entry[] {
  return epochs.map((epoch) => ({ epoch, request: null }));
}

/** A disk whose syncs end when told to. */
function makeDisk(): { disk: SimulatedDisk; finishSyncs(): void } {
  let pending: (() => void)[] = [];
  const disk = new SimulatedDisk({
    syncUs: () => 1,
    later: (_, action) => pending.push(action),
    wrote: () => undefined,
  });
  return {
    disk,
    finishSyncs: () => {
      const due = pending;
      pending = [];
      for (const action of due) action();
    },
  };
}

function journalWith(...epochs: number[]): Journal {
  const journal = new Journal(makeDisk().disk);
  journal.accept(0, entriesOf(...epochs));
  return journal;
}

function epochsOf(journal: Journal): number[] {
  return journal.entries(0, journal.length).map(({ epoch }) => epoch);
}

describe("a journal", () => {
  it("cuts its log only where the primary's differs", () => {
    const journal = journalWith(1, 1, 1, 1);
    journal.accept(1, entriesOf(1, 2));
    expect(epochsOf(journal)).toEqual([1, 1, 2]);
  });

  it("keeps newer entries when a late message brings old ones again", () => {
    const journal = journalWith(1, 1, 1);
    journal.accept(0, entriesOf(1, 1));
    expect(epochsOf(journal)).toEqual([1, 1, 1]);
  });

  it("fits only a log that has the same entry at the seam", () => {
    const journal = journalWith(1, 1, 2);
    expect(journal.fits(0, 0)).toBe(true);
    expect(journal.fits(3, 2)).toBe(true);
    expect(journal.fits(3, 1)).toBe(false);
    expect(journal.fits(4, 2)).toBe(false);
  });

  it("retreats to its end, or to before the epoch that differs", () => {
    const journal = journalWith(1, 1, 2, 2, 2);
    expect(journal.retreat(9)).toBe(5);
    expect(journal.retreat(5)).toBe(2);
    expect(journal.retreat(2)).toBe(0);
  });

  it("grants an epoch to one candidate only, as often as that one asks", () => {
    const journal = journalWith();
    expect(journal.mayPromise(1, "n1")).toBe(true);
    journal.promise(1, "n1");
    expect(journal.mayPromise(1, "n1")).toBe(true);
    expect(journal.mayPromise(1, "n2")).toBe(false);
    expect(journal.mayPromise(2, "n2")).toBe(true);
    journal.promise(3, null);
    expect(journal.mayPromise(2, "n2")).toBe(false);
    expect(journal.mayPromise(3, "n2")).toBe(true);
  });

  it("speaks of durability only after the sync, and at once when nothing is open", () => {
    const { disk, finishSyncs } = makeDisk();
    const journal = new Journal(disk);
    const heard: string[] = [];
    journal.append({ epoch: 1, request: null });
    journal.whenDurable(() => heard.push("entry"));
    expect(heard).toEqual([]);
    finishSyncs();
    journal.whenDurable(() => heard.push("nothing open"));
    expect(heard).toEqual(["entry", "nothing open"]);
  });

  it("finds after a crash the promise and the log that were durable, and no more", () => {
    const { disk, finishSyncs } = makeDisk();
    const before = new Journal(disk);
    before.promise(4, "n2");
    before.accept(0, entriesOf(3, 3, 4));
    before.whenDurable(() => undefined);
    finishSyncs();
    disk.crash(new Random([1, 2, 3]));
    const after = new Journal(disk);
    expect([after.epoch, after.mayPromise(4, "n1"), after.mayPromise(4, "n2")]).toEqual([
      4,
      false,
      true,
    ]);
    expect(epochsOf(after)).toEqual([3, 3, 4]);
  });
});

describe("how far logs reach", () => {
  it("is decided by the last epoch, then by the length", () => {
    expect(reachesFurther({ epoch: 2, length: 1 }, { epoch: 1, length: 9 })).toBe(true);
    expect(reachesFurther({ epoch: 2, length: 3 }, { epoch: 2, length: 2 })).toBe(true);
    expect(reachesFurther({ epoch: 2, length: 2 }, { epoch: 2, length: 2 })).toBe(false);
  });

  it("is an order: no two logs reach further than each other", () => {
    const extent = fc.record({ epoch: fc.nat(3), length: fc.nat(3) });
    fc.assert(
      fc.property(extent, extent, (a, b) => {
        expect(reachesFurther(a, b) && reachesFurther(b, a)).toBe(false);
      }),
    );
  });
});

describe("the copies that a primary counts", () => {
  it("are counted with the primary's own, which must be durable too", () => {
    const copies = new Copies(["n2", "n3"], 0);
    copies.held("n2", 5);
    copies.held("n3", 3);
    expect(copies.heldBy(1)).toBe(0);
    expect(copies.heldBy(2)).toBe(0);
    copies.hold(4);
    expect([1, 2, 3].map((count) => copies.heldBy(count))).toEqual([4, 4, 3]);
  });

  it("do not shrink when an old answer comes late", () => {
    const copies = new Copies(["n2"], 0);
    copies.hold(5);
    copies.held("n2", 5);
    copies.held("n2", 2);
    copies.retreat("n2", 1);
    expect([copies.heldBy(2), copies.next("n2")]).toEqual([5, 5]);
  });

  it("count for a read only backups that answered its round", () => {
    const copies = new Copies(["n2", "n3", "n4", "n5"], 0);
    copies.answered("n2", 7);
    expect(copies.answeredBy(3)).toBe(0);
    copies.answered("n3", 6);
    copies.answered("n2", 5);
    expect([copies.answeredBy(2), copies.answeredBy(3)]).toEqual([7, 6]);
  });
});

describe("the store", () => {
  const write = (number: number, value: number) =>
    ({ client: "c1", number, operation: { type: "write", key: "x", value } }) as const;

  it("runs a request once, and gives its reply again when it is met again", () => {
    const store = new Store();
    const cas = {
      client: "c2",
      number: 16,
      operation: { type: "cas", key: "x", from: 1, to: 2 },
    } as const;
    store.apply(write(16, 1));
    expect(store.apply(cas)).toEqual({ type: "cas_ok" });
    expect(store.apply(write(32, 1))).toEqual({ type: "write_ok" });
    expect(store.apply(cas)).toEqual({ type: "cas_ok" });
    expect(store.read("x")).toEqual({ type: "read_ok", value: 1 });
  });

  it("does not run a request that its client has followed by another", () => {
    const store = new Store();
    store.apply(write(32, 2));
    expect(store.apply(write(16, 1))).toMatchObject({ type: "error", code: 0 });
    expect(store.read("x")).toEqual({ type: "read_ok", value: 2 });
  });

  it("refuses a compare-and-set of a missing key, and of another value", () => {
    const store = new Store();
    const cas = (number: number) =>
      ({ client: "c2", number, operation: { type: "cas", key: "x", from: 7, to: 8 } }) as const;
    expect(store.apply(cas(1))).toMatchObject({ code: 20 });
    store.apply(write(16, 1));
    expect(store.apply(cas(2))).toMatchObject({ code: 22 });
    expect(store.read("x")).toEqual({ type: "read_ok", value: 1 });
    expect(store.read("y")).toEqual({ type: "read_ok", value: null });
  });
});
