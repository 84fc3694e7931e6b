/** What is asked for and makes no sense is refused, or doubted, before anything runs. */

import { describe, expect, it } from "vitest";
import { bugsSetApart, planRun, type RunRequest } from "../../src/controller/index.js";
import { systems } from "../../systems/index.js";

describe("a request is refused in one line", () => {
  const refused: [what: string, request: Omit<RunRequest, "seed">, why: string][] = [
    [
      "that sets what means nothing with another option",
      { system: "txn", options: { serializableBy: "ssi" } },
      "means something with isolation=serializable only",
    ],
    [
      "for no faults beside some",
      { system: "raft", nemesis: ["none", "partition"] },
      "nemesis none goes with no other: leave out none, or partition",
    ],
    [
      "for an option of another workload",
      { system: "cops", workload: "read-transactions", options: { model: "causal" } },
      "option model is one of the workload causal-sessions, not of read-transactions: add --workload causal-sessions",
    ],
    [
      "for a bug of another system",
      { system: "raft", bugs: ["small-quorum"] },
      'the bug "small-quorum" is one of pbft, not of raft: name pbft alone',
    ],
  ];

  it.each(refused)("%s", (_, request, why) => {
    expect(() => planRun({ ...request, seed: 1 })).toThrow(why);
  });

  it("and not where it makes sense", () => {
    const options = { isolation: "serializable", serializableBy: "ssi" };
    expect(planRun({ system: "txn", seed: 1, options }).options).toMatchObject(options);
    expect(planRun({ system: "raft", seed: 1, nemesis: ["none"] }).nemesis).toEqual(["none"]);
  });
});

describe("a bug that needs another setting than was asked for", () => {
  const txn = systems.get("txn")!;
  const bugs = ["reads-uncommitted"];
  const { isolation } = txn.bugs["reads-uncommitted"]!.options!;

  it("is doubted", () => {
    const plan = planRun({ system: txn, seed: 1, bugs, options: { isolation: "serializable" } });
    expect(bugsSetApart(plan, txn)).toEqual([
      `warning: the bug reads-uncommitted needs isolation=${isolation}, and may not show with isolation=serializable`,
    ]);
  });

  it("and not where it has what it needs", () => {
    expect(bugsSetApart(planRun({ system: txn, seed: 1, bugs }), txn)).toEqual([]);
  });
});
