import { describe, expect, it } from "vitest";
import { anomaliesOf, hasPython, run, samples } from "./programs.js";

const js = (name: string) => `node ${samples}/javascript/${name}.mjs`;
const python = (name: string) => `python3 ${samples}/python/${name}.py`;

/** Short runs: those with timers of their own take their virtual time in real time. */
const small = { operations: 40, timeLimitMs: 2_000, settleMs: 2_000 };

describe("samples in JavaScript", () => {
  it.each([
    ["echo", "echo", "swarm"],
    ["lin-kv", "lin-kv", "partition,lossy,reorder,duplicate"],
    ["broadcast", "broadcast", "partition,lossy"],
  ])("%s keeps what %s promises under %s", async (name, workload, nemesis) => {
    const request = { bin: js(name), workload, nemesis: nemesis.split(","), ...small };
    const execution = await run(request);
    expect(anomaliesOf(execution)).toEqual([]);
    expect(execution.valid).toBe(true);
  });
});

describe.skipIf(!hasPython)("samples in Python (skipped where there is no python3)", () => {
  it.each([
    ["echo", "echo", "swarm"],
    ["unique_ids", "unique-ids", "swarm"],
    ["lin_kv", "lin-kv", "swarm"],
    ["kafka", "kafka", "partition"],
    ["txn", "txn-list-append", "reorder"],
    ["txn", "txn-rw-register", "duplicate"],
  ])("%s keeps what %s promises under %s, seed after seed", async (name, workload, nemesis) => {
    for (const seed of [1, 2, 3]) {
      const request = { bin: python(name), workload, nemesis: [nemesis], operations: 60, seed };
      expect(anomaliesOf(await run(request))).toEqual([]);
    }
  });

  it.concurrent.each([
    ["broadcast", "broadcast", "partition,lossy"],
    ["g_set", "g-set", "partition,lossy"],
    ["counter", "g-counter", "partition"],
    ["counter", "pn-counter", "lossy,duplicate"],
  ])("%s keeps what %s promises under %s", async (name, workload, nemesis) => {
    const request = { bin: python(name), workload, nemesis: nemesis.split(","), ...small };
    const execution = await run(request);
    expect(anomaliesOf(execution)).toEqual([]);
    expect(execution.valid).toBe(true);
  });

  it.each([
    ["unique_ids_wrong", "unique-ids", "none", ["duplicate-id"]],
    ["broadcast_wrong", "broadcast", "partition", ["divergence", "stale-element"]],
    ["txn_wrong", "txn-list-append", "slow-network", ["incompatible-order", "G-single-item"]],
    ["txn_wrong", "txn-rw-register", "slow-network", ["G-single-item-realtime", "lost-update"]],
    [
      "lin_kv_wrong",
      "lin-kv",
      "slow-network",
      ["stale-read", "lost-write", "lost-update", "split-brain"],
    ],
  ])("%s is caught by %s under %s", async (name, workload, nemesis, expected) => {
    const found = new Set<string>();
    for (const seed of [1, 2, 3]) {
      const request = { bin: python(name), workload, nemesis: [nemesis], seed };
      for (const type of anomaliesOf(await run(request))) found.add(type);
    }
    expect([...found].filter((type) => expected.includes(type))).not.toEqual([]);
  });
});
