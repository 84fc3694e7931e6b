import { describe, expect, it } from "vitest";
import type { CampaignOutcome, Failure } from "../../src/campaign/ledger.js";
import type { GateOutcome } from "../../src/gate/index.js";
import { findingsOfCampaign } from "../../src/report/from-campaign.js";
import { findingsOfGate } from "../../src/report/from-gate.js";

const endedAt = "2026-01-02T03:04:05.678Z";
const stale: Failure = {
  seed: 3,
  system: "raft",
  workload: "kv",
  nemesis: ["partition"],
  signature: "linearizable/kv/stale-read",
  group: null,
  anomalies: ["stale-read"],
  case: "cases/a.json",
};

const outcome: CampaignOutcome = {
  runs: 10,
  valid: 7,
  invalid: 2,
  unknown: 0,
  broken: 1,
  audited: 2,
  hash: "00",
  failures: [stale, { ...stale, seed: 4, case: "cases/b.json" }],
  harnessFailures: [{ seed: 5, system: "raft", workload: "kv", reason: "hung" }],
  undecided: [],
  probes: { hit: {}, unhit: ["fault: pause"] },
  headlines: { "cases/a.json": "process 1 read 1" },
  interrupted: false,
};
const subjects = [
  { system: "raft", workload: "kv" },
  { system: "raft", workload: "register" },
  { system: "quorum", workload: "kv" },
];

describe("a campaign as findings", () => {
  const findings = findingsOfCampaign({ outcome, subjects, wallMs: 1, endedAt });

  it("has a test for each kind of failure, and for each subject that stayed silent", () => {
    const tests = findings.suites.flatMap((suite) => suite.tests);
    expect(tests.map(({ about, name, outcome: end }) => [about, name, end])).toEqual([
      ["raft", "kv: linearizable/kv/stale-read", "failed"],
      ["raft", "kv: seed 5", "error"],
      ["raft", "register", "passed"],
      ["quorum", "kv", "passed"],
    ]);
    expect(tests[0]?.message).toBe("process 1 read 1");
  });

  it("counts failures of one kind as one problem, and tells what never happened", () => {
    expect(findings.problems.map(({ rule, level, file }) => [rule, level, file])).toEqual([
      ["stale-read", "error", "cases/a.json"],
      ["harness-failure", "error", undefined],
    ]);
    expect(findings.verdict).toBe("broken");
    expect(findings.remarks).toContain("never happened: fault: pause");
  });

  it("tells failures whose workload was not asked for by name", () => {
    const one = findingsOfCampaign({
      outcome: { ...outcome, harnessFailures: [] },
      subjects: [{ system: "raft", workload: "" }],
      wallMs: 1,
      endedAt,
    });
    expect(one.suites[0]?.tests.map((test) => test.outcome)).toEqual(["failed"]);
  });
});

describe("a gate as findings", () => {
  const group = { ...stale, group: "linearizable/kv/stale-read+partition" };
  const gate: GateOutcome = {
    cases: [
      { case: "faultline/cases/good.json", expected: "passes", got: "passes", reason: "" },
      { case: "faultline/cases/bad.json", expected: "passes", got: "fails", reason: "read 2" },
      { case: "faultline/cases/open.json", expected: "fails", got: "fails", reason: "read 3" },
      { case: "faultline/cases/done.json", expected: "fails", got: "passes", reason: "" },
      { case: "faultline/cases/torn.json", expected: null, got: "refused", reason: "not JSON" },
    ],
    canary: { system: "raft", bug: "stale-read", verdict: "missed", runs: 60 },
    campaign: { ...outcome, broken: 0, harnessFailures: [], failures: [group] },
    groups: [
      {
        system: "raft",
        workload: "kv",
        signature: group.signature,
        group: group.group,
        known: true,
        count: 2,
        shrunk: 1,
        firstSeed: 3,
        minimal: true,
        headline: "process 1 read 1",
        case: "cases/a.json",
      },
    ],
    baseline: { updated: undefined, notSeen: [] },
    problems: [],
    interrupted: false,
    wallMs: 1,
  };
  const findings = findingsOfGate({ outcome: gate, verdict: "broken", subjects, endedAt });

  it("has every saved case and the canary as a test; known failures fail none", () => {
    const [cases, canary, seeds] = findings.suites;
    expect(cases?.tests.map((test) => test.outcome)).toEqual([
      "passed",
      "failed",
      "passed",
      "failed",
      "error",
    ]);
    expect(canary?.tests.map((test) => test.outcome)).toEqual(["error"]);
    expect(seeds?.tests.map((test) => test.outcome)).toEqual(["passed", "passed", "passed"]);
  });

  it("has what is wrong as problems: known groups as warnings, the rest as errors", () => {
    expect(findings.problems.map(({ rule, level }) => [rule, level])).toEqual([
      ["case-fails", "error"],
      ["case-passes", "error"],
      ["case-refused", "error"],
      ["canary-missed", "error"],
      ["stale-read", "warning"],
    ]);
    expect(findings.problems[1]?.advice).toContain("gate --unmark faultline/cases/done.json");
  });

  it("has a failing test for a group that is not known", () => {
    const fresh = { ...gate, groups: gate.groups.map((one) => ({ ...one, known: false })) };
    const { suites, problems } = findingsOfGate({
      outcome: fresh,
      verdict: "failed",
      subjects,
      endedAt,
    });
    expect(suites[2]?.tests[0]).toMatchObject({
      outcome: "failed",
      name: "kv: linearizable/kv/stale-read+partition",
    });
    expect(problems.at(-1)).toMatchObject({ rule: "stale-read", level: "error" });
  });
});
