import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../src/base/json.js";
import { planRun } from "../../src/controller/index.js";
import { PLAN_FORMAT, type Plan } from "../../src/plan/plan.js";
import { parsePlan } from "../../src/plan/schema.js";
import { Streams } from "../../src/random/streams.js";
import { systems } from "../../systems/index.js";
import { maelstromWorkloads, type Workload, workloads } from "../../workloads/index.js";
import { choose } from "../../workloads/mix.js";
import type { Memory, OperationDraft, WorkloadScope } from "../../workloads/workload.js";

const mixed = [...workloads.values(), ...maelstromWorkloads.values()].filter(
  ({ mixable }) => mixable !== undefined,
);
const services = ["read", "write", "cas", "add", "remove", "transfer", "txn", "increment"];
const usual = (workload: Workload): WorkloadScope["options"] =>
  Object.fromEntries(
    Object.entries(workload.options ?? {}).map(([name, spec]) => [name, spec.default]),
  );

function scopeOf(workload: Workload, seed: number): WorkloadScope {
  return {
    random: new Streams(seed).stream("workload"),
    clients: 3,
    operations: 80,
    service: { operations: [...services, ...workload.requires], consistency: "linearizable" },
    options: usual(workload),
  };
}

/** A workload, and weights for all that it chooses among, of which one at least is not 0. */
const anyMix = fc.constantFrom(...mixed).chain((workload) => {
  const functions = Object.keys(workload.mixable!.usual(scopeOf(workload, 1)));
  return fc
    .tuple(...functions.map(() => fc.nat(20)))
    .filter((weights) => weights.some((weight) => weight > 0))
    .map((weights) => ({
      workload,
      mix: Object.fromEntries(functions.map((f, i) => [f, weights[i] as number])),
    }));
});

/** What is written where: every one of these must be different. */
function written(drafts: readonly OperationDraft[]): string[] {
  return drafts.flatMap(({ f, key = "", value }): string[] => {
    // A write of null is a delete.
    if (f === "write") return value === null ? [] : [`${key} ${value}`];
    if (f === "cas") return [`${key} ${(value as Json[])[1]}`];
    if (f === "txn") {
      const micros = (value as Json[][]).filter(([micro]) => micro !== "r");
      return micros.map(([, of, element]) => `${of} ${element}`);
    }
    return [];
  });
}

/**
 * Elements and messages: unique over all keys. Counters and accounts have amounts, not elements; what is
 * sent to be stamped has no content, only an addressee.
 */
function elements({ name }: Workload, drafts: readonly OperationDraft[]): Json[] {
  const adders = ["enqueue", "broadcast", ...(name === "stamps" ? [] : ["send"])];
  return drafts.filter(({ f }) => adders.includes(f)).map(({ value }) => value);
}

describe("under any mix, a workload", () => {
  it("plans as many operations as asked for, the same ones again, each of which can be invoked", () => {
    fc.assert(
      fc.property(anyMix, fc.nat(), ({ workload, mix }, seed) => {
        const drafts = workload.plan({ ...scopeOf(workload, seed), mix });
        expect(drafts.length).toBe(80);
        expect(workload.plan({ ...scopeOf(workload, seed), mix })).toEqual(drafts);
        const memory: Memory = new Map();
        for (const draft of [...drafts, ...workload.finals(drafts, usual(workload))]) {
          expect(typeof workload.invoke(draft, memory).body["type"]).toBe("string");
        }
      }),
    );
  });

  it("makes plans that fit the schema", () => {
    fc.assert(
      fc.property(anyMix, fc.nat(), ({ workload, mix }, seed) => {
        const drafts = workload.plan({ ...scopeOf(workload, seed), mix });
        const plan: Plan = {
          ...planRun({ system: "raft", seed: 1, operations: 1 }),
          format: PLAN_FORMAT,
          workload: workload.name,
          swarm: { rates: { crash: 0, pause: 400 }, mix },
          operations: drafts.map(({ node: _, client = 0, ...draft }, id) => ({
            ...{ id, atUs: id, client, node: "n1" },
            ...draft,
          })),
        };
        expect(parsePlan(JSON.parse(JSON.stringify(plan)) as Json, "a file")).toEqual(plan);
      }),
    );
  });

  it("writes nothing twice, and never leaves out a function to do one of weight 0", () => {
    fc.assert(
      fc.property(anyMix, fc.nat(), ({ workload, mix }, seed) => {
        const drafts = workload.plan({ ...scopeOf(workload, seed), mix });
        // Of a long fork every write is of another key, and the value is always 1.
        for (const list of [written(drafts), elements(workload, drafts)]) {
          expect(new Set(list).size).toBe(list.length);
        }
      }),
    );
  });

  it("does nothing that is switched off, and only that", () => {
    for (const workload of mixed) {
      const all = workload.mixable!.usual(scopeOf(workload, 1));
      // Patterns and parts of transactions are not functions by themselves.
      const plain = Object.keys(all).every((f) =>
        workload.plan(scopeOf(workload, 1)).some((draft) => draft.f === f),
      );
      if (!plain) continue;
      for (const off of Object.keys(all)) {
        const drafts = workload.plan({ ...scopeOf(workload, 2), mix: { ...all, [off]: 0 } });
        const done = new Set(drafts.map(({ f }) => f));
        const expected = Object.keys(all).filter((f) => f !== off);
        const possible = off === "add" ? expected.filter((f) => f !== "remove") : expected;
        for (const f of possible)
          expect({ name: workload.name, off, f: done.has(f) }).toEqual({
            name: workload.name,
            off,
            f: true,
          });
        // A set adds what it is to remove.
        const forced = off === "add" && "remove" in all;
        if (!forced)
          expect({ name: workload.name, off: done.has(off) }).toEqual({
            name: workload.name,
            off: false,
          });
      }
    }
  });

  it("does as usual where the mix is the usual one", () => {
    for (const workload of mixed) {
      const mix = workload.mixable!.usual(scopeOf(workload, 3));
      const drafts = workload.plan({ ...scopeOf(workload, 3), mix });
      expect(drafts).toEqual(workload.plan(scopeOf(workload, 3)));
    }
  });
});

describe("what can be mixed", () => {
  it.each(mixed.map((workload) => [workload.name, workload] as const))(
    "of %s holds what no swarm may leave out, and a setting that there is",
    (_name, workload) => {
      const { needed, setting } = workload.mixable!;
      const weights = workload.mixable!.usual(scopeOf(workload, 1));
      expect(needed.length).toBeGreaterThan(0);
      for (const f of needed) expect(weights[f]).toBeGreaterThan(0);
      if (setting !== undefined) expect(Object.keys(workload.options ?? {})).toContain(setting);
    },
  );

  it("of a system is what its service offers", () => {
    for (const [system, workload, expected] of [
      ["quorum", "kv", ["read", "write"]],
      ["raft", "kv", ["read", "write", "cas"]],
    ] as const) {
      expect(systems.has(system)).toBe(true);
      expect(Object.keys(planRun({ system, workload, seed: 1 }).swarm!.mix)).toEqual(expected);
    }
  });
});

describe("a choice", () => {
  it("is never of weight 0, and of every other some time, in proportion", () => {
    const random = new Streams(1).stream("choice");
    const counts = new Map<string, number>();
    for (let i = 0; i < 4_000; i++) {
      const f = choose(random, { a: 1, b: 0, c: 3 });
      counts.set(f, (counts.get(f) ?? 0) + 1);
    }
    expect(counts.has("b")).toBe(false);
    expect(counts.get("a")).toBeGreaterThan(850);
    expect(counts.get("c")).toBeGreaterThan(2_850);
  });
});
