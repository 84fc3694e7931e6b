/** `faultline pacelc`: what systems trade in a partition, and what without one, measured. */

import { type Command, Option } from "commander";
import { type System, systems } from "../../../systems/index.js";
import { UsageError } from "../../base/errors.js";
import { findSystem, loadConfig } from "../../config/config.js";
import type { OptionValue } from "../../hosts/ts/node.js";
import { isMeasurable, type PacelcRow, rowsOf } from "../../pacelc/rows.js";
import { type ExitCode, exitCodes } from "../exit.js";
import { oneByOne } from "../one-by-one.js";
import { addCommonOptions, type CommonOptions, collect, seed, setting, upTo } from "../options.js";
import { pacelcText } from "../pacelc-text.js";
import { Terminal } from "../terminal.js";

interface PacelcOptions extends CommonOptions {
  all?: boolean;
  seed: number;
  nodes?: number;
  bug: string[];
  set: { [name: string]: OptionValue };
}

export function addPacelc(program: Command, done: (code: ExitCode) => void): void {
  addCommonOptions(
    program.command("pacelc").summary("availability, latency and consistency, measured"),
  )
    .argument("[systems...]", "which: see `list systems`; all that read and write when left out")
    .option("--all", "all systems that read and write")
    .option("--seed <n>", "all that is random comes from it", seed, 1)
    .option("--nodes <n>", "size of the cluster, at most 15 (default: the system's)", upTo(15))
    .option("--bug <name>", "switch a documented bug of the system on (repeatable)", collect, [])
    .addOption(
      new Option("--set <key=value>", "an option of the system (repeatable)")
        .argParser(setting)
        .default({}, "none"),
    )
    .action(async (names: string[], options: PacelcOptions) => done(await pacelc(names, options)));
}

async function pacelc(names: readonly string[], options: PacelcOptions): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const chosen = await chooseFrom(names, options);
  const { seed, bug, set, nodes } = options;
  const size = nodes === undefined ? {} : { nodes };
  const question = { seed, options: set, bugs: bug, ...size };
  const rows: PacelcRow[] = [];
  const left = await oneByOne(terminal, {
    items: chosen,
    unit: "systems",
    act: async (system, signal) => {
      rows.push(...(await rowsOf(system, { ...question, signal })));
      return !signal.aborted;
    },
  });
  if (terminal.json) terminal.document(rows);
  else if (rows.length > 0) terminal.say(pacelcText(rows));
  if (left.length === 0) return exitCodes.valid;
  const missing = left.map(({ name }) => name).join(", ");
  terminal.say(`interrupted: not measured, or not with every option: ${missing}`);
  return exitCodes.unknown;
}

/** @throws UsageError for what is no store, and for what only one system can be asked. */
async function chooseFrom(names: readonly string[], options: PacelcOptions): Promise<System[]> {
  const { all = false, bug, set, config } = options;
  if (all && names.length > 0) {
    throw new UsageError(`give names or --all, not both (${names.join(", ")})`);
  }
  if (names.length !== 1 && (bug.length > 0 || Object.keys(set).length > 0)) {
    throw new UsageError("--bug and --set are about one system: name it");
  }
  if (names.length === 0) return [...systems.values()].filter(isMeasurable);
  const source = { cwd: process.cwd(), ...(config === undefined ? {} : { file: config }) };
  const loaded = await loadConfig(source);
  const chosen: System[] = [];
  for (const name of new Set(names)) chosen.push(await findSystem(name, loaded, source));
  const other = chosen.find((system) => !isMeasurable(system));
  if (other === undefined) return chosen;
  const known = [...systems.values()].filter(isMeasurable).map((system) => system.name);
  throw new UsageError(
    `${other.name} has no reads and writes of registers to measure: one of ${known.join(", ")}`,
  );
}
