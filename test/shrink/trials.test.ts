/** How candidates are judged where a plan does not decide its run: by two of three runs. */

import { describe, expect, test } from "vitest";
import { execute } from "../../src/controller/index.js";
import type { Plan } from "../../src/plan/plan.js";
import { Trials } from "../../src/shrink/trials.js";
import { failing } from "./failing.js";

const request = { system: "ids", bugs: ["unsynced-block"], nemesis: ["crash"], operations: 60 };

/** Trials in which the failing plan itself fails as often as `story` says, run by run, then always. */
async function told(
  story: readonly boolean[],
): Promise<{ trials: Trials; plan: Plan; asked: () => number }> {
  const { plan, signature } = await failing(request);
  let asked = 0;
  const trials = new Trials({
    signature,
    execute: async (candidate) => {
      const execution = await execute(candidate);
      const fails = story[asked++] ?? true;
      return {
        ...execution,
        exactness: "statistical",
        ...(fails ? {} : { valid: true, results: {} }),
      };
    },
  });
  return { trials, plan, asked: () => asked };
}

describe("where runs of one plan differ", () => {
  test("two runs that agree are believed", async () => {
    const { trials, plan, asked } = await told([true, true]);
    await trials.begin(plan);
    expect({ asked: asked(), flaky: trials.flaky }).toEqual({ asked: 2, flaky: 0 });
  });

  test("the third decides between two that do not, and it is counted", async () => {
    const { trials, plan, asked } = await told([true, false, true]);
    await trials.begin(plan);
    expect({ asked: asked(), flaky: trials.flaky }).toEqual({ asked: 3, flaky: 1 });
    const { trials: others } = await told([true, false, false]);
    await expect(others.begin(plan)).rejects.toThrow("it is valid now");
  });

  test("what was decided once is not asked again", async () => {
    const { trials, plan, asked } = await told([]);
    await trials.begin(plan);
    await trials.outcome({ ...plan, options: { ...plan.options } });
    expect(asked()).toBe(2);
  });

  test("a plan that cannot be run is no smaller failure", async () => {
    const { trials, plan } = await told([]);
    await trials.begin(plan);
    const [operation] = plan.operations;
    const unsound = { ...plan, operations: [{ ...operation, node: "n9" }] } as Plan;
    expect(await trials.accepts(unsound)).toBe(false);
    expect(trials.plan).toBe(plan);
  });
});
