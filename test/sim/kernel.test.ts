import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Streams } from "../../src/random/streams.js";
import { type EventKind, Kernel, type KernelOptions } from "../../src/sim/kernel.js";
import { CHECKPOINT_EVENTS } from "../../src/sim/trace.js";
import { fingerprint, gossipStage } from "./gossip.js";
import { MS, SECOND, Stage } from "./stage.js";

function kernel(options: Partial<KernelOptions> = {}): Kernel {
  return new Kernel({ streams: new Streams(1), ...options });
}

/** Schedules an action as an event of lane 0. */
function plan(on: Kernel, atUs: number, action: () => void = () => undefined, lane = 0) {
  return on.at(atUs, lane, "harness", "test", action);
}

async function hashOf(schedule: (on: Kernel) => void, options: Partial<KernelOptions> = {}) {
  const on = kernel(options);
  schedule(on);
  await on.run(SECOND);
  return on.hash.digest();
}

describe("virtual time", () => {
  test("stands at the time of the event that runs, and ends at the time asked for", async () => {
    const on = kernel();
    const seen: number[] = [];
    for (const at of [500, 20, 100]) plan(on, at, () => seen.push(on.now));
    expect(on.nextTime()).toBe(20);
    await on.run(100);
    expect(seen).toEqual([20, 100]);
    expect(on.now).toBe(100);
    await on.run(1_000);
    expect(seen).toEqual([20, 100, 500]);
    expect(on.now).toBe(1_000);
    expect(on.nextTime()).toBeUndefined();
  });

  test("never goes back: what is planned for the past happens now", async () => {
    const on = kernel();
    const seen: number[] = [];
    plan(on, 50, () => plan(on, 10, () => seen.push(on.now)));
    await on.run(100);
    expect(seen).toEqual([50]);
  });

  test("stops after the event that says so, and can go on from there", async () => {
    const on = kernel();
    const seen: number[] = [];
    for (const at of [1, 2, 3]) {
      plan(on, at, () => {
        seen.push(at);
        if (at === 2) on.stop();
      });
    }
    await on.run(100);
    expect([seen, on.now]).toEqual([[1, 2], 2]);
    await on.run(100);
    expect([seen, on.now]).toEqual([[1, 2, 3], 100]);
  });

  test("may be moved between events, but neither back nor past the next one", () => {
    const on = kernel();
    plan(on, 50);
    on.advanceTo(30);
    expect(on.now).toBe(30);
    expect(() => on.advanceTo(29)).toThrow("cannot advance");
    expect(() => on.advanceTo(51)).toThrow("cannot advance");
    on.advanceTo(50);
    expect(on.now).toBe(50);
  });

  test("passes over cancelled events as if they had never been", async () => {
    const seen: string[] = [];
    const with_ = await hashOf((on) => {
      const event = plan(on, 5, () => seen.push("cancelled"), 7);
      plan(on, 9, () => seen.push("kept"));
      on.cancel(event);
      expect(on.nextTime()).toBe(9);
    });
    expect(seen).toEqual(["kept"]);
    expect(with_).toBe(await hashOf((on) => plan(on, 9)));
  });
});

