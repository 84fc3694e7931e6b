import { describe, expect, test } from "vitest";
import type { HostFactory } from "../../src/sim/host.js";
import { crash, pause } from "./lives.js";
import { MS, SECOND, Stage } from "./stage.js";

describe("a timer", () => {
  test("never fires early: a part of a microsecond counts as a whole one", async () => {
    const stage = new Stage({
      nodes: ["n1"],
      create: ({ after: later, observe }) => ({
        start: () => {
          for (const delay of [0, 0.0001, 1.0009, -5]) later(delay, () => observe("fired", delay));
        },
      }),
    });
    await stage.run(SECOND);
    expect(stage.observed.sort()).toEqual([
      "0 n1 fired -5",
      "0 n1 fired 0",
      "1 n1 fired 0.0001",
      "1001 n1 fired 1.0009",
    ]);
  });
});

describe("an answer to a client", () => {
  const requests = Array.from({ length: 60 }, (_, i) => (i + 1) * 10 * MS);

  /** Which requests are answered over a lossy way back, when some are not even asked. */
  async function answered(asked: readonly number[]): Promise<number[]> {
    const stage = new Stage({ create: () => ({ onMessage: () => ({ type: "ok" }) }) });
    stage.link("n1", "c0", { lossPpm: 500_000 });
    for (const at of asked) stage.ask(at, "n1");
    await stage.run();
    return stage.answers.map((line) => Number(/"in_reply_to":(\d+)/.exec(line)?.[1]));
  }

  test("meets a fate that depends on its request alone", async () => {
    const all = await answered(requests);
    expect(all.length).toBeGreaterThan(15);
    expect(all.length).toBeLessThan(45);
    for (const gone of [0, 7, 30]) {
      const rest = requests.filter((_, i) => i !== gone);
      expect(await answered(rest)).toEqual(all.filter((at) => at !== requests[gone]));
    }
  });

  test("does not share it with answers among nodes, which are numbered by their link", async () => {
    const replies: number[] = [];
    const stage = new Stage({
      create: ({ id, rpc, after: later }) => ({
        start: () => {
          if (id !== "n1") return;
          for (let i = 0; i < 200; i++) {
            later(10 * i, () =>
              rpc("n2", { type: "ask", i }, { timeoutMs: 50 }).then(
                () => void replies.push(i),
                () => undefined,
              ),
            );
          }
        },
        onMessage: () => ({ type: "ok" }),
      }),
    });
    // Asked twice, answered twice: were both answers named by the request, both would be lost.
    stage.link("n1", "n2", { duplicatePpm: 1_000_000 });
    stage.link("n2", "n1", { lossPpm: 500_000 });
    await stage.run();
    expect(replies.length).toBeGreaterThan(125);
    expect(replies.length).toBeLessThan(175);
  });
});

describe("a host of any kind", () => {
  /** Writes down what it is told; each call takes real time where `slow` says so. */
  function recorder(slow = false) {
    const calls: string[] = [];
    let stage: Stage | undefined;
    const told = (what: string): Promise<void> | undefined => {
      calls.push(`${(stage?.kernel.now ?? 0) / MS} ${what}`);
      if (!slow) return undefined;
      return new Promise((resolve) => {
        setImmediate(() =>
          setImmediate(() => {
            calls.push(`${(stage?.kernel.now ?? 0) / MS} ${what} is done`);
            resolve();
          }),
        );
      });
    };
    const makeHost: HostFactory = () => ({
      boot: () => told("boot"),
      deliver: () => told("message"),
      kill: () => told("kill"),
      pause: (paused) => told(paused ? "pause" : "resume"),
    });
    stage = new Stage({ nodes: ["n1"], makeHost });
    return { stage, calls };
  }

  test("is told of boots, messages, pauses and deaths, and of nothing while it is down", async () => {
    const { stage, calls } = recorder();
    stage.fault(pause("n1", 10, 20));
    stage.fault(crash("n1", 30, 60));
    stage.fault(pause("n1", 40, 50));
    stage.fault(crash("n1", 70, 90));
    stage.fault(pause("n1", 65, 80));
    for (const at of [5, 15, 45, 62]) stage.ask(at * MS - MS, "n1");
    await stage.run(SECOND);
    expect(calls).toEqual([
      "0 boot",
      "5 message",
      "10 pause",
      "20 resume",
      "20 message",
      "30 kill",
      "60 boot",
      "62 message",
      "65 pause",
      "70 kill",
      "90 boot",
    ]);
  });

  test("that takes its time holds the world still, whatever it is told", async () => {
    const { stage, calls } = recorder(true);
    stage.fault(pause("n1", 10, 20));
    stage.fault(crash("n1", 30, 40));
    for (const at of [5, 15]) stage.ask(at * MS - MS, "n1");
    for (let at = 0; at < 50 * MS; at += 100) stage.at(at, () => undefined);
    await stage.run(SECOND);
    const steps = ["0 boot", "5 message", "10 pause", "20 resume", "20 message", "30 kill"];
    expect(calls).toEqual([...steps, "40 boot"].flatMap((step) => [step, `${step} is done`]));
  });

  test("hears of no timer and no fsync of an earlier life of its node", async () => {
    const heard: string[] = [];
    const stage = new Stage({
      nodes: ["n1"],
      makeHost: (machine) => {
        let life = 0;
        return {
          boot: () => {
            const own = ++life;
            machine.timer(100 * MS, () => heard.push(`timer of life ${own}`));
            machine.disk.append("log", own);
            machine.disk.fsync(() => heard.push(`fsync of life ${own}`));
          },
          deliver: () => undefined,
          kill: () => undefined,
        };
      },
    });
    for (const at of [0.05, 10]) stage.fault(crash("n1", at, at + 0.01));
    await stage.run(SECOND);
    expect(heard).toEqual(["fsync of life 2", "fsync of life 3", "timer of life 3"]);
  });

  test("is closed when the run is over", async () => {
    const closed: string[] = [];
    const stage = new Stage({
      makeHost: ({ id }) => ({
        boot: () => undefined,
        deliver: () => undefined,
        kill: () => undefined,
        close: async () => void closed.push(id),
      }),
    });
    await stage.run(SECOND);
    expect(closed).toEqual([]);
    await stage.world.close();
    expect(closed).toEqual(["n1", "n2", "n3"]);
  });
});
