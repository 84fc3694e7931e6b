/** The fallacies of distributed computing, each refuted by a nemesis of its own. */

import { describe, expect, it } from "vitest";
import { fallacy } from "../../nemeses/fallacies.js";
import { nemeses } from "../../nemeses/index.js";
import { execute, planRun } from "../../src/controller/index.js";
import { quorum } from "../../systems/quorum.js";

const request = { system: quorum, seed: 1, operations: 60 };
const names = fallacy.map(({ name }) => name);

describe("the fallacies", () => {
  it("are eight", () => {
    expect(names).toEqual(
      [
        "reliable",
        "latency",
        "bandwidth",
        "secure",
        "topology",
        "administrator",
        "transport",
        "homogeneous",
      ].map((name) => `fallacy-${name}`),
    );
  });

  it.each(fallacy.map((nemesis) => [nemesis.name, nemesis] as const))(
    "%s lasts for the whole run, with the faults that it names",
    (name, { kinds }) => {
      const plan = planRun({ ...request, nemesis: [name], beyond: true });
      const own = plan.faults.filter(({ atUs }) => atUs < plan.timeLimitUs);
      expect(own.length).toBeGreaterThan(0);
      for (const { kind } of own) expect(kinds).toContain(kind);
    },
  );

  it("leave two nodes their only route for some of the time", () => {
    for (const seed of [1, 2, 3, 4]) {
      const what = { nodes: 2, nemesis: ["fallacy-topology"], timeLimitMs: 20_000 };
      const { faults, timeLimitUs } = planRun({ ...request, ...what, seed });
      const cuts = faults.filter(({ atUs }) => atUs < timeLimitUs);
      const downUs = cuts.reduce((sum, { atUs, untilUs }) => sum + untilUs - atUs, 0);
      expect(downUs).toBeGreaterThan(0);
      expect(downUs).toBeLessThan(timeLimitUs);
    }
  });

  it("are meant all together by one name: those that the system bears", () => {
    const { swarm, ...all } = planRun({ ...request, nemesis: ["fallacies"], rates: {} });
    expect(swarm).toBeUndefined();
    const borne = names.filter((name) => name !== "fallacy-secure");
    expect(all.faults).toEqual(planRun({ ...request, nemesis: borne }).faults);
    const tampering = { ...quorum, survives: { kinds: ["corrupt"] } } as const;
    const kinds = planRun({ ...request, system: tampering, nemesis: ["fallacies"] }).faults.map(
      ({ kind }) => kind,
    );
    expect(kinds).toContain("corrupt");
    expect(kinds).not.toContain("lie");
  });

  it("make no faults under that name", () => {
    expect(() => planRun({ ...request, nemesis: ["crash"], rates: { fallacies: 50 } })).toThrow(
      "--rate fallacies: it makes no faults of its own",
    );
    expect(nemeses.get("fallacies")?.kinds).toEqual([]);
  });

  it("leave a sound system sound, and able to work", async () => {
    for (const seed of [1, 2]) {
      const { valid, history } = await execute(
        planRun({ system: quorum, seed, nemesis: ["fallacies"] }),
      );
      expect(valid).toBe(true);
      const done = history.operations.filter(({ outcome }) => outcome === "ok");
      expect(done.length).toBeGreaterThan(history.operations.length / 4);
    }
  });
});