describe("the loop", () => {
  test("gives Node's own loop a turn, and is back", async () => {
    const on = kernel();
    let done = 0;
    let turn: number | undefined;
    for (let i = 0; i < 20_000; i++) plan(on, i, () => done++);
    const finished = on.run(SECOND);
    setImmediate(() => setImmediate(() => (turn = done)));
    await finished;
    expect(done).toBe(20_000);
    expect(turn).toBeGreaterThan(0);
    expect(turn).toBeLessThan(20_000);
  });

  test("fails with what an event throws, and leaves the fence", async () => {
    const calls: string[] = [];
    const fence = { enter: () => calls.push("enter"), leave: () => calls.push("leave") };
    const on = kernel({ fence });
    plan(on, 1, () => calls.push("event"));
    plan(on, 2, () => {
      throw new Error("broken");
    });
    plan(on, 3, () => calls.push("never"));
    await expect(on.run(10)).rejects.toThrow("broken");
    expect(calls).toEqual(["enter", "event", "leave"]);
  });

  test("fails when the fence cannot be raised, instead of hanging", async () => {
    const enter = (): never => {
      throw new Error("no fence");
    };
    await expect(kernel({ fence: { enter, leave: () => undefined } }).run(1)).rejects.toThrow(
      "no fence",
    );
  });

  test("raises the fence only while events run", async () => {
    let inside = 0;
    const on = kernel({ fence: { enter: () => inside++, leave: () => inside-- } });
    const seen: number[] = [];
    for (let i = 0; i < 10_000; i++) plan(on, i, () => seen.push(inside));
    const finished = on.run(SECOND);
    setImmediate(() => setImmediate(() => seen.push(10 + inside)));
    await finished;
    expect(inside).toBe(0);
    expect(new Set(seen)).toEqual(new Set([1, 10]));
  });

  test("waits for all that holds it before the next event", async () => {
    const on = kernel();
    const order: string[] = [];
    const later = (name: string, turns: number): Promise<void> =>
      new Promise((resolve) => {
        const wait = (left: number): void => {
          if (left > 0) setImmediate(() => wait(left - 1));
          else {
            order.push(name);
            resolve();
          }
        };
        wait(turns);
      });
    plan(on, 1, () => {
      on.hold(later("slow", 9));
      on.hold(later("fast", 3));
    });
    plan(on, 2, () => order.push("next"));
    await on.run(10);
    expect(order).toEqual(["fast", "slow", "next"]);
  });

  test("fails when what it waits for fails", async () => {
    for (const others of [0, 1]) {
      const on = kernel();
      plan(on, 1, () => {
        on.hold(Promise.reject(new Error("gone")));
        for (let i = 0; i < others; i++) on.hold(Promise.resolve());
      });
      await expect(on.run(10)).rejects.toThrow("gone");
    }
  });

  test("asks before time moves, once for each moment that has events", async () => {
    const on = kernel();
    const order: string[] = [];
    for (const at of [0, 10, 10, 20]) plan(on, at, () => order.push(`event ${at}`));
    let waited = false;
    await on.run(100, (to) => {
      order.push(`to ${to}, now ${on.now}`);
      if (to !== 20 || waited) return undefined;
      return new Promise((resolve) =>
        setImmediate(() => {
          waited = true;
          order.push("waited");
          resolve();
        }),
      );
    });
    expect(order).toEqual([
      "event 0",
      "to 10, now 0",
      "event 10",
      "event 10",
      "to 20, now 10",
      "waited",
      "to 20, now 10",
      "event 20",
    ]);
  });
});

describe("promises", () => {
  test("settle inside the event that resolved them, however long the chain", async () => {
    const on = kernel();
    const order: string[] = [];
    let open: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const chain = async (): Promise<void> => {
      await gate;
      for (let i = 0; i < 50; i++) await Promise.resolve(i);
      order.push(`chain at ${on.now}`);
    };
    void chain();
    plan(on, 10, () => {
      order.push("event 10");
      open?.();
    });
    plan(on, 10, () => order.push("second event 10"));
    await on.run(100);
    expect(order).toEqual(["event 10", "chain at 10", "second event 10"]);
  });

  test("and microtasks and next-ticks, nested in each other, all come before the next event", async () => {
    const on = kernel();
    const order: string[] = [];
    plan(on, 1, () => {
      process.nextTick(() => {
        order.push("tick");
        queueMicrotask(() => {
          order.push("microtask of the tick");
          process.nextTick(() => order.push("tick of the microtask"));
        });
      });
      queueMicrotask(() => order.push("microtask"));
    });
    plan(on, 1, () => order.push("event"));
    await on.run(10);
    expect(order).toHaveLength(5);
    expect(order.at(-1)).toBe("event");
  });

  test("that are resolved by an event are seen at its time by those who sleep on them", async () => {
    const stage = new Stage({
      nodes: ["n1"],
      create: ({ sleep, observe }) => ({
        start: async () => {
          for (let i = 0; i < 5; i++) await sleep(10);
          observe("awake", null);
        },
      }),
    });
    await stage.run(SECOND);
    expect(stage.observed).toEqual([`${50 * MS} n1 awake null`]);
  });
});

