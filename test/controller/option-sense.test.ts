import { describe, expect, it } from "vitest";
import { execute, planRun } from "../../src/controller/index.js";
import type { OptionValue } from "../../src/hosts/ts/node.js";
import { systems } from "../../systems/index.js";

type Options = { readonly [name: string]: OptionValue };

const planned = (system: string, options: Options, nodes: number) =>
  planRun({ system, seed: 1, operations: 1, nemesis: [], options, nodes });

const QUORUM = "option quorum of quorum-lock and lock is 0, or a whole number";
const GUARD = "option guardMs of lease-election is 0, or a whole number";

describe("an option", () => {
  it.each([
    ["dynamo", { n: 6 }, 5, "option n of dynamo is a whole number from 1 to 5 on 5 nodes, not 6"],
    ["dynamo", { w: 4 }, 5, "option w of dynamo is 0, or a whole number from 1 to 3 on 5 nodes"],
    ["quorum", { r: 4 }, 3, "option r of quorum is 0, or a whole number from 1 to 3 on 3 nodes"],
    ["quorum-lock", { quorum: 1 }, 3, `${QUORUM} from 2 to 3 on 3 nodes, not 1`],
    ["quorum-lock", { quorum: 4 }, 3, `${QUORUM} from 2 to 3 on 3 nodes, not 4`],
    ["lease-election", { guardMs: 5 }, 3, `${GUARD} from 21 to 999 on 3 nodes, not 5`],
    ["lease-election", { leaseMs: 100, guardMs: 100 }, 3, `${GUARD} from 3 to 99 on 3 nodes`],
  ])("of %s: %j on %d nodes is refused", (system, options, nodes, message) => {
    expect(() => planned(system, options, nodes)).toThrow(message);
  });

  it("is taken up to both ends of what makes sense", () => {
    for (const n of [1, 5]) expect(planned("dynamo", { n }, 5).options["n"]).toBe(n);
    for (const guardMs of [21, 999]) {
      expect(planned("lease-election", { guardMs }, 3).options["guardMs"]).toBe(guardMs);
    }
  });

  it("may be the default on clusters of any size", () => {
    expect(planned("dynamo", { n: 3 }, 2).options["n"]).toBe(3);
    expect(planned("quorum-lock", { quorum: 0 }, 1).options["quorum"]).toBe(0);
  });

  it("draws a cluster on which it makes sense, where the size is not asked for", () => {
    expect(systems.get("quorum-lock")?.nodeCounts).toContain(3);
    for (let seed = 1; seed <= 10; seed++) {
      const plan = planRun({ system: "quorum-lock", seed, operations: 1, options: { quorum: 4 } });
      expect(plan.nodes.length).toBeGreaterThanOrEqual(4);
    }
  });

  it("is refused in a plan that was edited", async () => {
    const plan = planned("dynamo", {}, 5);
    const edited = { ...plan, options: { ...plan.options, r: 9 } };
    await expect(execute(edited)).rejects.toThrow(/^option r of dynamo is 0, or a whole number/);
  });
});
