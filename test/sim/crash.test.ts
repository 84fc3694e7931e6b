import { describe, expect, test } from "vitest";
import { crash, facts, livesOf, ticker, timesOf } from "./lives.js";
import { MS, SECOND, Stage } from "./stage.js";

describe("a crash", () => {
  test("loses what was in memory and what was not synced, and keeps what was", async () => {
    const stage = new Stage({
      nodes: ["n1"],
      seed: 2,
      create: ({ disk, observe, after: later }) => {
        let memory = 0;
        return {
          start: async () => {
            observe("boot", { memory, synced: disk.read("synced") ?? null });
            memory++;
            disk.write("synced", "yes");
            await disk.fsync();
            later(5, () => disk.append("log", "unsynced"));
          },
          onMessage: () => ({ type: "state", memory, log: disk.records("log") }),
        };
      },
    });
    stage.ask(50 * MS, "n1");
    stage.fault(crash("n1", 60, 70));
    stage.ask(71 * MS, "n1");
    await stage.run();
    expect(stage.observed).toEqual([
      '0 n1 boot {"memory":0,"synced":null}',
      `${70 * MS} n1 boot {"memory":0,"synced":"yes"}`,
    ]);
    expect(stage.answers[0]).toContain('"memory":1,"log":["unsynced"]');
    expect(stage.answers[1]).toContain('"memory":1,"log":[]');
    expect(stage.probes).toEqual(["a crash lost unsynced writes"]);
  });

  test("silences the node until it restarts, when it boots afresh", async () => {
    const stage = new Stage({ create: ticker() });
    stage.fault(crash("n1", 100, 200));
    await stage.run(300 * MS);
    const times = timesOf(stage, "n1");
    expect(times.filter((at) => at > 100 * MS && at < 200 * MS)).toEqual([]);
    expect(times.filter((at) => at >= 200 * MS)).toHaveLength(101);
    expect(livesOf(stage, "n1")).toEqual(new Set([1, 2]));
    expect(livesOf(stage, "n2")).toEqual(new Set([1]));
  });

  test("nests: the node boots once, when the last of them is lifted", async () => {
    const stage = new Stage({ nodes: ["n1"], create: ticker() });
    stage.fault(crash("n1", 100, 200));
    stage.fault(crash("n1", 150, 300));
    stage.fault(crash("n1", 160, 170));
    await stage.run(400 * MS);
    expect(timesOf(stage, "n1").find((at) => at > 100 * MS)).toBe(300 * MS);
    expect(livesOf(stage, "n1")).toEqual(new Set([1, 2]));
  });

  test("that comes with the restart after another one leaves the node down", async () => {
    const stage = new Stage({ nodes: ["n1"], create: ticker() });
    stage.fault(crash("n1", 100, 200));
    stage.fault(crash("n1", 200, 300));
    await stage.run(400 * MS);
    const times = timesOf(stage, "n1");
    expect(times.filter((at) => at > 200 * MS && at < 300 * MS)).toEqual([]);
    expect(times).toContain(300 * MS);
  });

  test("drops messages to the node that is down, those under way included", async () => {
    const stage = new Stage({
      nodes: ["n1"],
      create: () => ({ onMessage: () => ({ type: "here" }) }),
    });
    stage.fault(crash("n1", 100, 200));
    for (const at of [50, 99.5, 150, 198.5, 250]) stage.ask(at * MS, "n1");
    await stage.run();
    const times = stage.answers.map((line) => Number(line.split(" ")[0]));
    expect(times).toEqual([52 * MS, 252 * MS]);
  });

  test("leaves on its way what the node had sent", async () => {
    const stage = new Stage({
      create: ({ id, send, observe }) => ({
        start: () => {
          if (id === "n1") send("n2", { type: "last words" });
        },
        onMessage: ({ body }) => observe("heard", String(body["type"])),
      }),
    });
    stage.fault(crash("n1", 0.5, 5_000));
    await stage.run(SECOND);
    expect(stage.observed).toEqual([`${MS} n2 heard last words`]);
  });

  test("keeps of the disk what does not depend on the crashes before", async () => {
    const survivors = async (lastMs: number, before: readonly number[]): Promise<number> => {
      const stage = new Stage({ nodes: ["n1"], seed: 3 });
      const { disk } = stage.world.machine("n1");
      for (const atMs of [...before, lastMs]) {
        stage.at(atMs * MS - 1, () => {
          for (let i = 0; i < 20; i++) disk.append(`log ${atMs}`, i);
        });
        stage.fault(crash("n1", atMs, atMs + 10));
      }
      await stage.run();
      return disk.records(`log ${lastMs}`).length;
    };
    const moments = Array.from({ length: 20 }, (_, i) => 500 + i);
    const alone = await Promise.all(moments.map((lastMs) => survivors(lastMs, [])));
    const after = await Promise.all(moments.map((lastMs) => survivors(lastMs, [100, 200])));
    expect(after).toEqual(alone);
    expect(new Set(alone).size).toBeGreaterThan(3);
  });
});