describe("the trace hash", () => {
  test("is the same for ever: changing this value breaks the replay of every saved case", async () => {
    const { hash, events } = await fingerprint(gossipStage({ seed: 42 }));
    expect({ hash, events }).toMatchInlineSnapshot(`
      {
        "events": 1870,
        "hash": "c2007ee5e6de7dd2",
      }
    `);
  });

  test("and all else that happens is the same for one seed, and another for another", async () => {
    const runs = await Promise.all([1, 1, 2].map((seed) => fingerprint(gossipStage({ seed }))));
    expect(runs[0]?.events).toBeGreaterThan(CHECKPOINT_EVENTS);
    expect(runs[0]?.seen.observed.length).toBeGreaterThan(100);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]?.hash).not.toBe(runs[0]?.hash);
    expect(runs[2]?.checkpoints[0]).not.toBe(runs[0]?.checkpoints[0]);
  });

  test("is the same whether runs take turns in a thread or have it to themselves", async () => {
    const seeds = [1, 2, 3];
    const alone = [];
    for (const seed of seeds) alone.push(await fingerprint(gossipStage({ seed }), 9 * SECOND));
    const together = await Promise.all(
      seeds.map((seed) => fingerprint(gossipStage({ seed }), 9 * SECOND)),
    );
    // More events than one slice of the loop has, so that they did take turns.
    for (const { events } of alone) expect(events).toBeGreaterThan(4_096);
    expect(together).toEqual(alone);
  });

  test("leaves a checkpoint every 1,024 events, which says where two runs part", async () => {
    const checkpointsOf = async (odd: number): Promise<string[]> => {
      const on = kernel();
      for (let i = 0; i < 5_000; i++) {
        plan(on, i, () => {
          if (i === odd) on.absorb(1);
        });
      }
      await on.run(SECOND);
      return on.hash.checkpoints;
    };
    const usual = await checkpointsOf(-1);
    expect(usual).toHaveLength(4);
    expect(new Set(usual).size).toBe(4);
    const odd = await checkpointsOf(2_500);
    expect(odd.map((checkpoint, i) => checkpoint === usual[i])).toEqual([true, true, false, false]);
    expect((await checkpointsOf(1_023))[0]).not.toBe(usual[0]);
    expect((await checkpointsOf(1_024))[0]).toBe(usual[0]);
  });

  test("changes with the time, the order, the kind and the lane of an event, and with content", async () => {
    const hashes = await Promise.all([
      hashOf(() => undefined),
      hashOf((on) => plan(on, 10)),
      hashOf((on) => plan(on, 11)),
      hashOf((on) => plan(on, 10, undefined, 1)),
      hashOf((on) => on.at(10, 0, "client", "test", () => undefined)),
      hashOf((on) => plan(on, 10, () => on.absorb(0))),
      hashOf((on) => plan(on, 10, () => on.absorb(1))),
      hashOf((on) => [plan(on, 10), plan(on, 10)]),
      hashOf((on) => [plan(on, 10, undefined, 1), plan(on, 11, undefined, 2)]),
      hashOf((on) => [plan(on, 10, undefined, 2), plan(on, 11, undefined, 1)]),
    ]);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(await hashOf((on) => plan(on, 10))).toBe(hashes[1]);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}$/);
  });

  test("tells times apart that are equal in their last 32 bits", async () => {
    const at = async (time: number): Promise<string> => {
      const on = kernel();
      plan(on, time);
      await on.run(Number.MAX_SAFE_INTEGER);
      return on.hash.digest();
    };
    const times = [5, 5 + 2 ** 31, 5 + 2 ** 32, 5 + 2 ** 33];
    expect(new Set(await Promise.all(times.map(at))).size).toBe(times.length);
  });

  test("changes with what a message says and with what is written to a disk", async () => {
    const hash = async (sent: number, written: number): Promise<string> => {
      const stage = new Stage({
        create: ({ id, send, disk }) => ({
          start: () => {
            if (id === "n1") send("n2", { type: "m", sent });
            disk.write("file", written);
          },
        }),
      });
      await stage.run(SECOND);
      return stage.kernel.hash.digest();
    };
    const hashes = [await hash(1, 1), await hash(2, 1), await hash(1, 2)];
    expect(new Set(hashes).size).toBe(3);
    expect(await hash(1, 1)).toBe(hashes[0]);
  });
});

