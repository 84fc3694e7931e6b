import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { execute, planRun } from "../../src/controller/index.js";
import type { Plan } from "../../src/plan/plan.js";
import { strategies } from "../../strategies/index.js";
import { mutate } from "../../strategies/mutate.js";
import { systems } from "../../systems/index.js";

/** Short runs, so that many fit. */
const SIZE = { operations: 100 };
/** Runs on seeds that no run before had. */
const FRESH = Math.ceil(Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 3000) / 100);

/** Every anomaly with what is needed to see it again. */
async function accusations(plan: Plan): Promise<string[]> {
  const { results, valid } = await execute(plan);
  if (valid === true) return [];
  const { system, seed, workload, strategy = "random", mutations = [] } = plan;
  const about = `${system} ${workload} seed ${seed} ${strategy} [${mutations.join()}]`;
  const messages = Object.values(results).flatMap(({ anomalies }) =>
    anomalies.map((a) => a.message),
  );
  return [`${about}: ${valid} ${messages[0]}`];
}

describe("a correct system", () => {
  const subjects = [...systems.values()].flatMap(({ name, workloads }) =>
    [...strategies.keys()].map((strategy, i) => ({
      system: name,
      workload: workloads[i % workloads.length] as string,
      strategy,
    })),
  );

  test.each([...strategies.keys()])("is not accused under the strategy %s", async (strategy) => {
    const found: string[] = [];
    for (const [i, subject] of subjects.entries()) {
      if (subject.strategy !== strategy) continue;
      found.push(...(await accusations(planRun({ ...SIZE, ...subject, seed: 100 + i }))));
    }
    expect(found).toEqual([]);
  });

  test("is not accused however its plan was drawn and mutated", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...subjects),
        fc.nat(),
        fc.array(fc.nat(0x7fffffff), { maxLength: 12 }),
        async (subject, seed, by) => {
          const plan = by.reduce(mutate, planRun({ ...SIZE, ...subject, seed }));
          expect(await accusations(plan)).toEqual([]);
        },
      ),
      { numRuns: FRESH },
    );
  });
});
