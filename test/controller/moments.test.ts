import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../histories/index.js";
import { type Execution, execute, planRun } from "../../src/controller/index.js";
import type { Fault, FaultDraft, Moment } from "../../src/plan/fault.js";
import type { Plan } from "../../src/plan/plan.js";
import type { System } from "../../systems/index.js";

const MS = 1_000;
const SECOND = 1_000_000;

/** Nodes that answer at once, and say that they lead each time they are asked, in terms of two. */
const eager: System = {
  name: "eager",
  summary: "answers everything, remembers nothing",
  nodeCounts: [3],
  workloads: ["kv"],
  options: {},
  bugs: {},
  invariants: [],
  service: () => ({ operations: ["read", "write"], consistency: "linearizable" }),
  create: ({ observe, disk }) => ({
    onMessage: ({ body }) => {
      const asked = (disk.read("asked") as number | undefined) ?? 0;
      disk.write("asked", asked + 1);
      observe("leader", { term: Math.floor(asked / 2) });
      if (body["type"] === "read") return { type: "read_ok", value: null };
      return { type: "write_ok" };
    },
  }),
};

/** Two clients, each at its own node, an operation every 100 ms; n3 is asked nothing. */
function planOf(drafts: readonly FaultDraft[], more: Partial<Plan> = {}): Plan {
  const seeded = planRun({ system: eager, seed: 1, nemesis: ["none"], nodes: 3, clients: 2 });
  const { recovery: _, ...plan } = seeded;
  return {
    ...plan,
    timeLimitUs: 2 * SECOND,
    operations: Array.from({ length: 20 }, (_, id) => ({
      id,
      client: id % 2,
      atUs: (1 + id) * 100 * MS,
      node: `n${1 + (id % 2)}`,
      f: "write",
      key: "x",
      value: id,
    })),
    faults: drafts.map((draft, id): Fault => ({ id, ...draft })),
    ...more,
  };
}

const run = (drafts: readonly FaultDraft[], more: Partial<Plan> = {}): Promise<Execution> =>
  execute(planOf(drafts, more), { system: eager });

const ack = (edge: "before" | "after", nth: number): Moment => ({ moment: "ack", edge, nth });
const atMoment = (on: Moment, kind: "crash" | "pause", lastsMs = 500): FaultDraft => ({
  kind,
  atUs: 0,
  untilUs: lastsMs * MS,
  on,
  target: { role: "moment", else: "n3" },
});

/** What the nemesis did, as `crash n1`, and how the clients' operations ended. */
function told({ history }: Execution): { did: string[]; ended: string[] } {
  const { events } = history;
  const node = ({ value }: HistoryEvent): string =>
    value !== null && typeof value === "object" && "node" in value ? ` ${value.node}` : "";
  return {
    did: events.filter(({ process }) => process === "nemesis").map((e) => `${e.f}${node(e)}`),
    ended: events
      .filter(
        ({ process, type, final }) => typeof process === "number" && type !== "invoke" && !final,
      )
      .map(({ value, type }) => `${value} ${type}`),
  };
}

const timeOf = (execution: Execution, f: string): number =>
  (execution.history.events.find((event) => event.process === "nemesis" && event.f === f)?.time ??
    Number.NaN) / 1_000;

describe("a fault that waits for an answer", () => {
  test("comes before the answer leaves: a crash takes the answer with it", async () => {
    const execution = await run([atMoment(ack("before", 3), "crash")]);
    const { did, ended } = told(execution);
    expect(did).toEqual(["crash n1", "crash-end", "heal"]);
    expect(ended).toContain("2 info");
    expect(timeOf(execution, "crash")).toBeGreaterThan(300 * MS);
    expect(timeOf(execution, "crash")).toBeLessThan(310 * MS);
    expect(timeOf(execution, "crash-end") - timeOf(execution, "crash")).toBe(500 * MS);
  });

  test("or comes after it left: a crash does not keep it back", async () => {
    const { did, ended } = told(await run([atMoment(ack("after", 3), "crash", 50)]));
    expect(did).toEqual(["crash n1", "crash-end", "heal"]);
    expect(ended).toEqual(Array.from({ length: 20 }, (_, id) => `${id} ok`));
  });

  test("that is a pause keeps the answer back until it ends", async () => {
    const execution = await run([atMoment(ack("before", 1), "pause", 300)]);
    const first = execution.history.events.find(({ type, value }) => type === "ok" && value === 0);
    expect((first?.time ?? 0) / 1_000).toBeGreaterThan(timeOf(execution, "pause-end"));
    expect(told(execution).ended).toContain("0 ok");
  });

  test("that isolates the node does not touch its clients", async () => {
    const isolation: FaultDraft = {
      kind: "partition",
      shape: "isolated",
      atUs: 0,
      untilUs: SECOND,
      on: ack("before", 2),
      isolate: { role: "moment", else: "n3" },
      direction: "both",
    };
    const { did, ended } = told(await run([isolation]));
    expect(did).toEqual(["partition n2", "partition-end", "heal"]);
    expect(ended).toEqual(Array.from({ length: 20 }, (_, id) => `${id} ok`));
  });

  test("counts from its own time on", async () => {
    const late = { ...atMoment(ack("after", 2), "pause", 50), atUs: 900 * MS, untilUs: 950 * MS };
    const execution = await run([late]);
    expect(timeOf(execution, "pause")).toBeGreaterThan(1_000 * MS);
    expect(timeOf(execution, "pause")).toBeLessThan(1_010 * MS);
  });
});

