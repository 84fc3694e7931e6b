import { describe, expect, it } from "vitest";
import { execute, planBin } from "../../../src/controller/index.js";
import type { FaultDraft } from "../../../src/plan/fault.js";
import { samples } from "./programs.js";

const onLinux = describe.skipIf(process.platform !== "linux");
const during = { atUs: 200_000, untilUs: 1_200_000 };

onLinux("a program under faults that decide message by message", () => {
  const faults: FaultDraft[] = [
    { kind: "clog", ...during, from: ["n1"], to: ["n2"] },
    { kind: "hold", ...during, nth: 2, clients: true },
    {
      kind: "priorities",
      ...during,
      salt: 1,
      levels: 3,
      stepUs: 5_000,
      changes: [4],
      clients: true,
    },
    {
      kind: "crash",
      atUs: 300_000,
      untilUs: 500_000,
      on: { moment: "ack", edge: "before", nth: 3 },
      target: { role: "moment", else: "n1" },
    },
  ];

  it("suffers them all, the same way each time, and is killed before it is heard", async () => {
    const bin = `node ${samples}/javascript/lin-kv.mjs`;
    const request = { bin, workload: "lin-kv", nemesis: [], operations: 40, seed: 2 };
    const plan = {
      ...planBin({ ...request, timeLimitMs: 2_000 }),
      faults: faults.map((draft, id) => ({ id, ...draft })),
    };
    const [first, second] = [await execute(plan), await execute(plan)];
    expect(second.traceHash).toBe(first.traceHash);
    expect(second.historyHash).toBe(first.historyHash);
    expect(first.exactness).toBe("schedule");
    expect(first.probes).toMatchObject({
      "fault: clog": 1,
      "fault: hold": 1,
      "fault: priorities": 1,
      "fault: crash": 1,
      "a chain of messages fell below all others": 1,
    });
    // To be killed by us is no misconduct.
    const observed = first.history.events.filter(({ f }) => f === "misconduct");
    expect(observed).toEqual([]);
  });
});
