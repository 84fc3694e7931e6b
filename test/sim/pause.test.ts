import { describe, expect, test } from "vitest";
import { crash, facts, livesOf, pause, ticker, timesOf } from "./lives.js";
import { MS, Stage } from "./stage.js";

describe("a pause", () => {
  test("holds back messages, timers and the disk, and lets them come in order afterwards", async () => {
    const stage = new Stage({
      nodes: ["n1"],
      create: ({ observe, after: later, disk }) => ({
        start: () => {
          for (const delay of [90, 110, 130, 150]) later(delay, () => observe("timer", delay));
          later(99.99, () => disk.fsync(() => observe("fsync", null)));
        },
        onMessage: ({ body }) => observe("message", body["msg_id"] as number),
      }),
    });
    stage.fault(pause("n1", 100, 200));
    for (const at of [119, 139, 219]) stage.ask(at * MS, "n1");
    await stage.run();
    expect(stage.observed).toEqual([
      `${90 * MS} n1 timer 90`,
      ...[
        "fsync null",
        "timer 110",
        `message ${119 * MS}`,
        "timer 130",
        `message ${139 * MS}`,
        "timer 150",
      ].map((line) => `${200 * MS} n1 ${line}`),
      `${220 * MS} n1 message ${219 * MS}`,
    ]);
  });

  test("lets nothing overtake what it held back, at the moment of resuming either", async () => {
    for (let seed = 0; seed < 20; seed++) {
      const heard: unknown[] = [];
      const stage = new Stage({
        nodes: ["n1"],
        seed,
        create: () => ({ onMessage: ({ body }) => void heard.push(body["msg_id"]) }),
      });
      stage.fault(pause("n1", 100, 200));
      const sent = [150, 160, 199, 199.5].map((at) => at * MS);
      for (const at of sent) stage.ask(at, "n1");
      await stage.run();
      expect(heard).toEqual(sent);
    }
  });

  test("nests, and may come again before all is made up for", async () => {
    const stage = new Stage({ nodes: ["n1"], create: ticker() });
    stage.fault(pause("n1", 100, 200));
    stage.fault(pause("n1", 150, 300));
    stage.fault(pause("n1", 300, 400));
    await stage.run(500 * MS);
    const times = timesOf(stage, "n1");
    expect(times.filter((at) => at > 100 * MS && at < 400 * MS && at !== 300 * MS)).toEqual([]);
    expect(times).toContain(500 * MS);
    expect(livesOf(stage, "n1")).toEqual(new Set([1]));
  });

  test("leaves a cancelled timer cancelled", async () => {
    const stage = new Stage({
      nodes: ["n1"],
      create: ({ observe, after: later }) => ({
        start: () => {
          const late = later(150, () => observe("late", null));
          const early = later(50, () => observe("early", null));
          early.cancel();
          later(120, () => {
            observe("cancels", null);
            late.cancel();
          });
        },
      }),
    });
    stage.fault(pause("n1", 100, 200));
    await stage.run();
    expect(stage.observed).toEqual([`${200 * MS} n1 cancels null`]);
  });

  test("ends with the node that crashes in it: nothing of what it held back comes", async () => {
    const stage = new Stage({
      nodes: ["n1"],
      create: ({ observe }) => ({
        start: () => observe("boot", null),
        onMessage: ({ body }) => observe("message", body["msg_id"] as number),
      }),
    });
    stage.fault(pause("n1", 100, 400));
    stage.ask(150 * MS, "n1");
    stage.fault(crash("n1", 200, 300));
    stage.ask(250 * MS, "n1");
    await stage.run();
    expect(stage.observed).toEqual(["0 n1 boot null", `${400 * MS} n1 boot null`]);
  });

  test("keeps a node from booting until it is over", async () => {
    const stage = new Stage({ nodes: ["n1"], create: ticker() });
    stage.fault(crash("n1", 100, 200));
    stage.fault(pause("n1", 150, 300));
    stage.fault(crash("n1", 310, 320));
    await stage.run(400 * MS);
    const times = timesOf(stage, "n1");
    expect(times.find((at) => at > 100 * MS)).toBe(300 * MS);
    expect(livesOf(stage, "n1")).toEqual(new Set([1, 2, 3]));
  });

  test("does not wake a node that went down by its own fault", async () => {
    const stage = new Stage({
      nodes: ["n1"],
      create: ({ observe, after: later }) => ({
        start: () => {
          observe("boot", null);
          later(50, () => {
            throw new Error("dies");
          });
        },
      }),
    });
    stage.fault(pause("n1", 100, 200));
    await stage.run();
    expect(facts(stage)).toEqual(["n1 boot null"]);
  });
});
