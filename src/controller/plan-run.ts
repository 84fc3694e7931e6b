/**
 * From a seed to a plan: everything random about a run is decided here, once, as data.
 *
 * Each part draws from a stream of its own (cluster, clocks, operations by number, each nemesis),
 * so that asking for one thing differently leaves the others as they were.
 */

import { nemeses, type Topology } from "../../nemeses/index.js";
import { strategies } from "../../strategies/index.js";
import { type OptionSpec, type Service, type System, systems } from "../../systems/index.js";
import { type Workload, workloads } from "../../workloads/index.js";
import type { OperationDraft } from "../../workloads/workload.js";
import { UsageError } from "../base/errors.js";
import { lookUp, unknownName } from "../base/names.js";
import type { OptionValue } from "../hosts/ts/node.js";
import { asFaults } from "../plan/drafts.js";
import type { Fault, FaultKind } from "../plan/fault.js";
import {
  type Channel,
  PLAN_FORMAT,
  type Plan,
  type PlannedOperation,
  type Swarm,
} from "../plan/plan.js";
import type { Timing } from "../plan/timing.js";
import { Streams } from "../random/streams.js";
import { simulatedFaultKinds } from "../sim/inject.js";
import { admit } from "./admission.js";
import { budgetOf, keepingPromise } from "./budget.js";
import { checkSense, senseless } from "./option-sense.js";
import { withRecovery } from "./plan-recovery.js";
import { drawSwarm, type SwarmRequest } from "./plan-swarm.js";
import { refuseWeaker, type TimingRequest, timingOf } from "./timing.js";

/** What is asked for; what is left out is drawn from the seed or taken from the defaults. */
export interface RunRequest extends SwarmRequest, TimingRequest {
  seed: number;
  /** A registered system, or one of the user's own. */
  system: string | System;
  workload?: string;
  nemesis?: readonly string[];
  /** How faults are looked for; plain chance when left out. */
  strategy?: string;
  nodes?: number;
  clients?: number;
  operations?: number;
  timeLimitMs?: number;
  bugs?: readonly string[];
  options?: { readonly [name: string]: OptionValue };
  /** Faults may exceed what the system promises to survive. */
  beyond?: boolean;
  /** What nodes talk to each other over. */
  channel?: Channel;
}

/** One table of defaults, printed by the documentation too. */
export const defaults = {
  nemesis: ["swarm"],
  clients: 5,
  operations: 300,
  /** Virtual time of the main phase per operation, when no time limit is given. */
  operationEveryMs: 40,
  timeLimitMinMs: 5_000,
  operationTimeoutMs: 1_000,
  /** From healing to the first final read: late messages arrive, replicas converge. */
  settleMs: 3_000,
  /** How long clients go on trying their final reads. */
  recoveryMs: 20_000,
  network: { delayUs: 200, jitterUs: 300 },
  wallOffsetMaxMs: 500,
} as const;

/**
 * Expands a request to a plan.
 * @throws UsageError for an unknown system, workload, nemesis, bug or option, and for combinations
 * that make no sense.
 */
export function planRun(request: RunRequest): Plan {
  const system =
    typeof request.system === "string" ? lookUp("system", request.system, systems) : request.system;
  const workload = lookUp(
    "workload",
    request.workload ?? (system.workloads[0] as string),
    workloads,
  );
  const bugs = checkBugs(system, request.bugs ?? []);
  const options = optionsOf(system, workload, bugs, request.options ?? {});
  const streams = new Streams(request.seed);
  const nemesis = [...(request.nemesis ?? defaults.nemesis)];
  const specs = optionsFor(system, workload);
  const suits = (nodeCount: number): boolean => senseless(specs, options, nodeCount) === undefined;
  const nodes = nodeNames(request.nodes ?? clusterSize(system, { nemesis, streams, suits }));
  checkSense(specs, ownerOf(system, workload), options, nodes.length);
  const operations = request.operations ?? defaults.operations;
  const timeLimitMs =
    request.timeLimitMs ??
    Math.max(defaults.timeLimitMinMs, operations * defaults.operationEveryMs);
  const strategy = request.strategy === undefined ? {} : { strategy: request.strategy };
  const shape: Shape = {
    nodes,
    clients: request.clients ?? defaults.clients,
    operations,
    timeLimitUs: timeLimitMs * 1000,
  };
  const service = system.service(options, nodes.length);
  checkFits(workload, system, service);
  const { beyond = false } = request;
  const budget = budgetOf(system, nodes.length);
  const timing = timingOf(request, { system, options, timeLimitUs: shape.timeLimitUs, streams });
  if (timing !== undefined && !beyond) refuseWeaker(timing.model, system);
  const name = system.name;
  const admission = admit(simulatedFaultKinds, { budget, timing, beyond, name });
  const scope = { workload, service, options, nemesis, admission, streams };
  const settings = new Set(Object.keys({ ...neededBy(bugs, system), ...request.options }));
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
    system: system.name,
    workload: workload.name,
    nemesis,
    nodes,
    clients: shape.clients,
    options,
    bugs: [...bugs],
    network: { ...defaults.network, ...channelOf(request, timing) },
    clocks: clocksOf(nodes, streams),
    timeLimitUs: shape.timeLimitUs,
    operationTimeoutUs: defaults.operationTimeoutMs * 1000,
    settleUs: (workload.settleMs ?? defaults.settleMs) * 1000,
    recoveryUs: defaults.recoveryMs * 1000,
    operations: scatter(drafts, shape, streams),
    faults: planFaults(rates, shape, {
      streams,
      supported: admission.kinds,
      driftPpmMax: admission.driftPpmMax,
      ...strategy,
    }),
    ...told,
    ...strategy,
    ...(timing === undefined ? {} : { timing }),
    ...(beyond ? { beyond } : {}),
  };
  return withRecovery(keepingPromise(plan, system), system, streams);
}

