import { describe, expect, test } from "vitest";
import type { FaultDraft } from "../../src/plan/fault.js";
import { MS, SECOND, Stage } from "./stage.js";
import { type Sending, traffic } from "./traffic.js";

const reset = (atMs: number, where: object = {}): FaultDraft => ({
  kind: "reset",
  atUs: atMs * MS,
  untilUs: atMs * MS,
  ...where,
});
const times: Sending[] = [8, 9.5, 10.5].map((atMs) => ({ atMs }));
const arrived = (arrivals: number[][]): boolean[] => arrivals.map(({ length }) => length > 0);

describe("a reset", () => {
  test("takes what is under way at that moment, and nothing else", async () => {
    const { arrivals, stage } = await traffic([reset(10)], times);
    expect(arrived(arrivals)).toEqual([true, false, true]);
    expect(stage.network.counters.lost).toBe(1);
    expect(stage.probes).toEqual(["a reset took what was under way"]);
  });

  test("takes it from the links that it covers alone", async () => {
    const there = await traffic([reset(10, { from: ["n1"], to: ["n2"] })], times);
    expect(arrived(there.arrivals)).toEqual([true, false, true]);
    const elsewhere = await traffic([reset(10, { from: ["n2"] })], times);
    expect(arrived(elsewhere.arrivals)).toEqual([true, true, true]);
    expect(elsewhere.stage.probes).toEqual([]);
  });

  test("takes what a clog or a hold keeps back", async () => {
    const kept = (kind: "clog" | "hold"): FaultDraft =>
      ({ kind, atUs: 9 * MS, untilUs: 50 * MS, ...(kind === "hold" ? { nth: 1 } : {}) }) as never;
    const clogged = await traffic([kept("clog"), reset(10)], times);
    expect(arrived(clogged.arrivals)).toEqual([true, false, true]);
    const held = await traffic([kept("hold"), reset(20)], times);
    expect(arrived(held.arrivals)).toEqual([true, false, true]);
  });

  test("lets nothing wait behind what it took", async () => {
    const slow: FaultDraft = {
      kind: "delay",
      atUs: 9 * MS,
      untilUs: 10 * MS,
      delayUs: 500 * MS,
      jitterUs: 0,
    };
    const { arrivals } = await traffic([slow, reset(10.2)], times);
    expect(arrivals[2]).toEqual([11.5 * MS]);
  });
});

describe("corruption", () => {
  const corrupt = (ppm: number, own: object = {}): FaultDraft => ({
    kind: "corrupt",
    atUs: 0,
    untilUs: SECOND,
    ppm,
    ...own,
  });
  /** What of 200 messages from n1 to n2, and of as many answers to a client, was altered. */
  async function altered(...faults: FaultDraft[]): Promise<{ nodes: number[]; clients: number }> {
    const nodes: number[] = [];
    const stage = new Stage({
      create: ({ id }) => ({
        onMessage: ({ src, body }) => {
          if (src === "c0") return { type: "told", n: 7 };
          const { type, msg_id, a, b } = body;
          expect({ id, type }).toEqual({ id: "n2", type: "m" });
          if (a !== msg_id || JSON.stringify(b) !== '{"c":["x"]}') nodes.push(msg_id as number);
          return undefined;
        },
      }),
    });
    for (const fault of faults) stage.fault(fault);
    for (let i = 1; i <= 200; i++) {
      const body = { type: "m", msg_id: i, a: i, b: { c: ["x"] } };
      stage.at(i * MS, () => stage.network.send("n1", "n2", body));
      stage.ask(i * MS, "n1");
    }
    await stage.run(2 * SECOND);
    expect(stage.answers).toHaveLength(200);
    return { nodes, clients: stage.answers.filter((line) => !line.includes('"n":7,')).length };
  }

  test("alters as many messages as it says, and none of a client", async () => {
    const { nodes, clients } = await altered(corrupt(300_000));
    expect(nodes.length).toBeGreaterThan(30);
    expect(nodes.length).toBeLessThan(95);
    expect(clients).toBe(0);
    expect((await altered(corrupt(1_000_000))).nodes).toHaveLength(200);
    expect((await altered(corrupt(0))).nodes).toEqual([]);
  });

  test("alters those of clients where it says so", async () => {
    expect((await altered(corrupt(1_000_000, { clients: true }))).clients).toBe(200);
  });

  test("alters the same messages whatever else is lost, and as many as the worst of its kind", async () => {
    const { nodes } = await altered(corrupt(300_000));
    const loss: FaultDraft = { kind: "loss", atUs: 0, untilUs: SECOND, ppm: 300_000 };
    const left = (await altered(corrupt(300_000), loss)).nodes;
    expect(left.length).toBeGreaterThan(0);
    expect(nodes).toEqual(expect.arrayContaining(left));
    expect((await altered(corrupt(300_000), corrupt(1_000))).nodes).toEqual(nodes);
  });
});