describe("what a dead incarnation still holds", () => {
  test("timers, sleeps and callbacks of the disk never come", async () => {
    const stage = new Stage({
      nodes: ["n1"],
      create: ({ observe, after: later, sleep, disk }) => ({
        start: () => {
          if (disk.read("booted") !== undefined) return;
          disk.write("booted", true);
          disk.fsync(() => observe("first fsync", null));
          later(100, () => observe("timer", null));
          void sleep(100).then(() => observe("sleep", null));
          later(19.999, () => {
            disk.fsync(() => observe("late fsync", null));
            void disk.fsync().then(() => observe("late fsync", null));
          });
        },
      }),
    });
    stage.fault(crash("n1", 20, 21));
    await stage.run();
    expect(facts(stage)).toEqual(["n1 first fsync null"]);
  });

  test("an answer to its request reaches nobody, and neither does the time-out", async () => {
    const stage = new Stage({
      create: ({ id, rpc, observe, disk }) => ({
        start: () => {
          if (id !== "n1" || disk.read("asked") !== undefined) return;
          disk.write("asked", true);
          disk.fsync(() => {
            rpc("n2", { type: "ask" }, { timeoutMs: 50 }).then(
              () => observe("answered", null),
              () => observe("timed out", null),
            );
          });
        },
        onMessage: () => {
          observe("asked", null);
          return { type: "ok" };
        },
      }),
    });
    stage.fault(crash("n1", 3, 3.2));
    stage.link("n2", "n1", { delayUs: 20 * MS });
    await stage.run();
    expect(facts(stage)).toEqual(["n2 asked null"]);
  });

  test("code that runs on in the event of the node's death can do nothing any more", async () => {
    const stage = new Stage({
      create: ({ id, send, rpc, reply, observe, probe, disk, after: later }) => {
        const haunt = async (): Promise<void> => {
          await Promise.resolve();
          send("n2", { type: "ghost" });
          reply({ src: "n2", dest: "n1", body: { msg_id: 1 } }, { type: "ghost" });
          observe("ghost", null);
          probe("ghost");
          disk.write("ghost", 1);
          disk.append("ghost", 1);
          disk.truncate("alive", 0);
          disk.fsync(() => observe("ghost", null));
          later(1, () => observe("ghost", null));
          await rpc("n2", { type: "ghost" }, { timeoutMs: 10 });
        };
        return {
          start: () => {
            if (id !== "n1") return;
            disk.append("alive", 1);
            later(10, () => {
              void haunt();
              throw new Error("dies");
            });
          },
          onMessage: ({ body }) => observe("heard", String(body["type"])),
        };
      },
    });
    stage.at(SECOND, () => stage.world.machine("n1").revive());
    await stage.run(SECOND + 5 * MS);
    const { disk } = stage.world.machine("n1");
    expect(stage.misconduct).toEqual(["n1 threw: Error: dies"]);
    expect(stage.observed).toEqual([]);
    expect(stage.probes).toEqual([]);
    expect(disk.read("ghost")).toBeUndefined();
    expect(disk.records("ghost")).toEqual([]);
    expect(disk.records("alive")).toEqual([1, 1]);
  });

  test("numbers of messages are never used again, so late replies meet nobody", async () => {
    const seen: unknown[] = [];
    const stage = new Stage({
      create: ({ id, rpc }) => ({
        start: () => {
          if (id === "n1") void rpc("n2", { type: "ask" }, { timeoutMs: 9_000 });
        },
        onMessage: ({ body }) => {
          seen.push(body["msg_id"]);
        },
      }),
    });
    for (const at of [100, 200, 300]) stage.fault(crash("n1", at, at + 10));
    await stage.run(SECOND);
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
  });
});

describe("reviving", () => {
  test("boots a node that is down by its own fault, and no other", async () => {
    const stage = new Stage({
      create: ({ id, observe, after: later }) => ({
        start: () => {
          observe("boot", null);
          if (id === "n1") {
            later(10, () => {
              throw new Error("dies");
            });
          }
        },
      }),
    });
    stage.fault(crash("n2", 20, 500));
    stage.at(100 * MS, () => {
      for (const machine of stage.world.machines) machine.revive();
    });
    await stage.run(300 * MS);
    const late = stage.observed.filter((line) => !line.startsWith("0 "));
    expect(late).toEqual([`${100 * MS} n1 boot null`]);
  });
});
