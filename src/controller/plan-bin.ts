/**
 * From a seed to a plan for an external program: the same expansion as for a reference system, with
 * Maelstrom's workloads and Maelstrom's names (nodes from n0).
 */

import type { Service } from "../../systems/index.js";
import { maelstromWorkloads, type Workload } from "../../workloads/index.js";
import { UsageError } from "../base/errors.js";
import { lookUp } from "../base/names.js";
import { parseCommandLine, processFaultKinds } from "../hosts/process/index.js";
import { PLAN_FORMAT, type Plan, type PlanOptionValue } from "../plan/plan.js";
import { Streams } from "../random/streams.js";
import { admit } from "./admission.js";
import { budgetOf, keepingPromise } from "./budget.js";
import {
  channelOf,
  checkedOption,
  defaults,
  planFaults,
  type RunRequest,
  type Shape,
  scatter,
} from "./plan-run.js";
import { drawSwarm } from "./plan-swarm.js";
import { timingOf } from "./timing.js";

/** What is asked for; what is left out is drawn from the seed or taken from the defaults. */
export interface BinRequest extends Omit<RunRequest, "system"> {
  /** The command line of the program. */
  bin: string;
}

const NODES = 3;

/**
 * Expands a request to a plan.
 * @throws UsageError for a program that cannot be run, an unknown workload, nemesis or option, a
 * nemesis that a process cannot suffer (its clock is its own), and for bugs (programs have none of
 * ours).
 */
export function planBin(request: BinRequest): Plan {
  parseCommandLine(request.bin, { cwd: process.cwd(), path: process.env["PATH"] });
  const [standard] = maelstromWorkloads.keys();
  const workload = lookUp(
    "Maelstrom workload",
    request.workload ?? (standard as string),
    maelstromWorkloads,
  );
  if ((request.bugs ?? []).length > 0) {
    throw new UsageError("--bug needs a reference system: an external program has no switches");
  }
  const streams = new Streams(request.seed);
  const nemesis = [...(request.nemesis ?? defaults.nemesis)];
  const strategy = request.strategy === undefined ? {} : { strategy: request.strategy };
  const operations = request.operations ?? defaults.operations;
  const timeLimitMs =
    request.timeLimitMs ??
    Math.max(defaults.timeLimitMinMs, operations * defaults.operationEveryMs);
  const shape: Shape = {
    nodes: Array.from({ length: request.nodes ?? NODES }, (_, i) => `n${i}`),
    clients: request.clients ?? defaults.clients,
    operations,
    timeLimitUs: timeLimitMs * 1000,
  };
  const options = optionsOf(workload, request.options ?? {});
  const service: Service = { operations: workload.requires, consistency: "linearizable" };
  const { beyond = false } = request;
  const budget = budgetOf(undefined, shape.nodes.length);
  const { timeLimitUs } = shape;
  const timing = timingOf(request, { system: undefined, options, timeLimitUs, streams });
  const name = "an external program";
  const admission = admit(processFaultKinds, { budget, timing, beyond, name });
  const scope = { workload, service, options, nemesis, admission, streams };
  const settings = new Set(Object.keys(request.options ?? {}));
  const { rates, mix, told } = drawSwarm(request, { ...scope, settings });
  const drafts = workload.plan({
    random: streams.stream("workload"),
    clients: shape.clients,
    operations,
    service,
    options,
    timeLimitUs: shape.timeLimitUs,
    mix,
  });
  const plan: Plan = {
    format: PLAN_FORMAT,
    seed: request.seed,
    system: "bin",
    bin: request.bin,
    workload: workload.name,
    nemesis,
    nodes: shape.nodes,
    clients: shape.clients,
    options,
    bugs: [],
    network: { ...defaults.network, ...channelOf(request, timing) },
    clocks: {},
    timeLimitUs: shape.timeLimitUs,
    operationTimeoutUs: defaults.operationTimeoutMs * 1000,
    settleUs: (workload.settleMs ?? defaults.settleMs) * 1000,
    recoveryUs: defaults.recoveryMs * 1000,
    operations: scatter(drafts, shape, streams),
    faults: planFaults(rates, shape, {
      streams,
      supported: admission.kinds,
      driftPpmMax: 0,
      ...strategy,
    }),
    ...told,
    ...strategy,
    ...(timing === undefined ? {} : { timing }),
    ...(beyond ? { beyond } : {}),
  };
  return keepingPromise(plan, undefined);
}

function optionsOf(
  workload: Workload,
  asked: { readonly [name: string]: PlanOptionValue },
): Plan["options"] {
  const specs = workload.options ?? {};
  const options: Plan["options"] = {};
  for (const [name, spec] of Object.entries(specs)) options[name] = spec.default;
  for (const [name, value] of Object.entries(asked)) {
    options[name] = checkedOption(specs, workload.name, name, value);
  }
  return options;
}
