/** The options of `faultline litmus`, and what they are written like. */

import { type Command, InvalidArgumentError } from "commander";
import { type LitmusModel, litmusModels } from "../../../checkers/litmus/program.js";
import { litmusModel } from "../../litmus/models.js";
import { addCommonOptions, positive } from "../options.js";
import { addSystemOptions, type SystemOptions } from "./litmus-system.js";

export interface LitmusOptions extends SystemOptions {
  model?: LitmusModel[];
  expect?: string;
  generate?: { from: number; to: number };
  steps?: number;
}

export const DEFAULT_MODELS: readonly LitmusModel[] = ["sc", "tso", "pso"];

/** Six threads are 13,910 cycles; beyond, a folder of chosen tests says more. */
const THREADS_MAX = 6;

export function litmusCommand(program: Command): Command {
  const command = program.command("litmus").summary("memory-model litmus tests");
  return addSystemOptions(addCommonOptions(command))
    .argument("[tests...]", "files or folders of them (.litmus in herd's format for x86, .store)")
    .option(
      "--model <names>",
      `${litmusModels.join(", ")} (repeatable; default: ${DEFAULT_MODELS.join(", ")})`,
      modelNames,
    )
    .option(
      "--expect <file>",
      "compare with a table of verdicts: columns path, verdict_sc, nstates_sc, states_sha_sc, …",
    )
    .option(
      "--generate <threads>",
      "all critical cycles of so many threads, such as 2..4, held against what each model predicts",
      threads,
    )
    .option("--steps <n>", "states of the machine before the answer is unknown", positive);
}

function modelNames(text: string, before: readonly LitmusModel[] = []): LitmusModel[] {
  const models = text.split(",").map((name) => {
    const model = litmusModel(name.trim());
    if (model !== undefined) return model;
    throw new InvalidArgumentError(
      `no litmus model "${name}": there are ${litmusModels.join(", ")}`,
    );
  });
  return [...new Set([...before, ...models])];
}

function threads(text: string): { from: number; to: number } {
  const [, first, last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (from >= 2 && from <= to && to <= THREADS_MAX) return { from, to };
  throw new InvalidArgumentError(`expected threads from 2 to ${THREADS_MAX}, such as 2..4`);
}
