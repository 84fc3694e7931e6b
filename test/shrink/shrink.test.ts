/** Real failures of reference systems, shrunk; what is claimed of the result is found out again here. */

import { describe, expect, test } from "vitest";
import type { Json } from "../../src/base/json.js";
import { execute } from "../../src/controller/index.js";
import type { Plan } from "../../src/plan/plan.js";
import { parsePlan } from "../../src/plan/schema.js";
import { isSmaller, sizeOf } from "../../src/shrink/size.js";
import { parseCase } from "../../src/store/case-file.js";
import { replay } from "../../src/store/replay.js";
import { formatCase } from "../../src/store/run-dir.js";
import { type Failing, failing, shrunk, signatureNow } from "./failing.js";

const bugs = [
  { system: "quorum", bugs: ["weak-quorum"], operations: 100 },
  { system: "quorum", bugs: ["ack-unsynced"], nemesis: ["crash"], operations: 100 },
  { system: "counter-set", workload: "counter", bugs: ["merge-by-sum"], nemesis: ["none"] },
  { system: "ids", bugs: ["unsynced-block"], nemesis: ["crash"], operations: 100 },
  {
    system: "txn",
    bugs: ["certifies-writes-only"],
    options: { isolation: "serializable" },
    operations: 100,
  },
] as const;

/** Each plan with one fault or one operation less. */
function withoutEach(plan: Plan): Plan[] {
  const { faults, operations } = plan;
  return [
    ...faults.map(({ id }) => ({ ...plan, faults: faults.filter((fault) => fault.id !== id) })),
    ...operations.map(({ id }) => ({
      ...plan,
      operations: operations.filter((operation) => operation.id !== id),
    })),
  ];
}

describe.each(bugs)("a failure of $system with $bugs", (request) => {
  test("shrinks to a few operations, each of them needed, and fails in the same way", async () => {
    const found = await failing(request);
    const { execution, mark, proof, complete } = await shrunk(found);
    const { plan } = execution;
    expect(complete && mark.minimal).toBe(true);
    expect(mark.from).toMatchObject({ operations: found.plan.operations.length });
    expect(plan.operations.length).toBeLessThanOrEqual(10);
    expect(plan.faults.length).toBeLessThanOrEqual(3);
    expect(await signatureNow(plan)).toBe(found.signature);
    const less = await Promise.all(withoutEach(plan).map(signatureNow));
    expect(less).not.toContain(found.signature);
    expect(proof.map(({ signature }) => signature)).toEqual(less);
  });
});

describe("a shrunk case", () => {
  test("replays bit for bit", async () => {
    const { execution, mark } = await shrunk(await failing(bugs[3]));
    const document = JSON.parse(formatCase(execution, { shrunk: mark })) as Json;
    const read = parseCase(document, "min.json");
    expect(read.shrunk).toEqual(mark);
    const again = await replay({ source: "min.json", ...read }, {});
    expect(again.difference).toBeUndefined();
    expect(again.execution.valid).toBe(false);
  });

  test("is the same whenever it is shrunk", async () => {
    const found = await failing(bugs[3]);
    const [first, second] = [await shrunk(found), await shrunk(found)];
    expect(second.execution.plan).toEqual(first.execution.plan);
    expect(second.mark).toEqual(first.mark);
    expect(second.proof).toEqual(first.proof);
  });

  test("is not larger when it is shrunk again", async () => {
    const found = await failing(bugs[3]);
    const { execution } = await shrunk(found);
    const again = await shrunk({ plan: execution.plan, signature: found.signature });
    expect(again.mark.from.operations).toBe(execution.plan.operations.length);
    expect(isSmaller(sizeOf(execution.plan), sizeOf(again.execution.plan))).toBe(false);
  });
});

describe("while it shrinks", () => {
  test("every candidate could be a case, and no part changes its number", async () => {
    const found = await failing(bugs[3]);
    const operations = new Map(found.plan.operations.map(({ id, f }) => [id, f]));
    const faults = new Map(found.plan.faults.map(({ id, kind }) => [id, kind]));
    let seen = 0;
    await shrunk(found, {
      execute: (plan) => {
        seen++;
        parsePlan(plan as unknown as Json, "candidate");
        for (const { id, f } of plan.operations) expect(operations.get(id)).toBe(f);
        for (const { id } of plan.faults) expect(faults.has(id)).toBe(true);
        return execute(plan);
      },
    });
    expect(seen).toBeGreaterThan(10);
  });

  test("it never gives a system less time to settle", async () => {
    const found = await failing(bugs[3]);
    const { plan } = (await shrunk(found)).execution;
    const { settleUs, recoveryUs, operationTimeoutUs } = found.plan;
    expect(plan).toMatchObject({ settleUs, recoveryUs, operationTimeoutUs });
  });
});

describe("shrinking that is stopped", () => {
  let found: Failing;

  test("by its budget gives the best so far, and says that it may not be minimal", async () => {
    found = await failing(bugs[3]);
    const { execution, mark, proof, complete } = await shrunk(found, { runsMax: 12 });
    expect({ complete, minimal: mark.minimal, runs: mark.runs, proof }).toEqual({
      complete: false,
      minimal: false,
      runs: 12,
      proof: [],
    });
    expect(execution.plan.operations.length).toBeLessThan(found.plan.operations.length);
    expect(await signatureNow(execution.plan)).toBe(found.signature);
  });

  test("by a signal gives the best so far, too", async () => {
    const interrupt = new AbortController();
    const { execution, complete } = await shrunk(found, {
      signal: interrupt.signal,
      progress: ({ runs }) => {
        if (runs === 20) interrupt.abort();
      },
    });
    expect(complete).toBe(false);
    expect(await signatureNow(execution.plan)).toBe(found.signature);
  });

  test("before it began has nothing to give", async () => {
    const shrinking = shrunk(found, { signal: AbortSignal.abort() });
    await expect(shrinking).rejects.toThrow("it was stopped before the first run ended");
  });
});

describe("what does not fail", () => {
  test("is refused, and what it gives now is said", async () => {
    const found = await failing(bugs[3]);
    const sound = { ...found, plan: { ...found.plan, bugs: [] } };
    await expect(shrunk(sound)).rejects.toThrow("does not fail as");
    await expect(shrunk(sound)).rejects.toThrow("it is valid now");
    const other = { ...found, signature: "linearizable/kv/other" };
    await expect(shrunk(other)).rejects.toThrow(`it fails as ${found.signature} now`);
  });
});
