/** What every switch says about itself is true of the tool: names that exist, judges that sit. */

import { describe, expect, it } from "vitest";
import { anomalies, kindOf } from "../../checkers/index.js";
import { nemeses } from "../../nemeses/index.js";
import { planRun } from "../../src/controller/index.js";
import { type Bug, type System, systems } from "../../systems/index.js";
import { workloads } from "../../workloads/index.js";

const switches = [...systems.values()].flatMap((system) =>
  Object.entries(system.bugs).map(([name, bug]) => ({ system, name, bug, title: system.name })),
);

/** The checkers that judge a run with the bug, by the names under which its verdict has them. */
function judgesOf(system: System, bug: Bug): string[] {
  const workload = workloads.get(bug.workload ?? (system.workloads[0] as string));
  const defaults = [...Object.entries(system.options), ...Object.entries(workload?.options ?? {})];
  const options = {
    ...Object.fromEntries(defaults.map(([name, spec]) => [name, spec.default])),
    ...bug.options,
  };
  const own = workload?.checkers(system.service(options, system.nodeCounts[0] ?? 3), options) ?? [];
  return [...own.map(({ name }) => name), ...system.invariants, "recovery", "conduct"];
}

describe("the catalogue of bugs", () => {
  it("has at least 75 switches in at least 10 systems", () => {
    expect(switches.length).toBeGreaterThanOrEqual(75);
    expect(new Set(switches.map(({ system }) => system.name)).size).toBeGreaterThanOrEqual(10);
  });

  it("gives a number once in a system", () => {
    for (const { name, bugs } of systems.values()) {
      const ids = Object.values(bugs).flatMap(({ id }) => id ?? []);
      expect(ids, name).toEqual([...new Set(ids)]);
    }
  });
});

describe.each(switches)("$title: $name", ({ system, name, bug }) => {
  it("says what it does wrong, who did so, and what it takes, in one line each", () => {
    for (const text of [bug.summary, bug.source, bug.needs]) expect(text).toMatch(/^\S.{5,}\S$/);
    expect(bug.id ?? "R1").toMatch(/^[A-Z]+\d+[a-z]?$/);
  });

  it("names a checker that judges its runs", () => {
    expect(judgesOf(system, bug)).toContain(bug.checker);
  });

  it("shows as anomalies that the catalogue explains", () => {
    expect(bug.anomalies.length).toBeGreaterThan(0);
    for (const type of bug.anomalies) expect(kindOf(anomalies, type)?.summary, type).toBeTruthy();
  });

  it("can be looked for as it says: its nemesis, workload and options go together", () => {
    const { nemesis = "swarm", workload = system.workloads[0], options = {} } = bug;
    expect(nemeses.has(nemesis)).toBe(true);
    expect(system.workloads).toContain(workload);
    const plan = planRun({
      system,
      seed: 1,
      nemesis: [nemesis],
      bugs: [name],
      options,
      ...(workload === undefined ? {} : { workload }),
    });
    expect(plan.options).toMatchObject(options);
  });
});
