import { describe, expect, it } from "vitest";
import { faultline, type Outcome, scratch } from "./faultline.js";

const cwd = scratch();
const pacelc = (...args: string[]): Promise<Outcome> => faultline(["pacelc", ...args], { cwd });

describe("pacelc", () => {
  it("prints a row for each configuration, and the rules, the same for the same seed", async () => {
    const args = ["lww-register", "chain", "--nodes", "3", "--seed", "7", "--quiet"];
    const { code, stdout, stderr } = await pacelc(...args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^lww-register +3 nodes +PA\/EL +100 % \/ 100 %/m);
    expect(stdout).toMatch(/^chain +3 nodes +PC\/EC +0 % \/ 0 %/m);
    expect(stdout).toContain("PA: both sides answer 95 % of both");
    expect((await pacelc(...args)).stdout).toBe(stdout);
  });

  it("is one document for scripts, with the reasons, for an option that was set", async () => {
    const { code, stdout } = await pacelc("primary-backup", "--set", "reads=backup", "--json");
    expect(code).toBe(0);
    const share = { read: expect.any(Number), write: expect.any(Number) };
    expect(JSON.parse(stdout)).toEqual([
      {
        system: "primary-backup",
        options: { reads: "backup" },
        nodes: 3,
        class: "PC/EL",
        reasons: {
          partition: "the minority has 0 % of its writes answered",
          else: expect.stringMatching(/% of the reads are stale$/),
        },
        partition: {
          availability: { minority: { read: 1, write: 0 }, majority: share },
          consistent: false,
          staleReads: expect.any(Number),
        },
        else: {
          latencyMs: { ...share, oneWayMs: 10 },
          consistent: false,
          staleReads: expect.any(Number),
        },
      },
    ]);
  });

  it.each([
    [["nosuch"], /nosuch/],
    [["raft", "ids"], /^faultline: ids has no reads and writes of registers to measure: one of/],
    [["raft", "--set", "colour=red"], /colour/],
    [["raft", "--nodes", "1"], /nobody to be cut off from/],
  ])("is refused in one line where it makes no sense: %j", async (args, reason) => {
    const { code, stdout, stderr } = await pacelc(...args);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(reason)]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});
