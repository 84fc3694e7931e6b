/**
 * One generated history, generated and judged in a process of its own, so that neither memory nor
 * compiled code is left over from another: `node judge.js '<case as JSON>'` prints the outcome.
 */

import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Validity } from "../../checkers/checker.js";
import { judgeColumns } from "../../checkers/linearizability/linearizable.js";
import type { Json } from "../../src/base/json.js";
import { type Case, columnsOfCase, objects } from "./cases.js";

export interface Judged {
  valid: Validity;
  /** Of the check alone. */
  seconds: number;
  /** The same as time on the processor, which other programs on the machine hardly change. */
  cpuSeconds: number;
  /** Peak of the whole process, its history and the generator included. */
  megabytes: number;
  algorithm: string;
}

/** What came of it, or why there is no verdict: the limit was reached, or the process died. */
export type Attempt = Judged | { failed: string };

const SELF = fileURLToPath(import.meta.url);

export async function judgeInChild(one: Case, limitSeconds: number): Promise<Attempt> {
  const child = await execa(process.execPath, [SELF, JSON.stringify(one)], {
    reject: false,
    timeout: limitSeconds * 1000,
    killSignal: "SIGKILL",
  });
  if (child.timedOut) return { failed: `> ${limitSeconds} s` };
  if (child.exitCode === 0) return JSON.parse(child.stdout) as Judged;
  const lines = child.stderr.split("\n");
  return { failed: lines.find((line) => /Error|FATAL/.test(line)) ?? lines[0] ?? "died" };
}

export function peakMegabytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}

function judge(one: Case): Judged {
  const columns = columnsOfCase(one);
  const { type, init }: { type: string; init?: Json } = objects[one.object];
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  // The verdict alone, as the peer gives it; what an explanation costs is another question.
  const options = { type, explain: false, witness: false, ...(init === undefined ? {} : { init }) };
  const { valid, notes } = judgeColumns(columns, options);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const algorithm = notes?.["algorithm"] ?? notes?.["algorithms"] ?? "-";
  return {
    valid,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    megabytes: peakMegabytes(),
    algorithm: typeof algorithm === "string" ? algorithm : JSON.stringify(algorithm),
  };
}

const [, script, argument] = process.argv;
if (script === SELF && argument !== undefined) {
  process.stdout.write(JSON.stringify(judge(JSON.parse(argument) as Case)));
}
