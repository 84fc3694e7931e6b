/** `faultline init`: a starting point in the user's own project. Nothing that is there is touched. */

import { existsSync } from "node:fs";
import type { Command } from "commander";
import { packageFile } from "../../base/version.js";
import { Workshop } from "../../campaign/prepare.js";
import { execute } from "../../controller/index.js";
import { readText, writeText } from "../../store/files.js";
import { formatCase } from "../../store/run-dir.js";
import { type ExitCode, exitCodes } from "../exit.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { Terminal } from "../terminal.js";

/** What the starting point is made of: where it lies in this package, and where it goes. */
const parts = [
  ["docs/starter/faultline.config.ts", "faultline.config.ts"],
  ["docs/starter/systems/register.ts", "faultline/systems/register.ts"],
  ["docs/starter/workflows/faultline.yml", ".github/workflows/faultline.yml"],
] as const;
const SAMPLE_SYSTEM = "my-register";
const SAMPLE_FILE = "./faultline/systems/register.ts";
const SAMPLE_CASE = "faultline/cases/sample.json";

export function addInit(program: Command, done: (code: ExitCode) => void): void {
  addCommonOptions(program.command("init").summary("a starting point in your own project")).action(
    async (options: CommonOptions) => done(await init(options)),
  );
}

async function init(options: CommonOptions): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const written: string[] = [];
  const kept: string[] = [];
  const put = (file: string, text: string): void => {
    if (existsSync(file)) {
      kept.push(file);
      return;
    }
    writeText(file, text);
    written.push(file);
  };
  for (const [from, to] of parts) put(to, readText(packageFile(from)));
  if (existsSync(SAMPLE_CASE)) kept.push(SAMPLE_CASE);
  else put(SAMPLE_CASE, await sampleCase(kept.length > 0));
  if (terminal.json) {
    terminal.document({ written, kept });
    return exitCodes.valid;
  }
  for (const file of written) terminal.say(`wrote ${file}`);
  for (const file of kept) terminal.say(`kept  ${file}, which was there`);
  terminal.say(
    [
      "",
      "next: npx faultline gate                      what a pull request must pass",
      `      npx faultline campaign ${SAMPLE_SYSTEM}      more seeds`,
      "      .faultline/ is for .gitignore; faultline/cases/ is for git",
    ].join("\n"),
  );
  return exitCodes.valid;
}

/**
 * A run of the sample system that passes, and must go on to: short, with crashes. A configuration
 * that was there before need not know the system by its name: its file does.
 */
async function sampleCase(byFile: boolean): Promise<string> {
  const workshop = await Workshop.open({ cwd: process.cwd() });
  const plan = await workshop.plan({
    system: byFile ? SAMPLE_FILE : SAMPLE_SYSTEM,
    workload: "register",
    nemesis: ["crash"],
    seed: 1,
    operations: 20,
  });
  const execution = await execute(plan, await workshop.options(plan));
  return formatCase(execution, { gate: { expected: "passes" } });
}
