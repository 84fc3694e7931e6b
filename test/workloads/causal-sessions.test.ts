import { describe, expect, it } from "vitest";
import { execute, planRun, type RunRequest } from "../../src/controller/index.js";
import type { PlannedOperation } from "../../src/plan/plan.js";
import { systems } from "../../systems/index.js";
import type { Consistency, Service } from "../../systems/system.js";
import { causalSessions } from "../../workloads/causal-sessions.js";
import { anomaliesOf } from "../systems/slice.js";

const planned = (options: RunRequest["options"] = {}, rest: Partial<RunRequest> = {}) =>
  planRun({
    system: "quorum",
    workload: "causal-sessions",
    nemesis: ["none"],
    seed: 1,
    options,
    ...rest,
  });

const isHome = ({ client, node }: PlannedOperation) => node === `n${(client % 3) + 1}`;

/** What one client does, in its order: "r3 w4 …". */
const program = (operations: readonly PlannedOperation[], client: number) =>
  operations
    .filter((operation) => operation.client === client)
    .map(({ f, key }) => `${f[0]}${String(key).slice(1)}`)
    .join(" ");

const judgedBy = (service: Partial<Service>, options: { [name: string]: number | string }) =>
  causalSessions
    .checkers(
      { operations: ["read", "write"], consistency: "eventual", ...service },
      {
        keys: 6,
        move: 20,
        model: "claimed",
        ...options,
      },
    )
    .map(({ name }) => name);

describe("the sessions", () => {
  it("write every value once", () => {
    const { operations } = planned();
    const written = operations.flatMap(({ f, value }) => (f === "write" ? [value] : []));
    expect(written.length).toBeGreaterThan(50);
    expect(new Set(written).size).toBe(written.length);
    expect(written).not.toContain(null);
  });

  it("stay at home where they do not move, and leave it where they always do", () => {
    expect(planned({ move: 0 }).operations.every(isHome)).toBe(true);
    expect(planned({ move: 100 }).operations.some(isHome)).toBe(false);
    const some = planned({ move: 50 }).operations.filter(isHome).length;
    expect(some).toBeGreaterThan(75);
    expect(some).toBeLessThan(225);
  });

  it("use as many keys as asked for", () => {
    const keys = new Set(planned({ keys: 10 }).operations.map(({ key }) => key));
    expect(keys.size).toBe(10);
    expect(new Set(planned({ keys: 1 }).operations.map(({ key }) => key)).size).toBe(1);
  });

  it("publish groups in order, inspect them in reverse, react, revise and verify", () => {
    const { operations } = planned();
    const all = [0, 1, 2, 3, 4].map((client) => program(operations, client)).join(" | ");
    expect(all).toMatch(/w0 w1 w2|w3 w4 w5/);
    expect(all).toMatch(/r2 r1 r0|r5 r4 r3/);
    expect(all).toMatch(/r0 w1|r1 w2|r3 w4|r4 w5/);
    expect(all).toMatch(/r(\d) w\1/);
    expect(all).toMatch(/w(\d) r\1/);
  });

  it("read mostly what somebody wrote", async () => {
    const { history } = await execute(planned());
    const reads = history.operations.filter(({ f, outcome }) => f === "read" && outcome === "ok");
    const named = reads.filter(({ output }) => output !== null);
    expect(named.length).toBeGreaterThan(0.8 * reads.length);
  });
});

describe("the judge", () => {
  it.each<[Consistency, string[]]>([
    ["linearizable", ["linearizable", "eventual"]],
    ["sequential", ["sequential", "eventual"]],
    ["tso", ["tso", "eventual"]],
    ["causal-convergence", ["causal-convergence", "eventual"]],
    ["eventual", ["causal-if-promised", "eventual"]],
    ["lossy", ["causal-if-promised", "convergence", "eventual-if-promised"]],
  ])("of a service that claims to be %s", (consistency, names) => {
    expect(judgedBy({ consistency }, {})).toEqual(names);
  });

  it("holds a service to what it promises to sessions that stay, only where they stay", () => {
    const service = { sticky: "coherence" } as const;
    expect(judgedBy(service, { move: 0 })).toEqual(["coherence", "eventual"]);
    expect(judgedBy(service, {})).toEqual(["causal-if-promised", "eventual"]);
  });

  it("takes any model of reads and writes, by any of its names", () => {
    expect(judgedBy({}, { model: "causal-memory" })).toEqual(["causal-memory"]);
    expect(judgedBy({}, { model: "CC" })).toEqual(["causal"]);
    expect(judgedBy({}, { model: "eventual" })).toEqual(["eventual"]);
  });

  it("refuses models that are none, or of transactions", () => {
    expect(() => judgedBy({}, { model: "casual" })).toThrow(/no model of reads and writes/);
    expect(() => judgedBy({}, { model: "serializable" })).toThrow(/no model of reads and writes/);
  });
});

describe("correct systems", () => {
  it.each(["quorum", "raft", "primary-backup", "sequential-store", "causal-store"])(
    "are not accused: %s",
    async (name) => {
      const system = systems.get(name)!;
      expect(await anomaliesOf(system, { seeds: 4, workload: "causal-sessions" })).toEqual([]);
    },
  );
});

describe("a store that promises too much", () => {
  it("is found out: quorums that miss each other are not sequential for sessions that move", async () => {
    const quorum = systems.get("quorum")!;
    const options = { r: 1, w: 1, move: 50, model: "causal" };
    const slice = { seeds: 3, workload: "causal-sessions", options };
    const found = await anomaliesOf(quorum, slice);
    expect(found.join()).toMatch(/WriteCO/);
  });
});
