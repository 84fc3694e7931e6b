/** `faultline replay`: the same run again, and where it differs if it does. */

import type { Command } from "commander";
import { Workshop } from "../../campaign/prepare.js";
import { replay } from "../../store/replay.js";
import { readRecorded } from "../../store/run-dir.js";
import { summarize } from "../../store/summary.js";
import { codeOf, type ExitCode, exitCodes } from "../exit.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { tellRun } from "../story.js";
import { Terminal } from "../terminal.js";

export function addReplay(program: Command, done: (code: ExitCode) => void): void {
  addCommonOptions(program.command("replay").summary("the same run again, bit for bit"))
    .argument("<case|run-dir>", "a case file, or the directory of a run")
    .action(async (source: string, options: CommonOptions) => done(await again(source, options)));
}

async function again(source: string, options: CommonOptions): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const recorded = readRecorded(source);
  const workshop = await Workshop.open({
    cwd: process.cwd(),
    ...(options.config ? { file: options.config } : {}),
  });
  const started = performance.now();
  const { execution, difference } = await replay(recorded, await workshop.options(recorded.plan));
  const summary = summarize(execution, performance.now() - started, null);
  if (terminal.json) {
    terminal.document(difference === undefined ? summary : { ...summary, difference });
  } else {
    tellRun(terminal, summary, recorded.shrunk?.from.seed);
    terminal.say(difference === undefined ? "replayed: everything promised came out the same" : "");
  }
  if (difference === undefined) return codeOf(execution.valid);
  process.stderr.write(`faultline: ${difference.message}\n`);
  if (!terminal.json) for (const event of difference.events) terminal.say(JSON.stringify(event));
  return exitCodes.harness;
}
