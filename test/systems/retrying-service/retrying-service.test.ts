import { describe, expect, it } from "vitest";
import { execute, planRun } from "../../../src/controller/index.js";
import { retryingService } from "../../../systems/retrying-service/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

const both = [true, false];
const ways = both.flatMap((budget) => both.map((breaker) => ({ budget, breaker })));

describe("a service that retries", () => {
  it.each(ways)("answers again once faults have ended: %o", async (options) => {
    const slice = { seeds: 3, operations: 150, options };
    expect(await anomaliesOf(retryingService, slice)).toEqual([]);
  });

  it("answers nearly all where nothing fails", async () => {
    const request = { system: retryingService, seed: 1, nemesis: ["none"] };
    const { valid, results } = await execute(planRun(request), { system: retryingService });
    expect(valid).toBe(true);
    const { answered, "requests after faults": asked } = results["goodput"]!.notes as {
      [name: string]: number;
    };
    expect(asked).toBeGreaterThan(100);
    expect(answered! / asked!).toBeGreaterThan(0.9);
  });

  it.each(Object.entries(retryingService.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(retryingService, name, 40);
    expect(caught.length).toBeGreaterThan(0);
    expect(caught.some((type) => bug.anomalies.includes(type))).toBe(true);
  });
});
