import fc from "fast-check";
import { expect, test } from "vitest";
import { type Execution, execute } from "../../src/controller/index.js";
import type { Fault } from "../../src/plan/fault.js";
import { plans } from "../plan/arbitrary.js";

const NODES = ["n1", "n2", "n3"];
const anyPlan = fc
  .constantFrom({ system: "quorum", workload: "register" }, { system: "raft", workload: "kv" })
  .chain((choice) => plans({ ...choice, nodes: NODES, clients: 3 }));

/** Faults that are there and do nothing. */
const idle: readonly object[] = [
  { kind: "corrupt", ppm: 0 },
  { kind: "reset", from: [] },
  { kind: "lie", ppm: 0, clients: true },
  { kind: "equivocate", ppm: 0, clients: true },
  { kind: "mute", to: [] },
  { kind: "bit-rot", ppm: 0 },
  { kind: "read-error", ppm: 0 },
  { kind: "misdirected-write", nth: 1_000_000 },
  { kind: "slow-disk", addUs: 0 },
  { kind: "clock-slew", byUs: 0, ppm: 1_000 },
];

const anyIdle = fc
  .record({
    own: fc.constantFrom(...idle),
    target: fc.constantFrom(...NODES),
    atUs: fc.nat(2_000_000),
  })
  .map(({ own, target, atUs }) => {
    const onLinks = "from" in own || ("kind" in own && own.kind === "corrupt");
    const times = { id: 99, atUs, untilUs: atUs + 500_000 };
    return { ...times, ...own, ...(onLinks ? {} : { target }) } as Fault;
  });

/** All that clients and nodes did. */
function seen({ history }: Execution): string[] {
  return history.events
    .filter(({ process }) => process !== "nemesis")
    .map(({ index: _, ...event }) => JSON.stringify(event));
}

test("a fault without effect can be taken out of any plan, and everything else is as it was", async () => {
  await fc.assert(
    fc.asyncProperty(anyPlan, anyIdle, async (plan, fault) => {
      const before = await execute({ ...plan, faults: [...plan.faults, fault] });
      expect(seen(await execute(plan))).toEqual(seen(before));
    }),
    { numRuns: 40 },
  );
});

test("a fault that waits for what never comes leaves the very same run", async () => {
  const waiting = { moment: "ack", edge: "after", nth: 1_000_000 } as const;
  await fc.assert(
    fc.asyncProperty(anyPlan, anyIdle, async (plan, fault) => {
      const idling = { ...fault, on: waiting } as Fault;
      const before = await execute({ ...plan, faults: [...plan.faults, idling] });
      expect((await execute(plan)).traceHash).toBe(before.traceHash);
    }),
    { numRuns: 15 },
  );
});
