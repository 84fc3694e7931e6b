import { describe, expect, it } from "vitest";
import { checkedSystem } from "../../src/config/check-system.js";
import { consistencies, type OwnSystem } from "../../systems/system.js";

const good: OwnSystem = {
  name: "mine",
  workloads: ["register"],
  service: () => ({ operations: ["read", "write"], consistency: "linearizable" }),
  create: () => ({ onMessage: () => undefined }),
};

describe("a system of one's own", () => {
  it("is completed with what it leaves out", () => {
    const system = checkedSystem({ ...good, bugs: { late: { anomalies: ["stale-read"] } } }, "f");
    expect(system.nodeCounts).toEqual([3]);
    expect(system.bugs["late"]).toMatchObject({ summary: "", anomalies: ["stale-read"] });
  });

  it("may promise everything that there is", () => {
    for (const consistency of consistencies) {
      const service = () => ({ operations: ["read", "write"], consistency });
      expect(checkedSystem({ ...good, service }, "f").name).toBe("mine");
    }
  });

  const serviceOf = (service: object) => ({ service: () => service });
  const refused: readonly (readonly [about: string, change: object, says: RegExp])[] = [
    [
      "a misspelt consistency",
      serviceOf({ operations: ["read"], consistency: "linearisable" }),
      /did you mean linearizable/,
    ],
    [
      "no operations",
      serviceOf({ operations: [], consistency: "linearizable" }),
      /offers no operation/,
    ],
    [
      "operations of no kind",
      serviceOf({ operations: "read", consistency: "linearizable" }),
      /no list of operations/,
    ],
    [
      "a service that throws",
      {
        service: () => {
          throw new Error("svc");
        },
      },
      /"service" throws: Error: svc/,
    ],
    ["an unknown workload", { workloads: ["nosuch"] }, /unknown workload "nosuch"/],
    ["a workload that is no name", { workloads: [7] }, /7 is no name of a workload/],
    ["bugs in a list", { bugs: ["a"] }, /"bugs" is an object/],
    ["a bug that is a text", { bugs: { a: "what" } }, /bugs.a is an object/],
    ["anomalies that are a text", { bugs: { a: { anomalies: "stale" } } }, /bugs.a.anomalies/],
    [
      "an option without default",
      { options: { a: { summary: "x" } } },
      /options.a needs a "default"/,
    ],
    ["probes that are a text", { probes: "x" }, /"probes" is a list/],
    ["a drift that is a text", { driftPpmMax: "much" }, /"driftPpmMax"/],
    ["no nodes", { nodeCounts: [0] }, /"nodeCounts"/],
    ["an unknown invariant", { invariants: ["election-saftey"] }, /did you mean election-safety/],
    ["a promise that is none", { survives: 3 }, /"survives" is an object/],
    ["a count that is a number", { survives: { down: 1 } }, /survives\.down is a function/],
    [
      "an unknown fault survived",
      { survives: { kinds: ["crsh"] } },
      /unknown kind of fault "crsh"/,
    ],
    ["an unknown timing", { survives: { timing: "fast" } }, /unknown timing model "fast"/],
    ["an unknown excess", { beyond: { drfit: [] } }, /unknown excess "drfit": did you mean drift/],
    ["an excess without a list", { beyond: { drift: "all" } }, /beyond\.drift is a list/],
    ["a recovery without a core", { recovery: { withinMs: 5 } }, /"recovery" is/],
  ];
  it.each(refused)("is refused for %s, in one line", (_about, change, says) => {
    expect(() => checkedSystem({ ...good, ...change }, "my.ts: its default export")).toThrow(says);
    expect(() => checkedSystem({ ...good, ...change }, "my.ts: its default export")).toThrow(
      /^my\.ts: its default export: [^\n]* \(see docs\/systems\.md\)$/,
    );
  });
});
