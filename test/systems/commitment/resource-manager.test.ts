/** One shard, with its disk in the hands of the test. */

import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.js";
import { Random } from "../../../src/random/random.js";
import { SimulatedDisk } from "../../../src/sim/disk.js";
import { type Part, WriteAheadLog } from "../../../systems/commitment/log.js";
import { ResourceManager } from "../../../systems/commitment/resource-manager.js";

const losesAll = Object.assign(new Random([0, 0, 0]), { chance: () => false, int: () => 0 });

class Scene {
  syncs: (() => void)[] = [];
  readonly disk = new SimulatedDisk({
    syncUs: () => 1,
    later: (_, action) => this.syncs.push(action),
    wrote: () => undefined,
  });
  readonly observed: string[] = [];
  nowMs = 0;
  log = new WriteAheadLog(this.disk);
  manager = this.#boot();

  crash(): void {
    this.syncs = [];
    this.disk.crash(losesAll);
    this.log = new WriteAheadLog(this.disk);
    this.manager = this.#boot();
  }

  async settle(): Promise<void> {
    await pause();
    while (this.syncs.length > 0) {
      for (const end of this.syncs.splice(0)) end();
      await pause();
    }
  }

  /** What a promise has come to once the disk has done all its work. */
  async after<T>(promise: Promise<T>): Promise<T | string> {
    let result: T | string = "waits";
    promise.then(
      (value) => {
        result = value;
      },
      (error) => {
        result = (error as Error).name;
      },
    );
    await this.settle();
    return result;
  }

  read(transaction: string, born: number, key: string): Promise<Json> {
    return this.manager.read({ type: "read", transaction, born, key });
  }

  prepare(part: Part, readOnly = false): Promise<string | undefined> {
    return this.manager.prepare({ type: "prepare", part, readOnly });
  }

  #boot(): ResourceManager {
    const manager = new ResourceManager(
      {
        bugs: new Set(),
        clock: { monotonicMs: () => this.nowMs, wallMs: () => this.nowMs },
        observe: (f, value) => this.observed.push(`${f} ${JSON.stringify(value)}`),
        probe: () => undefined,
      },
      this.log,
    );
    manager.recover(this.log.read());
    return manager;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function part(transaction: string, born: number, writes: string[], reads: string[] = []): Part {
  return {
    transaction,
    born,
    coordinator: "n1",
    participants: ["n1", "n2"],
    reads,
    writes: writes.map((key) => ({ kind: "append", key, value: transaction })),
  };
}

describe("a participant", () => {
  it("votes yes once its part is durable, and not before", async () => {
    const scene = new Scene();
    let told: string | undefined;
    void scene.prepare(part("a", 1, ["x"])).then((vote) => {
      told = vote;
    });
    await pause();
    expect([told, scene.observed]).toEqual([undefined, []]);
    await scene.settle();
    expect(told).toBe("yes");
  });

  it("is still bound, and still has its locks, after a crash", async () => {
    const scene = new Scene();
    expect(await scene.after(scene.prepare(part("a", 1, ["x"])))).toBe("yes");
    scene.crash();
    expect(scene.manager.inDoubt().map(({ transaction }) => transaction)).toEqual(["a"]);
    expect(await scene.after(scene.read("b", 2, "x"))).toBe("Refusal");
    scene.manager.finish("a", "commit");
    expect(await scene.after(scene.read("c", 3, "x"))).toEqual(["a"]);
  });

  it("refuses for good, also after a crash, and when asked again", async () => {
    const scene = new Scene();
    expect(await scene.after(scene.manager.refuse({ transaction: "a" }))).toBe("no");
    scene.crash();
    expect(await scene.after(scene.prepare(part("a", 1, ["x"])))).toBe("no");
  });

  it("refuses where it has lost the locks of what was read", async () => {
    const scene = new Scene();
    await scene.after(scene.read("a", 1, "x"));
    scene.crash();
    expect(await scene.after(scene.prepare(part("a", 1, ["y"], ["x"])))).toBe("no");
  });

  it("keeps readers from what is to be written, and writers from what was read", async () => {
    const scene = new Scene();
    await scene.after(scene.prepare(part("b", 2, ["x"])));
    const older = scene.read("a", 1, "x");
    expect(await scene.after(older)).toBe("waits");
    scene.manager.finish("b", "commit");
    expect(await scene.after(older)).toEqual(["b"]);
    expect(await scene.after(scene.prepare(part("c", 3, ["x"])))).toBe("no");
  });

  it("shows nothing of what was aborted", async () => {
    const scene = new Scene();
    await scene.after(scene.prepare(part("a", 1, ["x"])));
    scene.manager.finish("a", "abort");
    expect(await scene.after(scene.read("b", 2, "x"))).toBeNull();
  });

  it("lets those go that only read and everybody else too, and hears no more of them", async () => {
    const scene = new Scene();
    await scene.after(scene.read("a", 1, "x"));
    expect(await scene.after(scene.prepare(part("a", 1, [], ["x"]), true))).toBe("read-only");
    expect(await scene.after(scene.prepare(part("b", 2, ["x"])))).toBe("yes");
  });

  it("keeps the locks of a reader when others write", async () => {
    const scene = new Scene();
    await scene.after(scene.read("a", 1, "x"));
    expect(await scene.after(scene.prepare(part("a", 1, [], ["x"])))).toBe("yes");
    expect(await scene.after(scene.prepare(part("b", 2, ["x"])))).toBe("no");
  });

  it("frees the locks of a coordinator that has fallen silent before any vote", async () => {
    const scene = new Scene();
    await scene.after(scene.read("a", 1, "x"));
    scene.nowMs = 2_000;
    expect(await scene.after(scene.prepare(part("b", 2, ["x"])))).toBe("yes");
    expect(await scene.after(scene.prepare(part("a", 1, [], ["x"])))).toBe("no");
  });

  it("does not end what it never had", () => {
    const scene = new Scene();
    scene.manager.finish("a", "commit");
    expect([scene.manager.standing("a"), scene.observed]).toEqual([undefined, []]);
  });
});
