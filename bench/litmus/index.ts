/**
 * Litmus tests: how long it takes to find every final state under SC, TSO and PSO.
 *
 *     npm run bench -- litmus [folder dense] [--tests ../shared/data/litmus] [--programs 12] [--seed N]
 *
 * folder: `faultline litmus` on a folder of tests, start-up and reading included. dense: random
 * programs. CPU time throughout, since machines are shared.
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { pso, sc, tso } from "../../checkers/litmus/operational/index.js";
import type { Enumerate } from "../../checkers/litmus/program.js";
import { Random } from "../../src/random/random.js";
import { wantedParts } from "../parts.js";
import { type Row, table } from "../table.js";
import { type DenseSize, denseProgram } from "./dense.js";

const PARTS = ["folder", "dense"] as const;
const OUTPUT_BYTES_MAX = 1e8;
const MACHINES: { readonly [model: string]: Enumerate } = { sc, tso, pso };

/** herd7 7.58 on OCaml, measured once on 2,877 tests; one process, one model at a time. */
const HERD_FOLDER = "20 CPU s SC, 19 CPU s TSO for 2,877 tests";
const FOLDER_TARGET = "2 CPU s for 400 tests and three models";

/** What is to be reached per program, and what herd7 needed for SC and TSO. */
const DENSE: readonly (DenseSize & { target: string; herd: string })[] = [
  { threads: 3, instructions: 4, locations: 3, target: "200 ms", herd: "2.6 s, 2.0 s" },
  { threads: 3, instructions: 5, locations: 3, target: "200 ms", herd: "> 60 s" },
  { threads: 4, instructions: 4, locations: 3, target: "200 ms", herd: "9.7-18 s, 7.4-13 s" },
  { threads: 4, instructions: 4, locations: 2, target: "-", herd: "-" },
];

export async function litmusBench(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      tests: { type: "string", default: "../shared/data/litmus" },
      programs: { type: "string", default: "12" },
      seed: { type: "string", default: "1" },
    },
  });
  const wants = wantedParts(positionals, PARTS);
  if (wants === undefined) return;
  process.stdout.write(`${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}\n`);
  if (wants("folder")) folderBench(values.tests);
  if (wants("dense")) denseBench(Number(values.seed), Number(values.programs));
}

function folderBench(folder: string): void {
  if (!existsSync(folder)) {
    process.stdout.write(`\nno litmus tests at ${folder}: give another folder with --tests\n`);
    return;
  }
  const rows = ["sc", "tso", "pso", "sc,tso,pso"].map((models): Row => {
    const { cpuSeconds, tests } = commandOn(folder, models);
    return {
      models,
      tests,
      "CPU s": cpuSeconds.toFixed(2),
      target: models.includes(",") ? FOLDER_TARGET : "-",
    };
  });
  table(`faultline litmus ${folder} (herd7: ${HERD_FOLDER})`, rows);
}

/** Runs this project's command in a process of its own, which tells what it used up. */
function commandOn(folder: string, models: string): { cpuSeconds: number; tests: string } {
  const main = new URL("../../src/cli/main.js", import.meta.url).href;
  const told = `process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    process.stderr.write(\`cpu \${user + system}\`);
  });
  await import(${JSON.stringify(main)});`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", told, "-", "litmus", folder, "--model", models, "--quiet"],
    { encoding: "utf8", maxBuffer: OUTPUT_BYTES_MAX },
  );
  return {
    cpuSeconds: Number(/cpu (\d+)$/.exec(stderr)?.[1]) / 1e6,
    tests: /^(\d+) tests?\b/m.exec(stdout)?.[1] ?? "?",
  };
}

function denseBench(seed: number, programs: number): void {
  const rows: Row[] = [];
  for (const { target, herd, ...size } of DENSE) {
    for (const [model, enumerate] of Object.entries(MACHINES)) {
      const random = new Random([seed, size.threads, size.instructions]);
      const timesMs: number[] = [];
      let outcomesMax = 0;
      for (let i = 0; i < programs; i++) {
        const program = denseProgram(size, random);
        const before = process.cpuUsage();
        const outcomes = enumerate(program);
        const { user, system } = process.cpuUsage(before);
        timesMs.push((user + system) / 1000);
        if ("states" in outcomes) outcomesMax = Math.max(outcomesMax, outcomes.states.length);
      }
      const mean = timesMs.reduce((sum, time) => sum + time, 0) / programs;
      rows.push({
        program: `${size.threads}x${size.instructions}, ${size.locations} locations`,
        model,
        "mean ms": mean.toFixed(1),
        "max ms": Math.max(...timesMs).toFixed(1),
        "final states, at most": outcomesMax,
        target,
        "herd7 (SC, TSO)": herd,
      });
    }
  }
  table(`dense random programs, ${programs} of each size (CPU)`, rows);
}
