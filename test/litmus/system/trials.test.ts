import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openPool } from "../../../src/campaign/pool.js";
import { execute } from "../../../src/controller/index.js";
import { runTrials, Trial, type TrialReport } from "../../../src/litmus/system/index.js";
import { readRecorded } from "../../../src/store/run-dir.js";
import { expectedOf } from "../../../src/store/summary.js";
import { systems } from "../../../systems/index.js";
import { scratch } from "../../cli/faultline.js";
import { effort, shapes } from "../../systems/litmus-runs.js";

const out = scratch();

interface Asked {
  bugs?: string[];
  claim?: string;
  nemesis?: string[];
  seeds?: number;
}

async function trial(
  name: keyof typeof shapes,
  system: string,
  { bugs = [], claim, nemesis = ["none"], seeds = 1 }: Asked = {},
): Promise<TrialReport> {
  const one = new Trial({
    file: `${name}.store`,
    text: shapes[name],
    spec: { system, nemesis, bugs, options: {} },
    service: systems.get(system)!.service({}, 3),
    nodes: 3,
    instances: 60,
    seeds: { from: 1, to: seeds },
    ...(claim === undefined ? {} : { claim }),
  });
  const pool = await openPool({ cwd: process.cwd() }, 1);
  for await (const report of runTrials([one], { pool, out })) return report;
  throw new Error("no report");
}

describe("a litmus test put to a system", () => {
  it("is run in every placement with every seed, and counted", async () => {
    const report = await trial("SB", "tso-store", { seeds: 2 });
    expect(report).toMatchObject({
      file: "SB.store",
      name: "SB",
      system: "tso-store",
      model: "tso",
      placements: 2,
      runs: 4,
      instances: 240,
      complete: 240,
      forbidden: [],
      valid: true,
    });
    expect(report.outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(240);
    const weak = report.outcomes.find(({ condition }) => condition);
    expect(weak).toMatchObject({ sc: false, tso: true, allowed: true });
  });

  it("keeps a case for each run outside the claim, which a replay repeats", async () => {
    const report = await trial("SB+fences", "tso-store", { bugs: ["fence-noop"] });
    expect([report.valid, report.forbidden.length]).toEqual([false, 2]);
    for (const offence of report.forbidden) {
      expect(offence.outcomes).toEqual([{ "0:r0": 0, "1:r0": 0 }]);
      expect(offence.placement).toEqual(
        expect.arrayContaining([expect.stringMatching(/^n[123]$/)]),
      );
      expect(existsSync(offence.case)).toBe(true);
      const { plan, expected } = readRecorded(offence.case);
      expect(expectedOf(await execute(plan))).toEqual(expected);
    }
    const kept = readdirSync(join(out, "cases")).length;
    await trial("SB+fences", "tso-store", { bugs: ["fence-noop"] });
    expect(readdirSync(join(out, "cases")).length).toBe(kept);
  });

  it("holds a system to another claim when told so", async () => {
    const report = await trial("SB", "tso-store", { claim: "sc" });
    expect([report.model, report.valid]).toEqual(["sc", false]);
    expect(report.outcomes.filter(({ allowed }) => !allowed).map(({ sc }) => sc)).toEqual([false]);
  });

  it("says which states were allowed and never came", async () => {
    const report = await trial("IRIW", "quorum");
    expect([report.valid, report.model]).toEqual([true, "sc"]);
    expect(report.outcomes.length + report.neverSeen.length).toBe(15);
  });

  it.each([
    ["SB", "tso-store"],
    ["2+2W", "tso-store"],
    ["cas", "tso-store"],
    ["MP", "sequential-store"],
    ["S", "causal-store"],
    ["WRC", "causal-store"],
    ["2+2W", "primary-backup"],
  ] as const)("raises no alarm over lost messages: %s at %s", async (name, system) => {
    const asked = { nemesis: ["lossy", "crash"], seeds: 2 * effort };
    const report = await trial(name, system, asked);
    expect(report.forbidden).toEqual([]);
    expect(report.broken).toEqual([]);
  });
});