describe("lanes that meet at one instant", () => {
  test("come in an order that the seed decides, whoever was planned first", async () => {
    const lanes = [11, 22, 33, 44];
    const order = async (seed: number, planned: readonly number[]): Promise<string> => {
      const on = kernel({ streams: new Streams(seed) });
      const seen: number[] = [];
      for (const lane of planned) plan(on, 5, () => seen.push(lane), lane);
      await on.run(10);
      return seen.join();
    };
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.shuffledSubarray(lanes, { minLength: 4 }),
        async (seed, planned) => {
          expect(await order(seed, planned)).toBe(await order(seed, lanes));
        },
      ),
      { numRuns: 30 },
    );
    const orders = await Promise.all(Array.from({ length: 100 }, (_, seed) => order(seed, lanes)));
    expect(new Set(orders).size).toBeGreaterThan(15);
  });

  test("each keep their own events first in, first out", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(2), { maxLength: 60 }), async (lanes) => {
        const on = kernel();
        const seen: number[][] = [[], [], []];
        lanes.forEach((lane, i) => {
          plan(on, 5, () => seen[lane]?.push(i), lane);
        });
        await on.run(10);
        for (const own of seen) expect(own).toEqual([...own].sort((a, b) => a - b));
        expect(seen.flat()).toHaveLength(lanes.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a run that promises its schedule only", () => {
  const scheduled = (events: [EventKind, string, number][], times: (i: number) => number) =>
    hashOf(
      (on) => {
        events.forEach(([kind, who, word], i) => {
          on.at(times(i), 0, kind, who, () => {
            on.absorb(i + times(i));
            if (kind === "message") on.absorbSchedule(word);
          });
        });
      },
      { hashScope: "schedule" },
    );

  test("counts messages and faults in their order, and no time, timer or payload", async () => {
    const usual = await scheduled(
      [
        ["message", "a", 1],
        ["fault", "crash", 0],
        ["message", "b", 2],
      ],
      (i) => 10 * i,
    );
    const same = await scheduled(
      [
        ["message", "a", 1],
        ["timer", "n1", 0],
        ["fault", "crash", 0],
        ["client", "c", 0],
        ["message", "b", 2],
      ],
      (i) => 7 * i + 3,
    );
    expect(same).toBe(usual);
    const others = await Promise.all([
      scheduled(
        [
          ["message", "b", 2],
          ["fault", "crash", 0],
          ["message", "a", 1],
        ],
        (i) => 10 * i,
      ),
      scheduled(
        [
          ["message", "a", 1],
          ["fault", "pause", 0],
          ["message", "b", 2],
        ],
        (i) => 10 * i,
      ),
      scheduled(
        [
          ["message", "a", 1],
          ["fault", "crash", 0],
        ],
        (i) => 10 * i,
      ),
    ]);
    expect(new Set([usual, ...others]).size).toBe(4);
  });

  test("has no schedule in its hash where it promises every bit", async () => {
    const bit = (word: number): Promise<string> =>
      hashOf((on) => plan(on, 1, () => on.absorbSchedule(word)));
    expect(await bit(1)).toBe(await bit(2));
  });
});
