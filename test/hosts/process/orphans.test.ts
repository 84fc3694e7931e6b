import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { main, scratch } from "../../cli/faultline.js";
import { fixtures, processesWith, run } from "./programs.js";

/** A word on the command line by which its processes, and theirs, are found. */
function marked(): { bin: string; mark: string } {
  const mark = `mark-${process.pid}-${Math.random().toString(36).slice(2)}`;
  return { bin: `node ${fixtures}/misbehaving.mjs with-child ${mark}`, mark };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("no program outlives its run", () => {
  it("when the run ends as it should", async () => {
    const { bin, mark } = marked();
    await run({ bin, workload: "echo", nemesis: [], operations: 10, timeLimitMs: 500 });
    await until(() => processesWith(mark).length === 0);
    expect(processesWith(mark)).toEqual([]);
  });

  it.each(["SIGINT", "SIGKILL"] as const)(
    "when the harness itself is ended by %s",
    async (signal) => {
      const { bin, mark } = marked();
      const asked = ["run", "--workload", "echo", "--nemesis", "none", "--ops", "1500"];
      const out = ["--seed", "1", "--out", scratch()];
      const harness = spawn(process.execPath, [main, ...asked, ...out, "--bin", bin], {
        stdio: "ignore",
      });
      const own = () => processesWith(mark).filter((line) => !line.includes("--workload"));
      // Three nodes, each with a child that bears the mark too.
      await until(() => own().length === 6);
      harness.kill(signal);
      await until(() => own().length === 0);
      expect(own()).toEqual([]);
    },
  );
});
