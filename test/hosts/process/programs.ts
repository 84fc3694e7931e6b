/** Running external programs in tests, and looking for what they leave behind. */

import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import {
  type BinRequest,
  type Execution,
  execute,
  planBin,
} from "../../../src/controller/index.js";
import { type Patience, processHostKind } from "../../../src/hosts/process/index.js";

export const fixtures = "test/hosts/fixtures";
export const samples = "systems/samples";
export const hasPython = spawnSync("python3", ["--version"]).status === 0;

export interface ProgramRun extends Omit<BinRequest, "seed"> {
  seed?: number;
  patience?: Partial<Patience>;
  /** Less than the usual time for replicas to converge: programs with timers take it in real time. */
  settleMs?: number;
}

export async function run(request: ProgramRun): Promise<Execution> {
  const { patience = {}, settleMs, ...rest } = request;
  const host = processHostKind({ bin: request.bin, patience });
  const plan = planBin({ seed: 1, ...rest });
  return execute(settleMs === undefined ? plan : { ...plan, settleUs: settleMs * 1000 }, { host });
}

/** The types of all anomalies found, each once. */
export function anomaliesOf(execution: Execution): string[] {
  const verdicts = Object.values(execution.results);
  return [
    ...new Set(verdicts.flatMap(({ anomalies }) => anomalies.map(({ type }) => type))),
  ].sort();
}

/** Living processes whose command line contains a text. */
export function processesWith(text: string): string[] {
  if (process.platform !== "linux") {
    const all = execFileSync("ps", ["-A", "-o", "command="], { encoding: "utf8" });
    return all.split("\n").filter((line) => line.includes(text));
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine)
    .filter((line) => line.includes(text));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
