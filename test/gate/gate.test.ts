import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.js";
import type { CampaignOutcome } from "../../src/campaign/campaign.js";
import type { Pool, RunOutcome } from "../../src/campaign/pool.js";
import type { RunSpec } from "../../src/campaign/prepare.js";
import type { RunReport } from "../../src/campaign/run-one.js";
import { gateCode } from "../../src/cli/gate-text.js";
import {
  type Canary,
  type Found,
  type GateOutcome,
  type GateRequest,
  type GateTools,
  type KnownGroup,
  runGate,
  type SavedCase,
  type ShrunkFailure,
} from "../../src/gate/index.js";
import type { Plan } from "../../src/plan/plan.js";

const signature = "linearizable/kv/stale-read";
const canary: Canary = {
  system: "raft",
  bug: "stale-read",
  nemesis: ["partition"],
  seeds: { from: 1, to: 8 },
  anomalies: ["stale-read"],
};

const emptyPlan = {
  seed: 1,
  system: "raft",
  workload: "kv",
  faults: [],
  operations: [],
  nodes: [],
  clients: 1,
} as unknown as Plan;

function savedCase(file: string, about: Partial<SavedCase> = {}): SavedCase {
  return { file, expected: "passes", signature, plan: { ...emptyPlan, seed: 100 }, ...about };
}

function report(valid: boolean | "unknown", anomalies: string[] = []): RunOutcome {
  const signatureNow = valid === false ? signature : null;
  const headline = valid === true ? "" : "what was seen";
  return {
    report: { valid, anomalies, signature: signatureNow, headline, workload: "kv" } as never,
  };
}

/** A world in which every run takes 100 ms, one after the other. */
class Scene {
  nowMs = 0;
  /** What a run of a saved case gives, by the case's plan; passes when left out. */
  cases = new Map<Plan, RunOutcome | UsageError>();
  canarySeed: number | undefined = 3;
  /** Fresh seeds that fail, and what they shrink to. */
  failing = new Map<number, string>();
  harness: CampaignOutcome["harnessFailures"] = [];
  unknown = 0;
  shrinkMs = 1_000;
  saved: string[] = [];
  begun = 0;
  phases: string[] = [];

  readonly pool: Pool = {
    jobs: 1,
    run: async (spec: RunSpec) => {
      this.nowMs += 100;
      if (spec.plan === undefined) {
        return report(false, spec.seed === this.canarySeed ? ["stale-read"] : ["crash"]);
      }
      const outcome = this.cases.get(spec.plan) ?? report(true);
      if (outcome instanceof UsageError) throw outcome;
      return outcome;
    },
    audit: async () => undefined,
    close: async () => undefined,
  };

  tools(): GateTools {
    return {
      clock: { now: () => this.nowMs },
      pool: this.pool,
      campaign: async ({ mayBegin, progress }) => {
        const failures: CampaignOutcome["failures"] = [];
        for (this.begun = 0; mayBegin(); this.begun++) {
          this.nowMs += 100;
          if (this.failing.has(this.begun)) failures.push(failureOf(this.begun));
          progress({ done: this.begun + 1, failures: failures.length });
        }
        return campaignOutcome({
          runs: this.begun,
          failures,
          unknown: this.unknown,
          harnessFailures: this.harness,
        });
      },
      found: (failure): Found => ({ ...failure, kinds: new Set(["crash", "pause"]), failure }),
      shrink: async ({ seed }): Promise<ShrunkFailure> => {
        this.nowMs += this.shrinkMs;
        const group = `${signature}+${this.failing.get(seed)}`;
        return { group, plan: emptyPlan, complete: true, headline: "", text: "{}" };
      },
      save: ({ group }) => {
        this.saved.push(group ?? "not shrunk");
        return `cases/${this.saved.length}.json`;
      },
      phase: (name) => this.phases.push(name),
    };
  }

  run(request: Partial<GateRequest> = {}): Promise<GateOutcome> {
    return runGate({ timeMs: 10_000, cases: [], refused: [], ...request }, this.tools());
  }
}

function failureOf(seed: number): CampaignOutcome["failures"][number] {
  const named = { system: "raft", workload: "kv", signature, anomalies: ["stale-read"] };
  return { ...named, seed, nemesis: ["swarm"], group: null, case: `raw/${seed}.json` };
}

function campaignOutcome(about: Partial<CampaignOutcome>): CampaignOutcome {
  return {
    ...{ runs: 0, valid: 0, invalid: about.failures?.length ?? 0, unknown: 0, broken: 0 },
    ...{ audited: 0, hash: "00", failures: [], harnessFailures: [], undecided: [] },
    ...{ probes: { hit: {}, unhit: [] }, headlines: {}, interrupted: false },
    ...about,
  };
}

const known = (kind: string): KnownGroup => ({
  system: "raft",
  workload: "kv",
  signature,
  group: `${signature}+${kind}`,
  firstSeed: 1,
});

