/** docs/workloads.md names every workload, setting, anomaly and bug that there is. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { systems } from "../../systems/index.js";
import { workloads } from "../../workloads/index.js";

const page = readFileSync(new URL("../../docs/workloads.md", import.meta.url), "utf8");
const names = ["bank", "long-fork", "write-skew", "monotonic", "set-full", "log", "queue"];

describe("the page about workloads", () => {
  it.each([...names, "unique-ids"])("tells of %s and its settings", (name) => {
    expect(page).toContain(`\n| \`${name}\` |`);
    for (const option of Object.keys(workloads.get(name)!.options ?? {})) {
      expect(page).toContain(`\`${option}\``);
    }
  });

  it.each(["log", "queue", "ids"])("tells of the system %s and its bugs", (name) => {
    const row = page
      .split("\n")
      .find((line) => line.startsWith(`| \`${name}\` | \`${systems.get(name)!.workloads[0]}\` |`));
    for (const bug of Object.keys(systems.get(name)!.bugs)) expect(row).toContain(`\`${bug}\``);
  });

  it("names the anomalies that the bugs declare", () => {
    for (const name of ["log", "queue", "ids"]) {
      const declared = Object.values(systems.get(name)!.bugs).flatMap(({ anomalies }) => anomalies);
      const others = ["divergence", "no-recovery", "silent-node", "split-brain"];
      for (const type of declared) if (!others.includes(type)) expect(page).toContain(type);
    }
  });
});
