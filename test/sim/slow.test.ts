import { describe, expect, test } from "vitest";
import type { FaultDraft } from "../../src/plan/fault.js";
import { crash, pause } from "./lives.js";
import { MS, numbered, SECOND, Stage } from "./stage.js";

const slow = (costMs: number, atMs: number, untilMs: number): FaultDraft => ({
  kind: "slow",
  atUs: atMs * MS,
  untilUs: untilMs * MS,
  target: "n1",
  costUs: costMs * MS,
});

/** When n1 handled what was sent to it every millisecond from 10 ms on, as `12 m3`; timers as `t60`. */
async function handled(faults: readonly FaultDraft[], count = 5): Promise<string[]> {
  const seen: string[] = [];
  const stage: Stage = new Stage({
    nodes: ["n1"],
    create: ({ after: later }) => {
      const at = (what: string): void => {
        seen.push(`${stage.kernel.now / MS} ${what}`);
      };
      return {
        start: () => {
          for (const timer of [13.5, 60]) later(timer, () => at(`t${timer}`));
          later(14, () => at("cancelled")).cancel();
        },
        onMessage: ({ body }) => at(`m${String(body["i"])}`),
      };
    },
  });
  for (const [id, fault] of faults.entries()) stage.fault(numbered(fault, id));
  for (let i = 0; i < count; i++) stage.ask((9 + i) * MS, "n1", { type: "m", i });
  await stage.run(SECOND);
  return seen;
}

describe("a slow node", () => {
  test("takes its time for each message and timer, one after the other, in their order", async () => {
    expect(await handled([slow(5, 0, 500)])).toEqual([
      "15 m0",
      "20 m1",
      "25 m2",
      "30 m3",
      "35 t13.5",
      "40 m4",
      "65 t60",
    ]);
  });

  test("is quick again when that is lifted, with what had piled up first", async () => {
    const lines = await handled([slow(5, 0, 12.5)]);
    expect(lines.slice(0, 3)).toEqual(["12.5 m0", "12.5 m1", "12.5 m2"]);
    expect(lines.at(-1)).toBe("60 t60");
  });

  test("is as slow as the slowest of what makes it so", async () => {
    const two = await handled([slow(1, 0, 500), slow(5, 0, 500)]);
    expect(two).toEqual(await handled([slow(5, 0, 500)]));
    const after = await handled([slow(5, 0, 30), slow(1, 0, 500)]);
    expect(after.at(-1)).toBe("61 t60");
  });

  test("loses what it had yet to do when it crashes", async () => {
    const lines = await handled([slow(5, 0, 500), crash("n1", 22, 23)]);
    expect(lines.slice(0, 3)).toEqual(["15 m0", "20 m1", "41.5 t13.5"]);
  });

  test("does nothing while it is paused", async () => {
    const lines = await handled([slow(5, 0, 500), pause("n1", 22, 100)]);
    expect(lines.slice(0, 2)).toEqual(["15 m0", "20 m1"]);
    expect(lines[2]).toBe("100 m2");
    expect(lines).toHaveLength(7);
  });
});
