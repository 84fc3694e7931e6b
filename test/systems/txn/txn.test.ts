/** A slice of a campaign: each level keeps its promise and no more; each bug breaks one. */

import { beforeAll, describe, expect, it } from "vitest";
import { transactional } from "../../../checkers/index.js";
import type { History } from "../../../histories/index.js";
import { execute, planRun } from "../../../src/controller/index.js";
import { type IsolationLevel, isolationLevels } from "../../../systems/index.js";
import { txn } from "../../../systems/txn/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

const listsAndRegisters = ["list-append", "rw-register"];

describe("the transactional store", () => {
  it.each(isolationLevels)("keeps what %s promises under a swarm of faults", async (isolation) => {
    for (const workload of txn.workloads) {
      const seeds = listsAndRegisters.includes(workload) ? 3 : 1;
      expect(await anomaliesOf(txn, { seeds, workload, options: { isolation } })).toEqual([]);
    }
  });

  it.each(["alternating-leader-crashes", "restarts", "clock"])(
    "keeps its promises at every level under %s",
    async (nemesis) => {
      for (const isolation of isolationLevels) {
        const slice = { seeds: 1, workload: "list-append", nemesis: [nemesis] };
        expect(await anomaliesOf(txn, { ...slice, options: { isolation } })).toEqual([]);
      }
    },
  );

  it.each(["ssi", "locking"])("keeps transactions serializable by %s", async (serializableBy) => {
    const options = { isolation: "serializable", serializableBy };
    for (const workload of ["list-append", "rw-register", "bank", "phantom"]) {
      expect(await anomaliesOf(txn, { seeds: 1, workload, options })).toEqual([]);
    }
  });

  it.each(Object.entries(txn.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(txn, name);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });

  it.each(isolationLevels)(
    "loses nothing under %s when all nodes crash at once",
    async (isolation) => {
      const options = { isolation };
      const plan = planRun({ system: txn, seed: 1, nemesis: ["none"], options });
      const outage = { kind: "crash", atUs: 4_000_000, untilUs: 6_000_000 } as const;
      const faults = plan.nodes.map((target, id) => ({ id, ...outage, target }));
      const { valid, history } = await execute({ ...plan, faults }, { system: txn });
      expect(valid).toBe(true);
      const kept = elementsRead(history);
      for (const element of elementsAppended(history, 4_000_000_000))
        expect(kept).toContain(element);
    },
  );
});

/** Types of anomalies, by the level of the store and the one that judges its histories. */
const verdicts = new Map<string, ReadonlySet<string>>();

describe("each level shows what its textbook says, judged by a stricter one", () => {
  const seeds = [1, 2, 3];

  beforeAll(async () => {
    for (const isolation of isolationLevels) {
      for (const seed of seeds) {
        const plan = planRun({ system: txn, seed, options: { isolation } });
        const { history } = await execute(plan, { system: txn });
        for (const judge of isolationLevels) {
          const found = transactional(judge)
            .check(history)
            .anomalies.map(({ type }) => type);
          const name = `${isolation} as ${judge}`;
          verdicts.set(name, new Set([...(verdicts.get(name) ?? []), ...found]));
        }
      }
    }
  });

  function shown(isolation: IsolationLevel, judge: IsolationLevel): string[] {
    return [...(verdicts.get(`${isolation} as ${judge}`) ?? [])];
  }

  it("read committed: lost updates and read skew", () => {
    const types = shown("read-committed", "snapshot-isolation");
    expect(types).toContain("lost-update");
    expect(types).toContain("G-single-item");
    expect(shown("read-committed", "read-committed")).toEqual([]);
  });

  it("snapshot isolation: write skew, and nothing else until real time is asked for", () => {
    expect(shown("snapshot-isolation", "serializable")).toEqual(["G2-item"]);
    expect(shown("snapshot-isolation", "snapshot-isolation")).toEqual([]);
    expect(shown("snapshot-isolation", "read-committed")).toEqual([]);
  });

  it("serializable: the past, and nothing that needs no clock to be seen", () => {
    const types = shown("serializable", "strict-serializable");
    expect(types).toContain("G-single-item-realtime");
    expect(types.filter((type) => !/-(process|realtime)$/.test(type))).toEqual([]);
    expect(shown("serializable", "serializable")).toEqual([]);
  });

  it("strict serializable: nothing", () => {
    for (const judge of isolationLevels) expect(shown("strict-serializable", judge)).toEqual([]);
  });
});

type Micro = [string, number, unknown];

/** Elements whose append was acknowledged before a time, in nanoseconds. */
function elementsAppended({ operations }: History, beforeNs: number): string[] {
  return operations
    .filter(({ outcome, completedAt }) => outcome === "ok" && completedAt < beforeNs)
    .flatMap(({ output }) => output as unknown as Micro[])
    .filter(([f]) => f === "append")
    .map(([, key, element]) => `${key}/${element}`);
}

/** Elements of all final reads. */
function elementsRead({ operations }: History): string[] {
  return operations
    .filter(({ outcome, final }) => outcome === "ok" && final)
    .flatMap(({ output }) => output as unknown as Micro[])
    .flatMap(([, key, list]) => ((list ?? []) as unknown[]).map((element) => `${key}/${element}`));
}
