/** The lattice of models says of anomalies and models what the literature and Elle's table say. */

import { describe, expect, it } from "vitest";
import { anomalyEntries } from "../../../checkers/lattice/anomalies.js";
import {
  forbidden,
  implied,
  modelEntry,
  ruledOut,
  standing,
  strongerThan,
  strongest,
  weakest,
} from "../../../checkers/lattice/lattice.js";
import { modelEntries } from "../../../checkers/lattice/models.js";

const models = modelEntries.map(({ name }) => name);
const anomalies = new Set(anomalyEntries.map(({ name }) => name));

describe("the table", () => {
  it("names nothing twice and nothing that it does not have", () => {
    const names = modelEntries.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    expect(anomalies.size).toBe(anomalyEntries.length);
    for (const { implies, forbids } of modelEntries) {
      for (const other of implies) expect(models).toContain(other);
      for (const anomaly of forbids) expect(anomalies).toContain(anomaly);
    }
    for (const { implies } of anomalyEntries) {
      for (const other of implies) expect(anomalies).toContain(other);
    }
  });

  it("has no two models that imply each other, and no two such anomalies", () => {
    for (const name of models) {
      for (const other of implied(name)) {
        if (other !== name) expect(implied(other)).not.toContain(name);
      }
    }
    for (const name of anomalies) {
      for (const other of anomalies) {
        if (name === other) continue;
        const both = reaches(name, other) && reaches(other, name);
        expect(both, `${name} and ${other}`).toBe(false);
      }
    }
  });

  it("cannot be changed", () => {
    expect(() => (modelEntries as unknown[]).push({})).toThrow(TypeError);
    expect(() => (modelEntries[0]!.forbids as string[]).push("x")).toThrow(TypeError);
    expect(() => (anomalyEntries[0]!.implies as string[]).push("x")).toThrow(TypeError);
  });

  it("forbids in a stronger model whatever is forbidden in a weaker one", () => {
    for (const name of models) {
      for (const weaker of implied(name)) {
        const all = forbidden(name);
        for (const anomaly of forbidden(weaker)) expect(all, `${name}`).toContain(anomaly);
      }
    }
  });
});

/** As Elle's table has it, beside the anomalies that it does not know. */
const OURS = ["garbage-read", "observed-transaction-vanishes", "fractured-read"];
const MORE = ["causal-violation", "long-fork"];
const committed = ["G0", "G1", "G1a", "G1b", "G1c", "cyclic-versions", "dirty-update"].concat(
  "duplicate-elements",
  "future-read",
  "incompatible-order",
);

describe("a model forbids", () => {
  it.each([
    ["read-uncommitted", ["G0", "cyclic-versions", "duplicate-elements"]],
    ["read-committed", committed],
    ["read-atomic", [...committed, "internal"]],
    ["cursor-stability", [...committed, "lost-update", "G-cursor"]],
    [
      "snapshot-isolation",
      [
        ...committed,
        ...["internal", "lost-update", "G-cursor", "G-MSR", "G-SI", "G-SIa", "G-SIb"],
        ...["G-monotonic", "G-nonadjacent", "G-nonadjacent-item", "G-single", "G-single-item"],
      ],
    ],
  ])("%s: its list", (model, list) => {
    const known = [...forbidden(model)].filter((name) => ![...OURS, ...MORE].includes(name));
    expect(known.sort()).toEqual([...list].sort());
  });

  it("anomalies of real time in strict serializability alone", () => {
    const strict = forbidden("strict-serializable");
    expect(strict).toContain("G2-item-realtime");
    expect(forbidden("serializable")).not.toContain("G2-item-realtime");
    expect(forbidden("strong-session-serializable")).not.toContain("G-single-item-realtime");
    expect(forbidden("strong-session-serializable")).toContain("G2-item-process");
  });
});

describe("an anomaly rules out", () => {
  it.each([
    ["G0", ["read-uncommitted"]],
    ["garbage-read", ["read-uncommitted"]],
    ["G1a", ["read-committed"]],
    ["G1b", ["read-committed"]],
    ["G1c", ["read-committed"]],
    ["future-read", ["read-committed"]],
    ["incompatible-order", ["read-committed"]],
    ["dirty-update", ["read-committed"]],
    ["internal", ["read-atomic"]],
    ["observed-transaction-vanishes", ["monotonic-atomic-view"]],
    ["fractured-read", ["read-atomic", "consistent-view", "repeatable-read"]],
    ["causal-violation", ["causal-cerone", "consistent-view", "repeatable-read"]],
    ["lost-update", ["update-atomic", "cursor-stability"]],
    ["G-cursor", ["cursor-stability"]],
    ["G-single-item", ["consistent-view", "repeatable-read"]],
    ["G-single", ["consistent-view"]],
    ["G-nonadjacent-item", ["repeatable-read", "snapshot-isolation"]],
    ["G-nonadjacent", ["snapshot-isolation"]],
    ["long-fork", ["prefix", "repeatable-read"]],
    ["G2-item", ["repeatable-read"]],
    ["G2", ["serializable"]],
    ["write-skew", ["serializable"]],
    ["G0-process", ["strong-session-read-uncommitted"]],
    ["G1c-process", ["strong-session-read-committed"]],
    ["G-single-item-process", ["strong-session-snapshot-isolation"]],
    ["G-nonadjacent-item-process", ["strong-session-snapshot-isolation"]],
    ["G2-item-process", ["strong-session-serializable"]],
    ["G0-realtime", ["strong-read-uncommitted"]],
    ["G1c-realtime", ["strong-read-committed"]],
    ["G-single-item-realtime", ["strong-snapshot-isolation"]],
    ["G-nonadjacent-item-realtime", ["strong-snapshot-isolation"]],
    ["G2-item-realtime", ["strict-serializable"]],
  ])("%s: %j at the least", (anomaly, expected) => {
    expect(weakest(ruledOut([anomaly])).sort()).toEqual([...expected].sort());
  });

  it("nothing when it is not known", () => {
    expect(ruledOut(["stale-read"]).size).toBe(0);
  });
});

describe("what follows from decisions", () => {
  it("spreads down from what holds and up from what does not", () => {
    const known = standing(["snapshot-isolation"], new Map([["serializable", ["G2-item"]]]));
    expect(known.satisfied).toContain("causal-cerone");
    expect(known.violated.get("strict-serializable")).toEqual(["G2-item"]);
    expect(known.undecided).toContain("repeatable-read");
    expect(strongest(known.satisfied)).toEqual(["snapshot-isolation"]);
    const all = [...known.satisfied, ...known.violated.keys(), ...known.undecided];
    expect(all.sort()).toEqual([...models].sort());
  });

  it("refuses decisions that contradict each other", () => {
    const wrong = new Map([["read-committed", ["G1a"]]]);
    expect(() => standing(["serializable"], wrong)).toThrow(/both holds and is violated/);
  });

  it("keeps false friends apart", () => {
    expect(implied("tso")).not.toContain("pram");
    expect(implied("causal")).not.toContain("monotonic-reads");
    expect(implied("parallel-snapshot-isolation")).toContain("consistent-view");
    expect(strongerThan("sequential")).toContain("strict-serializable");
    expect(modelEntry("PL-SS")?.name).toBe("strict-serializable");
    expect(modelEntry("CCv")?.name).toBe("causal-convergence");
  });
});

function reaches(from: string, to: string): boolean {
  const seen = new Set([from]);
  const next = (name: string) => anomalyEntries.find((entry) => entry.name === name)!.implies;
  for (const name of seen) for (const other of next(name)) seen.add(other);
  return seen.has(to);
}
