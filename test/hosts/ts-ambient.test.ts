import { createHash, getRandomValues, randomBytes, randomInt, randomUUID } from "node:crypto";
import { createSocket } from "node:dgram";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { setInterval as timersInterval } from "node:timers";
import { scheduler, setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/base/errors.js";
import { execute, planRun } from "../../src/controller/index.js";
import type { Message, Node, NodeContext } from "../../src/hosts/ts/node.js";
import type { System } from "../../systems/index.js";
import { SECOND, Stage } from "../sim/stage.js";

/** Held from before any fence was raised: the one way past it that is left. */
const capturedSetTimeout = setTimeout;

/** A register on one node that does something else, too, whenever it is asked. */
function register(act: (context: NodeContext) => void | Promise<void>): System {
  return {
    name: "ambient",
    summary: "a register of the test",
    nodeCounts: [1],
    workloads: ["register"],
    options: {},
    bugs: {},
    invariants: [],
    service: () => ({ operations: ["read", "write"], consistency: "linearizable" }),
    create: (context): Node => {
      const values = new Map<string, unknown>();
      return {
        onMessage: ({ body }) => {
          const key = String(body["key"]);
          if (body["type"] === "write") values.set(key, body["value"]);
          const reply = (): { type: string; value?: number | null } =>
            body["type"] === "write"
              ? { type: "write_ok" }
              : { type: "read_ok", value: (values.get(key) as number) ?? null };
          const acting = act(context);
          return acting instanceof Promise ? acting.then(reply) : reply();
        },
      };
    },
  };
}

/** Runs it; the error that ends the run, or the verdict. */
async function outcome(act: (context: NodeContext) => void | Promise<void>): Promise<unknown> {
  const system = register(act);
  const plan = planRun({
    system,
    seed: 1,
    nemesis: ["none"],
    operations: 4,
    clients: 1,
    timeLimitMs: 100,
  });
  try {
    return (await execute(plan, { system })).valid;
  } catch (error) {
    return error;
  }
}

function refused(error: unknown): string {
  expect(error).toBeInstanceOf(UsageError);
  expect((error as Error).name).toBe("AmbientUse");
  expect((error as Error).message).not.toContain("\n");
  return (error as Error).message;
}

const TIME = "use context.clock.monotonicMs() or context.clock.wallMs()";
const RANDOM = "use context.random";
const TIMER = "use context.after() or context.sleep()";
const NETWORK = "use context.send() or context.rpc()";

/** What is used, as the message names it, and what the message advises. */
const uses: [name: string, use: () => unknown, advice: string][] = [
  ["Date.now()", () => Date.now(), TIME],
  ["new Date()", () => new Date(), TIME],
  ["Date()", () => Date(), TIME],
  ["performance.now()", () => performance.now(), TIME],
  ["process.hrtime()", () => process.hrtime(), TIME],
  ["process.hrtime.bigint()", () => process.hrtime.bigint(), TIME],
  ["process.uptime()", () => process.uptime(), TIME],
  ["Math.random()", () => Math.random(), RANDOM],
  ["crypto.randomUUID()", () => crypto.randomUUID(), RANDOM],
  ["crypto.getRandomValues()", () => crypto.getRandomValues(new Uint8Array(4)), RANDOM],
  ["crypto.getRandomValues()", () => getRandomValues(new Uint8Array(4)), RANDOM],
  ["node:crypto.randomBytes()", () => randomBytes(4), RANDOM],
  ["node:crypto.randomInt()", () => randomInt(4), RANDOM],
  ["node:crypto.randomUUID()", () => randomUUID(), RANDOM],
  ["setTimeout()", () => setTimeout(() => undefined, 1), TIMER],
  ["setInterval()", () => setInterval(() => undefined, 1), TIMER],
  ["setImmediate()", () => setImmediate(() => undefined), TIMER],
  ["node:timers.setInterval()", () => timersInterval(() => undefined, 1), TIMER],
  ["node:timers/promises.setTimeout()", () => wait(1), TIMER],
  ["node:timers/promises.setTimeout()", () => promisify(setTimeout)(1), TIMER],
  ["node:timers/promises.scheduler.wait()", () => scheduler.wait(1), TIMER],
  ["fetch()", () => fetch("http://localhost:1"), NETWORK],
  ["node:net.connect()", () => connect(1), NETWORK],
  ["node:http.request()", () => request("http://localhost:1"), NETWORK],
  ["node:dgram.createSocket()", () => createSocket("udp4"), NETWORK],
];

describe("a simulated node may not use", () => {
  test.each(uses)("%s in a handler", async (name, use, advice) => {
    const message = refused(await outcome(() => void use()));
    expect(message).toContain(`a simulated node used ${name} at `);
    expect(message).toMatch(/ts-ambient\.test\.ts:\d+: /);
    expect(message.endsWith(advice)).toBe(true);
  });

  test.each(uses)("%s after an await", async (name, use, advice) => {
    const message = refused(
      await outcome(async ({ sleep }) => {
        await sleep(1);
        await Promise.resolve();
        use();
      }),
    );
    expect(message).toContain(`a simulated node used ${name}`);
    expect(message.endsWith(advice)).toBe(true);
  });

  test.each(uses)("%s and hush it up", async (name, use) => {
    const message = refused(
      await outcome(() => {
        try {
          use();
        } catch {
          // As a node does that takes every failure for a lost message.
        }
      }),
    );
    expect(message).toContain(`a simulated node used ${name}`);
  });
});

describe("a simulated node that awaits something real", () => {
  /** Goes through real time, on a timer from before the fence. */
  const real = (): Promise<void> => new Promise((go) => capturedSetTimeout(go, 1));

  /** Runs n1's handler until it is through; what the fence caught. */
  async function caught(handle: (context: NodeContext, request: Message) => Promise<unknown>) {
    let through = false;
    const stage = new Stage({
      nodes: ["n1", "n2"],
      create: (context) => ({
        onMessage: (request) => {
          const handling = handle(context, request);
          const done = (): void => void capturedSetTimeout(() => (through = true), 1);
          handling.then(done, done);
          return handling as Promise<undefined>;
        },
      }),
    });
    stage.ask(0, "n1");
    for (let until = SECOND; !through; until += SECOND) await stage.run(until);
    await stage.run(2 * stage.kernel.now);
    const { observed, probes, answers, misconduct, network } = stage;
    const { disk } = stage.world.machine("n1");
    expect({ observed, probes, answers, misconduct }).toEqual({
      observed: [],
      probes: [],
      answers: [],
      misconduct: [],
    });
    expect(network.counters.sent).toBe(1);
    expect([disk.read("late"), disk.records("late")]).toEqual([undefined, []]);
    return stage.fence.firstUse;
  }

  const actions: [name: string, act: (context: NodeContext, request: Message) => unknown][] = [
    ["sends", ({ send }) => send("n2", { type: "late" })],
    ["replies", ({ reply }, request) => reply(request, { type: "late" })],
    ["returns an answer", () => ({ type: "late" })],
    ["asks", ({ rpc }) => void rpc("n2", { type: "late" }, { timeoutMs: 1 })],
    ["sets a timer", (context) => void context.after(1, () => context.observe("late", null))],
    ["sleeps", ({ sleep, observe }) => sleep(1).then(() => observe("late", null))],
    ["observes", ({ observe }) => observe("late", null)],
    ["counts", ({ probe }) => probe("late")],
    ["writes", ({ disk }) => disk.write("late", 1)],
    ["appends", ({ disk }) => disk.append("late", 1)],
    ["truncates", ({ disk }) => disk.truncate("late", 0)],
    ["syncs", ({ disk, observe }) => disk.fsync(() => observe("late", null))],
    [
      "throws",
      () => {
        throw new Error("late");
      },
    ],
  ];

  test.each(actions)("and then %s is caught, and nothing comes of it", async (name, act) => {
    // What never comes must not be waited for.
    const patient = name !== "sleeps";
    const use = await caught(async (context, request) => {
      await real();
      const result = act(context, request);
      return patient ? result : undefined;
    });
    expect(refused(use)).toContain("node n1 went on outside the simulation");
  });

  test("such as a file is caught as well", async () => {
    const use = await caught(async ({ send }) => {
      await readFile("package.json");
      send("n2", { type: "late" });
    });
    expect(refused(use)).toContain("outside the simulation (send)");
  });

  test("while it starts is caught, and hears no message", async () => {
    const heard: unknown[] = [];
    const stage = new Stage({
      nodes: ["n1"],
      create: () => ({ start: real, onMessage: ({ body }) => void heard.push(body) }),
    });
    stage.ask(0, "n1");
    for (let until = SECOND; stage.fence.firstUse === undefined; until += SECOND) {
      await stage.run(until);
    }
    await stage.run(2 * stage.kernel.now);
    expect(refused(stage.fence.firstUse)).toContain("node n1 went on outside the simulation");
    expect(heard).toEqual([]);
  });
});

describe("what needs nothing from outside", () => {
  test("is allowed: dates of given values, hashes, microtasks", async () => {
    const made: unknown[] = [];
    const result = await outcome(() => {
      class Day extends Date {}
      const date = new Date(0);
      made.push(
        date.toISOString(),
        date instanceof Date,
        date.constructor === Date,
        new Day(5).getTime(),
        new Day(5) instanceof Day,
        Date.UTC(2020, 0, 1),
        Date.parse("2020-01-01T00:00:00Z"),
        new Date("2020-01-01T00:00:00Z").getTime(),
        createHash("sha256").update("x").digest("hex").length,
      );
      queueMicrotask(() => undefined);
      process.nextTick(() => undefined);
    });
    expect(result).toBe(true);
    const [epoch, utc] = ["1970-01-01T00:00:00.000Z", 1_577_836_800_000];
    expect(made.slice(0, 9)).toEqual([epoch, true, true, 5, true, utc, utc, utc, 64]);
  });
});

describe("outside of runs", () => {
  test("everything works as before, once a fence has stood", async () => {
    expect(await outcome(() => undefined)).toBe(true);
    const before = Date.now();
    await wait(1);
    await promisify(setTimeout)(1);
    await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(Date.now()).toBeGreaterThan(before);
    expect(new Date().getFullYear()).toBeGreaterThan(2020);
    expect(typeof Date()).toBe("string");
    expect(performance.now()).toBeGreaterThan(0);
    expect(process.hrtime()).toHaveLength(2);
    expect(process.hrtime.bigint()).toBeGreaterThan(0n);
    expect(process.uptime()).toBeGreaterThan(0);
    expect(Math.random()).toBeLessThan(1);
    expect(randomBytes(4)).toHaveLength(4);
    expect(randomInt(4)).toBeLessThan(4);
    for (const uuid of [crypto.randomUUID(), randomUUID()]) expect(uuid).toHaveLength(36);
    expect(crypto.getRandomValues(new Uint8Array(4))).toHaveLength(4);
    await expect(fetch("no address")).rejects.toThrow();
  });

  test("no listener is left behind, and failures of others are not the nodes' own", async () => {
    const listeners = (): number => process.listenerCount("unhandledRejection");
    const before = listeners();
    const during: number[] = [];
    const running = outcome(() => void during.push(listeners()));
    expect(listeners()).toBe(before);
    await running;
    expect(listeners()).toBe(before);
    expect(new Set(during)).toEqual(new Set([before + 1]));
  });

  test("so it does while a run has put itself aside for others", async () => {
    const running = outcome(() => undefined);
    let turns = 0;
    let over = false;
    void running.then(() => (over = true));
    while (!over) {
      expect(Date.now()).toBeGreaterThan(0);
      turns++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(turns).toBeGreaterThan(0);
    expect(await running).toBe(true);
  });

  test("of two runs that take turns, only the guilty one fails", async () => {
    const guilty = (): void => {
      try {
        Math.random();
      } catch {
        // Hushed up.
      }
    };
    const results = await Promise.all([
      outcome(() => undefined),
      outcome(guilty),
      outcome(() => undefined),
    ]);
    expect([results[0], results[2]]).toEqual([true, true]);
    expect(refused(results[1])).toContain("Math.random()");
  });
});