export interface Shape {
  nodes: string[];
  clients: number;
  operations: number;
  timeLimitUs: number;
}

function nodeNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `n${i + 1}`);
}

/** A swarm varies the size of the cluster; otherwise it is the system's usual one. */
interface Cluster {
  nemesis: readonly string[];
  streams: Streams;
  /** Whether the options make sense on so many nodes. */
  suits(nodeCount: number): boolean;
}

function clusterSize(system: System, { nemesis, streams, suits }: Cluster): number {
  const suitable = system.nodeCounts.filter(suits);
  const counts = suitable.length > 0 ? suitable : system.nodeCounts;
  return nemesis.includes("swarm") ? streams.stream("cluster").pick(counts) : (counts[0] as number);
}

function clocksOf(nodes: readonly string[], streams: Streams): Plan["clocks"] {
  const max = defaults.wallOffsetMaxMs * 1000;
  return Object.fromEntries(
    nodes.map((node, i) => [node, { wallOffsetUs: streams.stream("clock", i).between(-max, max) }]),
  );
}

/**
 * Spreads the workload's operations over clients, nodes and time. Gaps between the operations of a
 * client are log-uniform: bursts, in which operations overlap, and silences, in which faults act.
 */
export function scatter(
  drafts: readonly OperationDraft[],
  shape: Shape,
  streams: Streams,
): PlannedOperation[] {
  const perClient = Math.max(1, Math.ceil(drafts.length / shape.clients));
  const meanGapUs = Math.max(1, Math.floor(shape.timeLimitUs / perClient));
  const elapsed = new Array<number>(shape.clients).fill(0);
  const planned = drafts.map((draft, id) => {
    const { client = id % shape.clients, node: place, atUs: when, ...what } = draft;
    const random = streams.stream("operation", id);
    const atUs = (elapsed[client] as number) + gap(random.int(8), random.int(1 << 16), meanGapUs);
    elapsed[client] = atUs;
    const home = shape.nodes[client % shape.nodes.length] as string;
    const usual = random.chance(1, 6) ? random.pick(shape.nodes) : home;
    const node = place === undefined ? usual : (shape.nodes[place % shape.nodes.length] as string);
    return { id, client, atUs, node, ...what };
  });
  // Every client's operations fill the main phase, however its gaps add up.
  for (const operation of planned) {
    const total = (elapsed[operation.client] as number) + 1;
    const said = drafts[operation.id]?.atUs;
    operation.atUs = said ?? Math.floor((operation.atUs * shape.timeLimitUs) / total);
  }
  return planned.sort((a, b) => a.atUs - b.atUs || a.id - b.id);
}

/** In 5 of 8 cases a burst (up to 1/32 of the mean), else a silence that makes up for it. */
function gap(kind: number, fraction: number, meanUs: number): number {
  const longest = kind < 5 ? meanUs >> 5 : meanUs * 5;
  return 1 + Math.floor((fraction * longest) / (1 << 16));
}

/** @throws UsageError for a bound on links that lose what they carry. */
export function channelOf(
  { channel }: Pick<RunRequest, "channel">,
  timing: Timing | undefined,
): { channel?: Channel } {
  if (channel === undefined) return {};
  if (channel === "unreliable" && timing !== undefined && timing.model !== "asynchronous") {
    throw new UsageError(
      `--channel unreliable loses messages, and ${timing.model} links deliver all: leave one of the two out`,
    );
  }
  return { channel };
}

interface FaultScope {
  streams: Streams;
  supported: ReadonlySet<FaultKind>;
  driftPpmMax: number;
  strategy?: string;
}

/**
 * What the strategy makes of the faults of all nemeses, at their rates, in the order in which they
 * begin.
 */
