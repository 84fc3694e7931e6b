import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faultline, scratch } from "./faultline.js";

describe("faultline init", () => {
  it("starts a project whose gate passes at once, and fails when the system breaks its promise", async () => {
    const cwd = scratch();
    expect((await faultline(["init"], { cwd })).code).toBe(0);
    for (const file of [
      "faultline.config.ts",
      "faultline/systems/register.ts",
      "faultline/cases/sample.json",
      ".github/workflows/faultline.yml",
    ]) {
      expect(existsSync(join(cwd, file)), file).toBe(true);
    }
    const reports = "junit=out/junit.xml,sarif=out/faultline.sarif,github,markdown=out/summary.md";
    const gate = ["gate", "--seeds", "1..10", "--time", "60s", "--report", reports];
    const sound = await faultline(gate, { cwd });
    expect(sound.stderr + sound.stdout).toContain("gate passed");
    expect(sound.code).toBe(0);
    expect(readFileSync(join(cwd, "out/summary.md"), "utf8")).toContain("faultline gate: passed");

    const system = join(cwd, "faultline/systems/register.ts");
    const broken = readFileSync(system, "utf8").replaceAll("await this.#context.disk.fsync();", "");
    writeFileSync(system, broken);
    const failed = await faultline([...gate, "--json"], { cwd });
    expect(failed.code).toBe(1);
    const { groups, canary } = JSON.parse(failed.stdout);
    expect(canary).toBe("caught");
    expect(groups[0]).toMatchObject({ system: "my-register", known: false });
    expect(failed.stderr).toMatch(/^::error file=faultline\/cases\//m);
    expect(readFileSync(join(cwd, "out/junit.xml"), "utf8")).toContain("<failure message=");
    const [{ results }] = JSON.parse(readFileSync(join(cwd, "out/faultline.sarif"), "utf8")).runs;
    expect(results[0].level).toBe("error");
  });

  it("touches nothing that is there", async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, "faultline.config.ts"), "export default {};\n");
    const { code, stdout } = await faultline(["init", "--json"], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).kept).toEqual(["faultline.config.ts"]);
    expect((await faultline(["replay", "faultline/cases/sample.json"], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, "faultline.config.ts"), "utf8")).toBe("export default {};\n");
  });
});
