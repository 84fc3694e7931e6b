/** docs/campaigns.md tells of what every workload chooses among, as it is. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { maelstromWorkloads, workloads } from "../../workloads/index.js";

const page = readFileSync(new URL("../../docs/campaigns.md", import.meta.url), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| `"));
const mixed = [...workloads.values(), ...maelstromWorkloads.values()].filter(
  ({ mixable }) => mixable !== undefined,
);

describe("the page about campaigns", () => {
  it.each(mixed.map((workload) => [workload.name, workload] as const))(
    "tells what %s chooses among, with the usual weights",
    (name, workload) => {
      const row = rows.find((line) => line.split("|")[1]?.includes(`\`${name}\``));
      const options = Object.fromEntries(
        Object.entries(workload.options ?? {}).map(([option, spec]) => [option, spec.default]),
      );
      const service = {
        operations: [...workload.requires, "cas", "remove"],
        consistency: "linearizable" as const,
      };
      const { usual, setting } = workload.mixable!;
      for (const [f, weight] of Object.entries(usual({ service, options }))) {
        expect(row).toContain(`\`${f}\` ${weight}`);
      }
      if (setting !== undefined) expect(row).toContain(`(\`${setting}\`)`);
    },
  );
});
