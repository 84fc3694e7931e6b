/**
 * Litmus tests put to a system, one after the other; the runs of each side by side. Failing runs are
 * kept as cases.
 */

import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Pool } from "../../campaign/pool.js";
import type { RunSpec } from "../../campaign/prepare.js";
import { fileStem, freeName, writeText } from "../../store/files.js";
import type { Trial, TrialReport } from "./trial.js";

export interface TrialsOptions {
  pool: Pool;
  /** Where cases are kept: `<out>/cases`. */
  out: string;
  /** When it aborts, no further run begins. */
  signal?: AbortSignal;
  progress?(runs: number, failures: number): void;
}

/** Reports come in the order of the trials, and say the same whatever the number of jobs. */
export async function* runTrials(
  trials: readonly Trial[],
  { pool, out, signal, progress }: TrialsOptions,
): AsyncGenerator<TrialReport> {
  let runs = 0;
  let failures = 0;
  for (const trial of trials) {
    if (signal?.aborted) return;
    const { specs } = trial;
    const keep = (spec: RunSpec) => (text: string) => {
      failures++;
      return keepCase(out, trial.test.name, spec, text);
    };
    for (let first = 0; first < specs.length && !signal?.aborted; first += pool.jobs) {
      const batch = specs.slice(first, first + pool.jobs);
      const outcomes = await Promise.all(batch.map((spec) => pool.run(spec)));
      for (const [i, outcome] of outcomes.entries()) {
        const spec = batch[i] as RunSpec;
        trial.take(spec, outcome, keep(spec));
      }
      runs += batch.length;
      progress?.(runs, failures);
    }
    yield trial.close();
  }
}

/** The same failure found again keeps its file; a different one of that name gets a new one. */
function keepCase(out: string, test: string, spec: RunSpec, text: string): string {
  const system = spec.bin === undefined ? fileStem(spec.system) : "bin";
  const placement = String(spec.options?.["placement"]).replaceAll(",", "");
  const stem = `${system}-litmus-${fileStem(test.replaceAll("/", "_"))}-at${placement}-seed${spec.seed}`;
  const folder = join(out, "cases");
  const usual = join(folder, `${stem}.json`);
  const same = existsSync(usual) && readFileSync(usual, "utf8") === text;
  const file = same ? usual : freeName(folder, stem, ".json");
  if (!same) writeText(file, text);
  return relative(process.cwd(), file);
}
