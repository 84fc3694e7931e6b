/** The commands, put together. */

import { Command, CommanderError } from "commander";
import { UsageError } from "../base/errors.js";
import { closest } from "../base/names.js";
import { version } from "../base/version.js";
import { addCampaign } from "./commands/campaign.js";
import { addCheck } from "./commands/check.js";
import { addExplain } from "./commands/explain.js";
import { addGate } from "./commands/gate.js";
import { addInit } from "./commands/init.js";
import { addList } from "./commands/list.js";
import { addLitmus } from "./commands/litmus.js";
import { addReplay } from "./commands/replay.js";
import { addRun } from "./commands/run.js";
import { addShrink } from "./commands/shrink.js";
import { addWorker } from "./commands/worker.js";
import { type ExitCode, exitCodes } from "./exit.js";

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
  const commands = [
    addRun,
    addCampaign,
    addGate,
    addReplay,
    addShrink,
    addExplain,
    addCheck,
    addLitmus,
    addList,
    addWorker,
    addInit,
  ];
  for (const add of commands) add(program, done);
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