describe("a fault that waits for a leader", () => {
  test("begins when a node first leads in a term, and not when it says so again", async () => {
    // Each node's terms: 0, 0, 1, 1 … so the moments are operations 0, 1, 4, 5, 8 …
    const execution = await run([atMoment({ moment: "leader", nth: 3 }, "pause", 50)]);
    expect(told(execution).did).toEqual(["pause n1", "pause-end", "heal"]);
    expect(timeOf(execution, "pause")).toBeGreaterThan(500 * MS);
    expect(timeOf(execution, "pause")).toBeLessThan(510 * MS);
  });

  test("kills the node in the midst of what it does, and the node comes back", async () => {
    const { did, ended } = told(await run([atMoment({ moment: "leader", nth: 1 }, "crash", 50)]));
    expect(did).toEqual(["crash n1", "crash-end", "heal"]);
    expect(ended).toContain("0 info");
    expect(ended).toContain("18 ok");
  });
});

describe("a moment that does not come", () => {
  test("changes nothing: the run is that of the plan without the fault", async () => {
    const never = [
      atMoment(ack("before", 1_000_000), "crash"),
      atMoment({ moment: "leader", nth: 1_000_000 }, "pause"),
    ];
    const [waiting, without] = [await run(never), await run([])];
    expect(waiting.traceHash).toBe(without.traceHash);
    expect(waiting.historyHash).toBe(without.historyHash);
  });

  test("in its phase comes no more once all has healed", async () => {
    // The final reads are answered after that.
    const { did } = told(await run([atMoment(ack("before", 21), "crash")]));
    expect(did).toEqual(["heal"]);
  });
});

describe("the second phase", () => {
  const recovery = { core: ["n1", "n2"], withinUs: SECOND };
  const late = (fromMs: number, untilMs: number, node: string): FaultDraft => ({
    kind: "crash",
    atUs: fromMs * MS,
    untilUs: untilMs * MS,
    target: node,
  });

  test("begins healed, has faults of its own, and ends healed", async () => {
    const faults = [late(1_900, 60_000, "n1"), late(2_000, 60_000, "n3"), late(2_500, 2_600, "n1")];
    const execution = await run(faults, { recovery });
    expect(told(execution).did).toEqual([
      ...["crash", "crash-end", "heal"],
      ...["crash", "crash", "crash-end"],
      ...["crash-end", "heal"],
    ]);
    const heals = execution.history.events.filter(({ f }) => f === "heal");
    expect(heals.map(({ time }) => time / 1_000)).toEqual([2 * SECOND, 3 * SECOND]);
  });

  test("has moments of its own, counted from its beginning", async () => {
    const waits = { ...atMoment(ack("before", 1), "pause", 0), atUs: 2 * SECOND };
    const fault = { ...waits, untilUs: 2 * SECOND + 50 * MS };
    const plan = planOf([fault], { recovery });
    const operations = [...plan.operations, { ...plan.operations[1]!, id: 77, atUs: 2_500 * MS }];
    const execution = await execute({ ...plan, operations }, { system: eager });
    expect(told(execution).did).toEqual(["heal", "pause n2", "pause-end", "heal"]);
  });
});

describe("any moment", () => {
  const moments: fc.Arbitrary<Moment> = fc.oneof(
    fc.record({
      moment: fc.constant("ack" as const),
      edge: fc.constantFrom("before" as const, "after" as const),
      nth: fc.integer({ min: 1, max: 25 }),
    }),
    fc.record({ moment: fc.constant("leader" as const), nth: fc.integer({ min: 1, max: 12 }) }),
  );

  test("is the same in each run, and all before it is what it was without the fault", async () => {
    const kinds = fc.constantFrom("crash" as const, "pause" as const);
    await fc.assert(
      fc.asyncProperty(moments, kinds, async (on, kind) => {
        const [one, again, without] = [
          await run([atMoment(on, kind)]),
          await run([atMoment(on, kind)]),
          await run([]),
        ];
        expect(again.traceHash).toBe(one.traceHash);
        const begins = timeOf(one, kind);
        const past = ({ history }: Execution): string[] =>
          history.events
            .filter(({ time, process }) => process !== "nemesis" && !(time / 1_000 >= begins))
            .map((event) => JSON.stringify(event));
        expect(past(one)).toEqual(past(without));
      }),
      { numRuns: 20 },
    );
  });
});