describe("the time of a gate", () => {
  it("goes to saved cases, then to the canary, and all that is left to fresh seeds", async () => {
    const scene = new Scene();
    const outcome = await scene.run({ cases: [savedCase("a.json"), savedCase("b.json")], canary });
    expect(scene.phases).toEqual(["cases", "canary", "seeds"]);
    expect(outcome.canary).toMatchObject({ verdict: "caught", seed: 3, runs: 3 });
    expect(scene.begun).toBe((10_000 - 200 - 300) / 100);
    expect(outcome.wallMs).toBe(10_000);
    expect(gateCode(outcome)).toBe(0);
  });

  it("is partly kept for shrinking as soon as a seed fails", async () => {
    const scene = new Scene();
    scene.failing.set(2, "crash");
    const outcome = await scene.run();
    expect(scene.begun).toBe(60);
    expect(scene.phases.at(-1)).toBe("shrinking");
    expect(outcome.wallMs).toBe(7_000);
  });

  it("is overrun by no more than what has begun", async () => {
    const scene = new Scene();
    for (let seed = 0; seed < 60; seed++) scene.failing.set(seed, seed % 2 ? "crash" : "pause");
    scene.shrinkMs = 3_500;
    const outcome = await scene.run();
    expect(outcome.wallMs).toBeLessThanOrEqual(10_000 + 3_500);
  });

  it("that is over leaves cases that were not run, which are no silence", async () => {
    const cases = ["a", "b", "c"].map((name) => savedCase(`${name}.json`));
    const scene = new Scene();
    const outcome = await scene.run({ timeMs: 150, cases, canary });
    expect(outcome.cases.map(({ got }) => got)).toEqual(["passes", "passes", "not run"]);
    expect(scene.begun).toBe(0);
    expect(outcome.canary?.verdict).toBe("cut short");
    expect(gateCode(outcome)).toBe(3);
    expect(gateCode({ ...outcome, canary: undefined })).toBe(3);
  });

  it("ends at once when somebody stops the gate", async () => {
    const scene = new Scene();
    const outcome = await scene.run({ cases: [savedCase("a.json")], signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ interrupted: true, cases: [{ got: "not run" }] });
    expect(scene.begun).toBe(0);
    expect(gateCode(outcome)).toBe(3);
  });
});

describe("saved cases", () => {
  const oneCase = async (about: Partial<SavedCase>, now: RunOutcome | UsageError) => {
    const scene = new Scene();
    const one = savedCase("a.json", about);
    scene.cases.set(one.plan, now);
    const outcome = await scene.run({ cases: [one], timeMs: 200 });
    return { ...outcome.cases[0], code: gateCode(outcome) };
  };
  const fails = { expected: "fails", issue: "https://example.org/1" } as const;

  it("must pass", async () => {
    expect(await oneCase({}, report(true))).toMatchObject({ got: "passes", code: 0 });
    const failing = { got: "fails", code: 1, reason: "what was seen" };
    expect(await oneCase({}, report(false))).toMatchObject(failing);
  });

  it("that are marked as failing must fail", async () => {
    expect(await oneCase(fails, report(false))).toMatchObject({ got: "fails", code: 0 });
    expect(await oneCase(fails, report(true))).toMatchObject({ got: "passes", code: 1 });
  });

  it("that fail in another way than they were saved for still fail, and it is told", async () => {
    const other = "linearizable/kv/lost-write";
    const result = await oneCase({ ...fails, signature: other }, report(false));
    expect(result).toMatchObject({ code: 0, otherwise: signature });
    expect(await oneCase(fails, report(false))).not.toHaveProperty("otherwise");
  });

  const undecided = (...checkers: string[]): RunOutcome => {
    const unknown = report("unknown") as { report: RunReport };
    return { report: { ...unknown.report, undecided: checkers } };
  };

  it("that nobody can decide have not passed, nor failed", async () => {
    const plan = { ...emptyPlan, operations: [{}] } as unknown as Plan;
    const now = undecided("linearizable");
    expect(await oneCase({ plan }, now)).toMatchObject({ got: "unknown", code: 3 });
    expect(await oneCase({ ...fails, plan }, now)).toMatchObject({ got: "unknown", code: 3 });
  });

  it("in which no client acts pass when the checker that saw the failure is content", async () => {
    const saved = { signature: "election-safety/kv/two-leaders" };
    const content = undecided("linearizable", "convergence");
    expect(await oneCase(saved, content)).toMatchObject({ got: "passes", code: 0 });
    const itself = undecided("election-safety");
    expect(await oneCase(saved, itself)).toMatchObject({ got: "unknown", code: 3 });
  });

  it("that the harness cannot run are its failure; those that make no sense are bad files", async () => {
    expect(await oneCase({}, { broken: "hung" })).toMatchObject({ got: "broken", code: 4 });
    const unknownSystem = new UsageError('unknown system "rafft"');
    expect(await oneCase({}, unknownSystem)).toMatchObject({
      got: "refused",
      reason: 'a.json: unknown system "rafft"',
      code: 2,
    });
  });

  it("are all reported, in order of their paths, beside files that are no cases", async () => {
    const refused = [
      { case: "b.json", expected: null, got: "refused", reason: "b.json: not a case" } as const,
    ];
    const outcome = await new Scene().run({
      cases: [savedCase("a.json"), savedCase("c.json")],
      refused,
    });
    expect(outcome.cases.map((one) => [one.case, one.got])).toEqual([
      ["a.json", "passes"],
      ["b.json", "refused"],
      ["c.json", "passes"],
    ]);
    expect(gateCode(outcome)).toBe(2);
  });
});