export function planFaults(rates: Swarm["rates"], shape: Shape, scope: FaultScope): Fault[] {
  const topology: Topology = {
    nodes: shape.nodes,
    timeLimitUs: shape.timeLimitUs,
    supported: scope.supported,
    driftPpmMax: scope.driftPpmMax,
  };
  const drawn = Object.entries(rates).flatMap(([name, ratePercent]) => {
    if (ratePercent === 0) return [];
    const random = scope.streams.stream(`nemesis/${name}`);
    return lookUp("nemesis", name, nemeses).faults(random, { ...topology, ratePercent });
  });
  const strategy = lookUp("strategy", scope.strategy ?? "random", strategies);
  const drafts = strategy.faults(
    scope.streams.stream(`strategy/${strategy.name}`),
    topology,
    drawn,
  );
  const inOrder = (a: Fault, b: Fault): number => a.atUs - b.atUs || a.id - b.id;
  return asFaults(drafts, { ...topology, faults: [] }, 0).sort(inOrder);
}

/** @throws UsageError when the service lacks what the workload cannot do without. */
export function checkFits(workload: Workload, system: System, service: Service): void {
  const missing = workload.requires.filter((f) => !service.operations.includes(f));
  if (missing.length === 0) return;
  throw new UsageError(
    `workload "${workload.name}" needs ${missing.join(" and ")}, which ${system.name} does not offer: use ${system.workloads.join(", ")}`,
  );
}

/** @throws UsageError for a bug that the system does not have. */
export function checkBugs(system: System, names: readonly string[]): Set<string> {
  for (const name of names) {
    const owners = [...systems.values()].filter(({ bugs }) => name in bugs);
    if (!(name in system.bugs) && owners.length > 0) {
      const [one, more] = [owners[0]?.name, owners.map((owner) => owner.name).join(", ")];
      throw new UsageError(
        `the bug "${name}" is one of ${more}, not of ${system.name}: name ${one} alone`,
      );
    }
    lookUp(`bug of ${system.name}`, name, new Map(Object.entries(system.bugs)));
  }
  return new Set(names);
}

/** Defaults, then what the bugs need, then what was asked for. */
function optionsOf(
  system: System,
  workload: Workload,
  bugs: ReadonlySet<string>,
  asked: { readonly [name: string]: OptionValue },
): { [name: string]: OptionValue } {
  const specs = optionsFor(system, workload);
  const options: { [name: string]: OptionValue } = {};
  for (const [name, spec] of Object.entries(specs)) options[name] = spec.default;
  for (const [name, value] of Object.entries(neededBy(bugs, system))) {
    // What a bug needs of the workload that finds it, another workload does not have.
    if (name in specs) options[name] = value;
  }
  const owner = ownerOf(system, workload);
  for (const [name, value] of Object.entries(asked)) {
    if (!(name in specs)) checkElsewhere(system, workload, name);
    options[name] = checkedOption(specs, owner, name, value);
  }
  return options;
}

/** @throws UsageError for an option of another workload. */
function checkElsewhere(system: System, { name: put }: Workload, option: string): void {
  const owners = system.workloads.filter((name) => option in (workloads.get(name)?.options ?? {}));
  if (owners.length === 0) return;
  throw new UsageError(
    `option ${option} is one of the workload ${owners.join(", ")}, not of ${put}: add --workload ${owners[0]}`,
  );
}

/** The settings without which the bugs do not show. */
function neededBy(bugs: ReadonlySet<string>, system: System): { [name: string]: OptionValue } {
  return Object.assign({}, ...[...bugs].map((bug) => system.bugs[bug]?.options ?? {}));
}

/** The options of a system and of the workload that is put on it, in one space of names. */
export function optionsFor(system: System, workload: Workload): OptionSpecs {
  const twice = Object.keys(workload.options ?? {}).find((name) => name in system.options);
  if (twice !== undefined) {
    throw new UsageError(
      `both ${system.name} and the workload ${workload.name} have an option "${twice}": rename the system's`,
    );
  }
  return { ...system.options, ...workload.options };
}

/** Whose options those are, in messages. */
export function ownerOf(system: System, workload: Workload): string {
  return workload.options === undefined ? system.name : `${system.name} and ${workload.name}`;
}

type OptionSpecs = { readonly [name: string]: OptionSpec };

/** @throws UsageError for an option or a value that there is not. */
export function checkedOption(
  specs: OptionSpecs,
  owner: string,
  name: string,
  value: OptionValue,
): OptionValue {
  const spec = specs[name];
  if (spec === undefined)
    throw new UsageError(unknownName(`option of ${owner}`, name, Object.keys(specs)));
  if (typeof value !== typeof spec.default) {
    throw new UsageError(
      `option ${name} of ${owner} is a ${typeof spec.default}, not ${JSON.stringify(value)}`,
    );
  }
  if (spec.values !== undefined && !spec.values.includes(value)) {
    throw new UsageError(
      `option ${name} of ${owner} is one of ${spec.values.join(", ")}, not ${value}`,
    );
  }
  if (spec.range !== undefined) {
    const [min, max] = spec.range;
    if (!Number.isInteger(value) || Number(value) < min || Number(value) > max) {
      throw new UsageError(
        `option ${name} of ${owner} is a whole number from ${min} to ${max}, not ${value}`,
      );
    }
  }
  return value;
}
