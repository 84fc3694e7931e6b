/**
 * A run's directory: plan.json, history.jsonl, results.json and run.log; when the run failed, also
 * trace.jsonl and case.json.
 */

import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { formatJsonl } from "../../histories/index.js";
import { UsageError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { version } from "../base/version.js";
import type { Execution } from "../controller/index.js";
import type { Plan } from "../plan/plan.js";
import { parsePlan } from "../plan/schema.js";
import type { TraceRecord } from "../sim/trace.js";
import {
  CASE_FORMAT,
  type Case,
  type Expected,
  parseCase,
  parseExpected,
  type ShrunkMark,
} from "./case-file.js";
import { fileStem, makeNewFolder, readJson, readText, writeText } from "./files.js";
import { expectedOf, type Summary } from "./summary.js";

/** A fresh directory for a run below `root`. @throws UsageError when it cannot be made. */
export function makeRunDir(root: string, plan: Plan): string {
  const nemesis = plan.nemesis.join("+");
  const stem = `${fileStem(plan.system)}-${plan.workload}-${nemesis}-seed${plan.seed}`;
  return makeNewFolder(root, stem);
}

export function writeRunDir(dir: string, execution: Execution, summary: Summary): void {
  const { plan, history, log, trace } = execution;
  writeText(join(dir, "plan.json"), json(plan));
  writeText(join(dir, "history.jsonl"), formatJsonl(history.events));
  writeText(join(dir, "results.json"), json({ ...summary, ...expectedOf(execution), version }));
  writeText(join(dir, "run.log"), formatLog(log));
  if (trace !== undefined) {
    writeText(
      join(dir, "trace.jsonl"),
      trace.map((record) => `${JSON.stringify(record)}\n`).join(""),
    );
  }
  if (execution.valid === false) writeText(join(dir, "case.json"), formatCase(execution));
}

/** The case of a run, with what else is to be said of it. */
export function formatCase(
  execution: Execution,
  marks: Pick<Case, "gate" | "shrunk"> = {},
): string {
  const document: Case = {
    format: CASE_FORMAT,
    version,
    expected: expectedOf(execution),
    ...marks,
    plan: execution.plan,
  };
  return json(document);
}

/** A run to repeat, from a case file or a run's directory. */
export interface Recorded {
  /** As given on the command line. */
  source: string;
  version: string;
  plan: Plan;
  expected: Expected;
  /** Where it comes from, when it is a case that was shrunk. */
  shrunk?: ShrunkMark;
  /** The recorded trace, where it lies beside. */
  trace?: TraceRecord[];
}

/** @throws UsageError when it is neither a case nor a run's directory, or is malformed. */
export function readRecorded(source: string): Recorded {
  if (!existsSync(source)) throw new UsageError(`${source}: no such file or directory`);
  return statSync(source).isDirectory() ? readRunDir(source) : readCase(source);
}

function readCase(file: string): Recorded {
  const { version, plan, expected, shrunk } = parseCase(readJson(file), file);
  const mark = shrunk === undefined ? {} : { shrunk };
  return withTrace({ source: file, version, plan, expected, ...mark }, dirname(file));
}

function readRunDir(dir: string): Recorded {
  const resultsFile = join(dir, "results.json");
  const planFile = join(dir, "plan.json");
  if (!existsSync(planFile) || !existsSync(resultsFile)) {
    throw new UsageError(`${dir}: not a run's directory (it has no plan.json with results.json)`);
  }
  const results = readJson(resultsFile);
  const expected = parseExpected(results, resultsFile);
  const made = (results as { version?: Json }).version;
  const recorded: Recorded = {
    source: dir,
    version: typeof made === "string" ? made : "unknown",
    plan: parsePlan(readJson(planFile), planFile),
    expected,
  };
  return withTrace(recorded, dir);
}

/** The trace counts as recorded where it lies beside, in the directory of its run. */
function withTrace(recorded: Recorded, dir: string): Recorded {
  const file = join(dir, "trace.jsonl");
  return existsSync(file) ? { ...recorded, trace: readTrace(file) } : recorded;
}

function readTrace(file: string): TraceRecord[] {
  return readText(file)
    .split("\n")
    .flatMap((line, i) => {
      if (line === "") return [];
      try {
        return [JSON.parse(line) as TraceRecord];
      } catch {
        throw new UsageError(`${file}: line ${i + 1} is not JSON: restore the trace or remove it`);
      }
    });
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Structured lines in virtual time: no wall clock, no process id, so that equal runs have equal logs. */
function formatLog(lines: Execution["log"]): string {
  if (lines.length === 0) return "";
  // Loaded only for a log: most runs have none, and it takes as long as such a run.
  const { pino } = createRequire(import.meta.url)("pino") as typeof import("pino");
  const chunks: string[] = [];
  const logger = pino(
    { base: null, timestamp: false },
    { write: (chunk: string) => void chunks.push(chunk) },
  );
  for (const { timeUs, who, text, data } of lines) {
    logger.info({ timeUs, who, ...(data === undefined ? {} : { data }) }, text);
  }
  return chunks.join("");
}
