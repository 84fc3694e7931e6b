import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FaultDraft } from "../../src/plan/fault.js";
import { MS, SECOND, Stage, type StageOptions } from "./stage.js";
import { traffic } from "./traffic.js";

const STEP_MS = 10;
interface Own {
  salt?: number;
  levels?: number;
  stepUs?: number;
  changes?: number[];
  from?: string[];
}
const priorities = (own: Own = {}): FaultDraft => ({
  kind: "priorities",
  atUs: 0,
  untilUs: 60 * SECOND,
  salt: 1,
  levels: 4,
  stepUs: STEP_MS * MS,
  changes: [],
  ...own,
});

/** Levels of messages that n1 sends to n2, each the first of its chain, far from each other. */
async function levels(count: number, own: Own): Promise<number[]> {
  const sendings = Array.from({ length: count }, (_, i) => ({ atMs: 1 + (i * SECOND) / MS }));
  const { arrivals } = await traffic([priorities(own)], sendings);
  return arrivals.map(([when = 0], i) => {
    const sentMs = sendings[i]?.atMs ?? 0;
    return (when / MS - sentMs - 1) / STEP_MS;
  });
}

/**
 * n1 tells n2, n2 tells n3 twice (at once, after an await, or after a while), n3 tells n1: levels as
 * `hop: level` in the order of arrival.
 */
async function relay(how: "plain" | "await" | "later", own: Own = {}, more: StageOptions = {}) {
  const stage: Stage = new Stage({
    ...more,
    create: ({ id, send, sleep, observe }) => ({
      onMessage: async ({ body }) => {
        const hop = String(body["hop"]);
        const sentUs = body["sentUs"] as number;
        observe("level", `${hop} ${(stage.kernel.now - sentUs - MS) / (STEP_MS * MS)}`);
        if (how === "await") await Promise.resolve();
        if (how === "later") await sleep(1);
        const tell = (dest: string, name: string): void =>
          send(dest, { type: "tell", hop: name, sentUs: stage.kernel.now });
        if (id === "n2") {
          tell("n3", `${hop}a`);
          tell("n3", `${hop}b`);
        }
        if (id === "n3") tell("n1", `${hop}>`);
        return undefined;
      },
    }),
  });
  stage.fault(priorities(own));
  const body = { type: "tell", hop: "m", sentUs: 5 * MS };
  stage.at(5 * MS, () => stage.network.send("n1", "n2", body));
  await stage.run(5 * SECOND);
  return new Map(
    stage.observed.map((line) => {
      const [hop = "", level] = line.split(" ").slice(3).join(" ").replaceAll('"', "").split(" ");
      return [hop, Number(level)];
    }),
  );
}

describe("priorities", () => {
  test("make messages late by one of so many levels, drawn by chain from the salt", async () => {
    const some = await levels(60, { salt: 7 });
    expect(new Set(some)).toEqual(new Set([0, 1, 2, 3]));
    expect(await levels(60, { salt: 7 })).toEqual(some);
    expect(await levels(60, { salt: 8 })).not.toEqual(some);
    expect(new Set(await levels(20, { levels: 1 }))).toEqual(new Set([0]));
  });

  test.each(["plain", "await"] as const)(
    "of a chain go on with the first message that its handling sends (%s)",
    async (how) => {
      const seen = { same: 0, other: 0 };
      for (let salt = 0; salt < 30; salt++) {
        const level = await relay(how, { salt, levels: 64 });
        expect(level.size).toBe(5);
        expect(level.get("ma")).toBe(level.get("m"));
        expect(level.get("ma>")).toBe(level.get("m"));
        expect(level.get("mb>")).toBe(level.get("mb"));
        seen[level.get("mb") === level.get("m") ? "same" : "other"]++;
      }
      // The second message began a chain of its own, with a level of its own.
      expect(seen.other).toBeGreaterThan(20);
    },
  );

  test("are new for what is sent from a timer", async () => {
    let changed = 0;
    for (let salt = 0; salt < 20; salt++) {
      const level = await relay("later", { salt, levels: 64 });
      if (level.get("ma") !== level.get("m")) changed++;
    }
    expect(changed).toBeGreaterThan(10);
  });

  test("fall below all others, where the plan has a change, each below the one before", async () => {
    const some = await levels(12, { changes: [3, 9] });
    expect(some[2]).toBe(4);
    expect(some[8]).toBe(5);
    expect(Math.max(...some.filter((_, i) => i !== 2 && i !== 8))).toBeLessThan(4);
  });

  test("of a fallen chain stay low for all that goes on with it", async () => {
    const level = await relay("plain", { changes: [1] });
    expect([level.get("m"), level.get("ma"), level.get("ma>")]).toEqual([4, 4, 4]);
    expect(level.get("mb")).toBeLessThan(4);
  });

  test("let chains overtake each other on one link", async () => {
    const sendings = Array.from({ length: 20 }, (_, i) => ({ atMs: 1 + i }));
    const { order } = await traffic([priorities()], sendings);
    const came = order.get("n1>n2") ?? [];
    expect([...came].sort((a, b) => a - b)).toEqual(sendings.map((_, i) => i));
    expect(came).not.toEqual(sendings.map((_, i) => i));
  });

  test("change nothing without a step, and end with their fault", async () => {
    const sendings = fc.array(
      fc.record({
        atMs: fc.integer({ min: 1, max: 100 }),
        src: fc.constantFrom("n1", "n2"),
        dest: fc.constantFrom("n2", "n3"),
      }),
    );
    await fc.assert(
      fc.asyncProperty(sendings, fc.nat(), fc.nat(), async (list, seed, salt) => {
        const options = { seed, link: { jitterUs: 5 * MS } };
        const idle = { kind: "loss", atUs: 0, untilUs: 60 * SECOND, ppm: 0 } as FaultDraft;
        const none = await traffic([idle], list, options);
        const same = await traffic([priorities({ salt, stepUs: 0, changes: [2] })], list, options);
        expect(same.stage.kernel.hash.digest()).toBe(none.stage.kernel.hash.digest());
        expect(same.arrivals).toEqual(none.arrivals);
      }),
      { numRuns: 30 },
    );
    const short = { ...priorities({ levels: 64 }), untilUs: 10 * MS };
    const { arrivals } = await traffic([short], [{ atMs: 20 }]);
    expect(arrivals).toEqual([[21 * MS]]);
  });
});
