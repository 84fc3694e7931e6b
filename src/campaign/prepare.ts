/** From what was asked for to what `execute` needs: the plan, and how to host its nodes. */

import { mutate } from "../../strategies/mutate.js";
import { type ConfigSource, findSystem, type LoadedConfig, loadConfig } from "../config/config.js";
import {
  bugsSetApart,
  type ExecuteOptions,
  keepingPromise,
  planBin,
  planRun,
  type RunRequest,
} from "../controller/index.js";
import type { Plan } from "../plan/plan.js";

/** A run asked for, as plain data that crosses to a worker. */
export interface RunSpec extends Omit<RunRequest, "system"> {
  /** A system's name, or a file that exports one; ignored with `bin`. */
  system: string;
  /** The command line of a program that speaks the Maelstrom protocol. */
  bin?: string;
  /** Seeds of mutations, applied one after the other to the plan drawn. */
  mutations?: readonly number[];
  /** The plan itself, where it is there already (a saved case): the rest is only about it then. */
  plan?: Plan;
}

/** The systems that this process knows, loaded once. */
export class Workshop {
  private constructor(
    readonly config: LoadedConfig,
    readonly source: ConfigSource,
  ) {}

  static async open(source: ConfigSource): Promise<Workshop> {
    return new Workshop(await loadConfig(source), source);
  }

  /** @throws UsageError for anything unknown or impossible in the request. */
  async plan(spec: RunSpec): Promise<Plan> {
    if (spec.plan !== undefined) return spec.plan;
    const system =
      spec.bin === undefined ? await findSystem(spec.system, this.config, this.source) : undefined;
    const drawn =
      system === undefined
        ? planBin({ ...spec, bin: spec.bin as string })
        : planRun({ ...spec, system });
    if (spec.mutations === undefined) return drawn;
    // A mutation knows no system: what it made too much of is taken out again.
    return keepingPromise(spec.mutations.reduce(mutate, drawn), system);
  }

  /** What a user should know about a plan before it is run, a line each. */
  async warnings(plan: Plan): Promise<string[]> {
    const { system } = await this.options(plan);
    return system === undefined ? [] : bugsSetApart(plan, system);
  }

  /** Whose code runs a plan, whether it was just made or read from a file. */
  async options(plan: Plan): Promise<ExecuteOptions> {
    if (plan.bin !== undefined) return {};
    return { system: await findSystem(plan.system, this.config, this.source) };
  }
}
