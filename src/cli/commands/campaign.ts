/** `faultline campaign`: many seeds, every failure kept as a case. */

import type { Command } from "commander";
import { nemeses } from "../../../nemeses/index.js";
import { systems } from "../../../systems/index.js";
import { type CampaignOutcome, runCampaign } from "../../campaign/campaign.js";
import { mixesOf } from "../../campaign/mixes.js";
import { openPool } from "../../campaign/pool.js";
import { type RunSpec, Workshop } from "../../campaign/prepare.js";
import { type ConfigSource, findSystem } from "../../config/config.js";
import { defaults } from "../../controller/index.js";
import { simulatedFaultKinds } from "../../sim/inject.js";
import { makeFolder } from "../../store/files.js";
import { type ExitCode, exitCodes, worstCode } from "../exit.js";
import {
  addRunOptions,
  oneSubject,
  positive,
  type RunOptions,
  seedRange,
  specOf,
} from "../options.js";
import { Terminal, tabulate } from "../terminal.js";

interface Options extends RunOptions {
  seeds: { from: number; to: number };
  jobs?: number;
  maxFailures?: number;
}

export function addCampaign(program: Command, done: (code: ExitCode) => void): void {
  addRunOptions(
    program
      .command("campaign")
      .summary("many seeds")
      .argument("[systems...]", "default: all systems"),
  )
    .option("--seeds <A..B>", "both ends included", seedRange, { from: 1, to: 100 })
    .option("--jobs <n>", "runs at the same time (default: one a core; 1 with --bin)", positive)
    .option("--max-failures <n>", "stop after the first n failures in order of seeds", positive)
    .action(async (names: string[], options: Options) => done(await campaign(names, options)));
}

async function campaign(names: readonly string[], options: Options): Promise<ExitCode> {
  oneSubject(names, options.bin);
  const terminal = new Terminal(options);
  const source: ConfigSource = {
    cwd: process.cwd(),
    ...(options.config ? { file: options.config } : {}),
  };
  const workshop = await Workshop.open(source);
  const runs = await runsOf(names, options, workshop);
  // What is asked for wrongly is said before any worker starts.
  for (let i = 0; i < runs.subjects; i++) await workshop.plan(runs.run(i));
  // Found out now, and not when the first failure has nowhere to go.
  makeFolder(options.out);
  const started = performance.now();
  const pool = await openPool(
    source,
    options.bin === undefined ? options.jobs : (options.jobs ?? 1),
  );
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const progress = terminal.progress(runs.count, "runs");
  try {
    const outcome = await runCampaign(
      {
        ...runs,
        out: options.out,
        probes: probesOf(options.nemesis ?? defaults.nemesis, options.bin !== undefined),
        signal: interrupt.signal,
        progress: ({ done, failures }) => progress.update(done, failures),
        ...(options.maxFailures === undefined ? {} : { maxFailures: options.maxFailures }),
      },
      pool,
    );
    progress.stop();
    report(terminal, outcome, runs.count, performance.now() - started);
    return exitCodeOf(outcome);
  } finally {
    progress.stop();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    await pool.close();
  }
}

/** Seeds, then systems, then workloads: the order in which failures count. */
async function runsOf(
  names: readonly string[],
  options: Options,
  workshop: Workshop,
): Promise<{ count: number; subjects: number; run(ordinal: number): RunSpec }> {
  const subjects: { system: string; workload: string | undefined }[] = [];
  const chosen =
    options.bin !== undefined ? ["bin"] : names.length > 0 ? names : [...systems.keys()];
  for (const system of chosen) {
    const usual =
      options.bin === undefined
        ? (await findSystem(system, workshop.config, workshop.source)).workloads
        : [undefined];
    for (const workload of options.workload ?? usual) subjects.push({ system, workload });
  }
  const { from, to } = options.seeds;
  const specs = subjects.map((subject) => specOf(options, { ...subject, seed: from }));
  const mixes = await mixesOf(options.mix, specs, workshop);
  return {
    count: (to - from + 1) * subjects.length,
    subjects: subjects.length,
    run: (ordinal) => {
      const which = ordinal % subjects.length;
      const seed = from + Math.floor(ordinal / subjects.length);
      return { ...(specs[which] as RunSpec), seed, ...mixes[which] };
    },
  };
}

/** What ought to happen sometimes under these nemeses. */
function probesOf(names: readonly string[], external: boolean): string[] {
  const kinds = names.flatMap((name) =>
    name === "swarm" ? (external ? [] : simulatedFaultKinds) : (nemeses.get(name)?.kinds ?? []),
  );
  return [...new Set(kinds)].map((kind) => `fault: ${kind}`).sort();
}

function exitCodeOf(outcome: CampaignOutcome): ExitCode {
  return worstCode([
    outcome.broken > 0 ? exitCodes.harness : exitCodes.valid,
    outcome.invalid > 0 ? exitCodes.anomaly : exitCodes.valid,
    outcome.unknown > 0 || outcome.interrupted ? exitCodes.unknown : exitCodes.valid,
  ]);
}

function report(
  terminal: Terminal,
  outcome: CampaignOutcome,
  planned: number,
  wallMs: number,
): void {
  const { runs, valid, invalid, unknown, broken, hash, failures, harnessFailures, probes } =
    outcome;
  if (terminal.json) {
    terminal.document({
      runs,
      valid,
      invalid,
      unknown,
      broken,
      hash,
      wallMs: Math.round(wallMs),
      failures,
      harnessFailures,
      probes: { unhit: probes.unhit },
      ...(outcome.interrupted ? { interrupted: { after: runs, of: planned } } : {}),
    });
    return;
  }
  const { paint } = terminal;
  if (failures.length > 0) {
    terminal.say(
      tabulate(
        ["seed", "system", "signature", "case"],
        failures.map(({ seed, system, signature, case: file }) => [
          String(seed),
          system,
          signature,
          file,
        ]),
      ),
    );
    const first = failures[0] as CampaignOutcome["failures"][number];
    terminal.say(`\n${paint.red("first")}: ${outcome.headlines[first.case]}`);
    terminal.say(`replay: npx faultline replay ${first.case}\n`);
  }
  for (const { seed, system, reason } of harnessFailures) {
    terminal.say(paint.red(`harness failure: seed ${seed} of ${system}: ${reason}`));
  }
  for (const { seed, system, workload, reason } of outcome.undecided) {
    terminal.say(paint.yellow(`undecided: seed ${seed} of ${system}, ${workload}: ${reason}`));
  }
  if (probes.unhit.length > 0) terminal.say(`never happened: ${probes.unhit.join(", ")}`);
  if (outcome.interrupted)
    terminal.say(paint.yellow(`interrupted after ${runs} of ${planned} runs`));
  const rate = (runs / Math.max(wallMs / 1000, 0.001)).toFixed(1);
  terminal.say(
    `${runs} runs: ${valid} valid, ${invalid} invalid, ${unknown} unknown, ${broken} broken; ` +
      `${(wallMs / 1000).toFixed(1)} s, ${rate} runs/s; hash ${hash}`,
  );
  if (invalid === 0 && runs > 0) {
    const bound = Math.min(100, 300 / runs);
    terminal.say(
      `no anomaly in ${runs} runs: at 95 % confidence, fewer than ${bound.toPrecision(2)} % of runs have one`,
    );
  }
}
