/** The commands, put together. */

import { Command, CommanderError } from "commander";
import { UsageError } from "../base/errors.js";
import { closest } from "../base/names.js";
import { version } from "../base/version.js";
import { type ExitCode, exitCodes } from "./exit.js";

type Add = (program: Command, done: (code: ExitCode) => void) => void;

/** A command loads what it needs, and not what others do: that halves the time to start. */
const commands: { readonly [name: string]: () => Promise<Add> } = {
  run: async () => (await import("./commands/run.js")).addRun,
  campaign: async () => (await import("./commands/campaign.js")).addCampaign,
  gate: async () => (await import("./commands/gate.js")).addGate,
  replay: async () => (await import("./commands/replay.js")).addReplay,
  shrink: async () => (await import("./commands/shrink.js")).addShrink,
  explain: async () => (await import("./commands/explain.js")).addExplain,
  check: async () => (await import("./commands/check.js")).addCheck,
  litmus: async () => (await import("./commands/litmus.js")).addLitmus,
  experiment: async () => (await import("./commands/experiment.js")).addExperiment,
  pacelc: async () => (await import("./commands/pacelc.js")).addPacelc,
  list: async () => (await import("./commands/list.js")).addList,
  worker: async () => (await import("./commands/worker.js")).addWorker,
  init: async () => (await import("./commands/init.js")).addInit,
};

/** The command that is named; all of them where none is, for help and for messages. */
async function addersFor(name: string | undefined): Promise<Add[]> {
  if (name === "--version" || name === "-V") return [];
  const named = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  return Promise.all(
    (named === undefined ? Object.values(commands) : [named]).map((load) => load()),
  );
}

/**
 * Runs one command line.
 * @throws UsageError for anything that was asked for wrongly.
 */
export async function parse(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exitCodes.valid;
  const done = (result: ExitCode): void => {
    code = result;
  };
  const program = new Command("faultline")
    .description("deterministic fault-injection tests for distributed systems")
    .version(version)
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined })
    .exitOverride();
  for (const add of await addersFor(args[0])) add(program, done);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync(args as string[], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.valid;
    throw new UsageError(explain(program, error, args));
  }
  return code;
}

/** Commander's own messages, plus the nearest names and where to look further. */
function explain(program: Command, error: CommanderError, args: readonly string[]): string {
  const names = program.commands.map((command) => command.name());
  if (error.code === "commander.help")
    return `no command given: one of ${names.join(", ")} (see faultline --help)`;
  const text = error.message.replace(/^error: /, "");
  const command = program.commands.find((candidate) => candidate.name() === args[0]);
  if (error.code === "commander.unknownCommand") {
    const near = closest(args[0] ?? "", names);
    return `${text}: ${near.length > 0 ? `did you mean ${near.join(", ")}?` : `one of ${names.join(", ")}`}`;
  }
  if (error.code === "commander.unknownOption" && command !== undefined) {
    const wrong = text.match(/'(--?[^']+)'/)?.[1] ?? "";
    const near = closest(
      wrong,
      command.options.flatMap(({ long }) => (long ? [long] : [])),
    );
    if (near.length > 0) return `${text}: did you mean ${near.join(", ")}?`;
  }
  return `${text} (see faultline ${command === undefined ? "" : `${command.name()} `}--help)`;
}
