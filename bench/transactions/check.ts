/** `faultline check` of a file in a process of its own: what it took on the processor, and memory. */

import { execa } from "execa";
import type { Row } from "../table.js";

const MAIN = "dist/src/cli/main.js";
const USAGE = new URL("./usage.js", import.meta.url).href;
const LIMIT_SECONDS = 300;

export async function checkFile(file: string): Promise<Row> {
  const args = ["check", file, "--model", "strict-serializable", "--json", "--no-page"];
  const child = await execa(process.execPath, ["--import", USAGE, MAIN, ...args], {
    reject: false,
    timeout: LIMIT_SECONDS * 1000,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  if (child.timedOut) return { "CPU s": `> ${LIMIT_SECONDS}` };
  const { cpuSeconds, megabytes } = JSON.parse(String(child.stdio[3])) as {
    cpuSeconds: number;
    megabytes: number;
  };
  const valid = child.stdout.startsWith("{")
    ? String((JSON.parse(child.stdout) as { valid: unknown }).valid)
    : `exit ${child.exitCode}`;
  return { valid, "CPU s": cpuSeconds.toFixed(1), "MB peak": Math.round(megabytes) };
}
