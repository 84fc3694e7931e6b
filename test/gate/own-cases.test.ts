import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { execute } from "../../src/controller/index.js";
import { readCases } from "../../src/gate/index.js";
import { parseCase } from "../../src/store/case-file.js";
import { readJson } from "../../src/store/files.js";
import { systems } from "../../systems/index.js";

const folder = fileURLToPath(new URL("../../faultline/cases", import.meta.url));
const own = existsSync(folder) ? readCases(folder) : { cases: [], refused: [] };

describe("the saved cases of this repository", () => {
  it("are all cases, some of them marked as failing", () => {
    expect(own.refused).toEqual([]);
    expect(own.cases.some(({ expected }) => expected === "fails")).toBe(true);
    expect(own.cases.some(({ expected }) => expected === "passes")).toBe(true);
  });

  it.each(own.cases)("are as they must be: $expected, $plan.system: $file", async (one) => {
    const { valid } = await execute(one.plan);
    expect(valid).toBe(one.expected === "passes");
    // A guard has no bug switched on; with its own it would fail.
    expect(one.plan.bugs.length > 0).toBe(one.expected === "fails");
  });

  it.each(own.cases.filter(({ expected }) => expected === "passes"))(
    "would fail with the bug that they guard against: $file",
    async ({ file, plan }) => {
      const bug = Object.keys(systems.get(plan.system)?.bugs ?? {}).find(
        (name) => file === join(folder, `${plan.system}-${name}.json`),
      );
      expect(bug).toBeDefined();
      const { valid } = await execute({ ...plan, bugs: [bug as string] });
      expect(valid).toBe(false);
      expect(parseCase(readJson(file), file).shrunk?.group).toMatch(/\+/);
    },
  );
});