describe("the canary", () => {
  it("is missed when none of its seeds shows the anomaly that it stands for", async () => {
    const scene = new Scene();
    scene.canarySeed = undefined;
    const outcome = await scene.run({ canary });
    expect(outcome.canary).toMatchObject({ verdict: "missed", runs: 8 });
    expect(gateCode(outcome)).toBe(4);
  });

  it("may be left out", async () => {
    const outcome = await new Scene().run();
    expect(outcome.canary).toBeUndefined();
    expect(gateCode(outcome)).toBe(0);
  });
});

describe("failures of fresh seeds", () => {
  it("are one case for each new group", async () => {
    const scene = new Scene();
    for (const seed of [1, 2, 3, 4, 5]) scene.failing.set(seed, "crash");
    scene.shrinkMs = 100;
    const outcome = await scene.run();
    expect(outcome.groups.map(({ group, count }) => [group, count])).toEqual([
      [`${signature}+crash`, 5],
    ]);
    expect(scene.saved).toEqual([`${signature}+crash`]);
    expect(outcome.campaign.failures.map(({ group }) => group)).toEqual(
      Array(5).fill(`${signature}+crash`),
    );
    expect(gateCode(outcome)).toBe(1);
  });

  it("of known groups pass, and are not saved", async () => {
    const scene = new Scene();
    scene.failing.set(1, "crash");
    const outcome = await scene.run({ known: [known("crash"), known("loss")] });
    expect(outcome.groups).toMatchObject([{ known: true, case: "raw/1.json" }]);
    expect(outcome.baseline).toEqual({ updated: undefined, notSeen: [known("loss")] });
    expect(scene.saved).toEqual([]);
    expect(gateCode(outcome)).toBe(0);
  });

  it("become known when the baseline is updated, unless nobody knows their group", async () => {
    const scene = new Scene();
    scene.failing.set(1, "crash");
    const outcome = await scene.run({ known: [known("loss")], updateBaseline: true });
    expect(outcome.baseline.updated).toEqual([known("crash")]);
    expect(gateCode(outcome)).toBe(0);
    const late = new Scene();
    late.failing.set(1, "crash");
    const tools = { ...late.tools(), shrink: async () => undefined };
    const request = { timeMs: 1_000, cases: [], refused: [], updateBaseline: true };
    const unsure = await runGate(request, tools);
    expect(unsure.baseline.updated).toEqual([]);
    expect(gateCode(unsure)).toBe(1);
  });

  it("whose group has a saved case that fails need no other", async () => {
    const scene = new Scene();
    scene.failing.set(1, "crash");
    const one = savedCase("a.json", { shrunk: { group: `${signature}+crash`, minimal: true } });
    scene.cases.set(one.plan, report(false));
    const { groups } = await scene.run({ cases: [one] });
    expect(groups).toMatchObject([{ case: "a.json", minimal: true }]);
    expect(scene.saved).toEqual([]);
    // One that passes guards against something else.
    scene.cases.clear();
    scene.nowMs = 0;
    expect((await scene.run({ cases: [one] })).groups[0]?.case).toBe("cases/1.json");
  });

  it("that cannot be saved are reported all the same", async () => {
    const scene = new Scene();
    scene.failing.set(1, "crash");
    const save = (): string => {
      throw new UsageError("cases: cannot write: no space left on the disk");
    };
    const request = { timeMs: 10_000, cases: [], refused: [] };
    const outcome = await runGate(request, { ...scene.tools(), save });
    expect(outcome.problems).toEqual(["cases: cannot write: no space left on the disk"]);
    expect(outcome.groups).toMatchObject([{ case: "raw/1.json", known: false }]);
    expect(gateCode(outcome)).toBe(2);
  });
});

describe("the exit code", () => {
  const all = async (): Promise<GateOutcome> => {
    const scene = new Scene();
    scene.failing.set(1, "crash");
    scene.canarySeed = undefined;
    scene.unknown = 1;
    const refused = [{ case: "b", expected: null, got: "refused", reason: "" } as const];
    return scene.run({ canary, refused });
  };

  it("is the first that applies of 2, 4, 1, 3 and 0", async () => {
    const outcome = await all();
    expect(gateCode(outcome)).toBe(2);
    outcome.cases = [];
    expect(gateCode(outcome)).toBe(4);
    outcome.canary = undefined;
    expect(gateCode(outcome)).toBe(1);
    outcome.groups = [];
    expect(gateCode(outcome)).toBe(3);
    outcome.campaign.unknown = 0;
    expect(gateCode(outcome)).toBe(0);
  });

  it("is 4 for a run that the harness broke", async () => {
    const scene = new Scene();
    scene.harness = [
      { seed: 1, system: "raft", workload: "kv", reason: "its worker ran out of memory" },
    ];
    expect(gateCode(await scene.run())).toBe(4);
  });
});
