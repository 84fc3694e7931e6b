import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/base/json.js";
import { SimulatedDisk } from "../../../src/sim/disk.js";
import { primaryBackup } from "../../../systems/primary-backup/index.js";
import { Journal } from "../../../systems/primary-backup/journal.js";
import { LocalReads } from "../../../systems/primary-backup/local-reads.js";
import type { Entry, Mark } from "../../../systems/primary-backup/messages.js";
import { Store } from "../../../systems/primary-backup/store.js";
import { anomaliesOf } from "../slice.js";
import { Solo } from "../solo.js";

const nodes = ["n1", "n2", "n3"];
const read = { type: "read", key: "x", msg_id: 1 };

const opens = (epoch: number): Entry => ({ epoch, request: null });
const writes = (epoch: number, value: Json): Entry => ({
  epoch,
  request: { client: `c${value}`, number: 16, operation: { type: "write", key: "x", value } },
});

const replicate = (entries: Entry[], kept: number, epoch = 1): JsonObject =>
  ({ type: "replicate", epoch, round: 1, base: 0, baseEpoch: 0, entries, kept }) as never;

const backup = (options: { [name: string]: string } = {}) =>
  new Solo(primaryBackup, { nodes, options: { reads: "backup", ...options } });

describe("a backup that answers reads", () => {
  it("answers from the entries that it knows to be kept, and from no others", async () => {
    const node = backup();
    await node.ask("n2", replicate([opens(1), writes(1, 1), writes(1, 2)], 2));
    expect(await node.ask("c1", read)).toEqual({ type: "read_ok", value: 1 });
    await node.ask("n2", replicate([opens(1), writes(1, 1), writes(1, 2)], 3));
    expect(await node.ask("c1", read)).toEqual({ type: "read_ok", value: 2 });
    expect(node.take("forward")).toEqual([]);
  });

  it("knows of no more than it has, whatever its primary keeps", async () => {
    const node = backup();
    await node.ask("n2", replicate([opens(1), writes(1, 1)], 9));
    expect(await node.ask("c1", read)).toEqual({ type: "read_ok", value: 1 });
  });

  it("is silent after a boot until it is told again what is kept", async () => {
    const node = backup();
    await node.ask("n2", replicate([opens(1), writes(1, 1)], 2));
    node.crash();
    const reply = node.tell("c1", read);
    await node.advance(100);
    expect(reply()).toBeUndefined();
    await node.ask("n2", replicate([opens(1), writes(1, 1)], 2));
    await node.advance(100);
    expect(reply()).toEqual({ type: "read_ok", value: 1 });
  });

  it("forgets what a failover of asynchronous replication cut off", async () => {
    const node = backup({ mode: "async" });
    await node.ask("n2", replicate([opens(1), writes(1, 1), writes(1, 2)], 3));
    expect(await node.ask("c1", read)).toMatchObject({ value: 2 });
    await node.ask("n3", replicate([opens(1), writes(1, 1), opens(2)], 3, 2));
    expect(await node.ask("c1", read)).toMatchObject({ value: 1 });
  });
});

describe("a backup that answers reads with a mark", () => {
  /** Agrees with the primary of epoch 1 on three entries, of which it knows two to be kept. */
  const reading = () => {
    const disk = new SimulatedDisk({
      syncUs: () => 1,
      later: (_, action) => action(),
      wrote: () => undefined,
    });
    const journal = new Journal(disk, nodes);
    journal.accept(0, [opens(1), writes(1, 1), writes(1, 2), writes(1, 3)]);
    const reads = new LocalReads(journal, { state: () => new Store(), command: () => undefined });
    reads.learn({ epoch: 1, kept: 2 }, 3);
    return reads;
  };

  const isReached = async (reads: LocalReads, mark: Mark): Promise<() => boolean> => {
    let reached = false;
    void reads.reach(mark).then(() => {
      reached = true;
    });
    await Promise.resolve();
    return () => reached;
  };

  it("waits until it knows as much to be kept", async () => {
    const reads = reading();
    const reached = await isReached(reads, { epoch: 1, kept: 4 });
    expect(reached()).toBe(false);
    reads.learn({ epoch: 1, kept: 4 }, 4);
    await Promise.resolve();
    expect(reached()).toBe(true);
    expect(reads.read("x")).toEqual({ type: "read_ok", value: 3 });
  });

  it("learns from the mark itself as far as the logs are known to agree", async () => {
    const reads = reading();
    const reached = await isReached(reads, { epoch: 1, kept: 3 });
    expect(reached()).toBe(true);
    expect(reads.read("x")).toEqual({ type: "read_ok", value: 2 });
  });

  it("does not take the mark of another epoch for one of its own log", async () => {
    const reads = reading();
    const reached = await isReached(reads, { epoch: 2, kept: 3 });
    expect(reached()).toBe(false);
    expect(reads.read("x")).toEqual({ type: "read_ok", value: 1 });
  });

  it("asks the primary before it answers; with the bug no-freshness-mark it asks nobody", async () => {
    const asked = async (bugs: string[]) => {
      const node = new Solo(primaryBackup, { nodes, options: { reads: "marked" }, bugs });
      await node.ask("n2", replicate([opens(1), writes(1, 1)], 2));
      const reply = node.tell("c1", read);
      await node.settle();
      return { asked: node.take("ask-mark").map(({ to }) => to), reply: reply() };
    };
    expect(await asked([])).toEqual({ asked: ["n2"], reply: undefined });
    expect(await asked(["no-freshness-mark"])).toEqual({
      asked: [],
      reply: { type: "read_ok", value: 1 },
    });
  });
});

describe("where the primary answers reads", () => {
  it("nobody is told what is kept, and backups forward", async () => {
    const node = new Solo(primaryBackup, { nodes });
    await node.ask("n2", replicate([opens(1), writes(1, 1)], 2));
    node.tell("c1", read);
    await node.advance(1);
    expect(node.take("forward").map(({ to }) => to)).toEqual(["n2"]);
  });

  it("it promises one copy; where backups do, that replicas agree in the end", () => {
    const promised = (reads: string, mode = "semi-sync") =>
      primaryBackup.service({ reads, mode }, 3).consistency;
    expect(promised("primary")).toBe("linearizable");
    expect(promised("marked")).toBe("linearizable");
    expect(promised("backup")).toBe("eventual");
    expect(promised("backup", "async")).toBe("lossy");
  });
});

describe("reads of backups under a swarm of faults", () => {
  const options = { reads: "backup" };

  it("agree in the end", async () => {
    expect(await anomaliesOf(primaryBackup, { seeds: 6, options })).toEqual([]);
    const slice = { seeds: 6, workload: "convergence" };
    expect(await anomaliesOf(primaryBackup, { ...slice, options })).toEqual([]);
    const lossy = { ...options, mode: "async" };
    expect(await anomaliesOf(primaryBackup, { ...slice, options: lossy })).toEqual([]);
  });

  it("never go back for a session that stays, but may miss its own writes", async () => {
    const judgedBy = (model: string, seeds: number) =>
      anomaliesOf(primaryBackup, {
        seeds,
        workload: "causal-sessions",
        options: { ...options, move: 0, model },
      });
    expect(await judgedBy("monotonic-reads", 8)).toEqual([]);
    expect((await judgedBy("read-your-writes", 5)).length).toBeGreaterThan(0);
  });
});
