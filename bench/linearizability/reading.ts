/** `faultline check` from end to end: a file of a million operations is read and judged. */

import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Validity } from "../../checkers/checker.js";
import { type Row, table } from "../table.js";
import { columnsOfCase } from "./cases.js";
import { writeEdn, writeJsonl } from "./recorded-text.js";

const MAIN = "dist/src/cli/main.js";
const PEAK = new URL("./peak.js", import.meta.url).href;
const LIMIT_SECONDS = 300;

export async function readingBench(folder: string, size: number, seed: number): Promise<void> {
  const setting = { object: "register, unique values", clients: 25, lostPercent: 2 } as const;
  const rows: Row[] = [];
  for (const violating of [false, true]) {
    const columns = columnsOfCase({ ...setting, violating, size, seed });
    for (const [format, write] of [
      ["jsonl", writeJsonl],
      ["edn", writeEdn],
    ] as const) {
      const file = join(folder, `register.${format}`);
      write(columns, file);
      const megabytes = (statSync(file).size / 1e6).toFixed(0);
      const made = violating ? "violating" : "valid";
      rows.push({ format, "file MB": megabytes, made, ...(await check(file, violating)) });
      rmSync(file);
    }
  }
  table(
    `faultline check FILE --model linearizable --type register: ${size.toLocaleString("en")} operations, ${setting.clients} clients`,
    rows,
  );
}

async function check(file: string, violating: boolean): Promise<Row> {
  const started = performance.now();
  const args = ["check", file, "--model", "linearizable", "--type", "register", "--json"];
  const child = await execa(process.execPath, ["--import", PEAK, MAIN, ...args], {
    reject: false,
    timeout: LIMIT_SECONDS * 1000,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  if (child.timedOut)
    return { seconds: `> ${LIMIT_SECONDS}`, MB: "-", verdict: "none", right: "-" };
  const MB = Math.round(Number(child.stdio[3]));
  if (!child.stdout.startsWith("{")) {
    const reason = child.stderr.split("\n").find((line) => line.includes("Error"));
    return { seconds, MB, verdict: reason ?? `exit ${child.exitCode}`, right: "-" };
  }
  const { valid } = JSON.parse(child.stdout) as { valid: Validity };
  const right = valid === "unknown" ? "-" : valid === !violating ? "yes" : "WRONG";
  return { seconds, MB, verdict: String(valid), right };
}
