/**
 * One plan in one world: start the nodes, drive the clients, inject the faults, heal, read once
 * more, collect, check.
 *
 *     0 ................ timeLimit ............ + within ... + settle ....... + recovery
 *     operations, faults |  a healthy core serves | all healed |  final reads, until answered
 *
 * The second part only where the plan has a `recovery`.
 */

import { createHash } from "node:crypto";
import type { RecoveryOptions, Validity, Verdict } from "../../checkers/index.js";
import { formatJsonl, type History, toHistory } from "../../histories/index.js";
import { type System, systems } from "../../systems/index.js";
import { maelstromWorkloads, workloads } from "../../workloads/index.js";
import type { Workload } from "../../workloads/workload.js";
import { HarnessError, UsageError } from "../base/errors.js";
import { canonical, type Json } from "../base/json.js";
import { lookUp } from "../base/names.js";
import { processHostKind } from "../hosts/process/index.js";
import { Fence } from "../hosts/ts/ambient.js";
import { tsHostKind } from "../hosts/ts/ts-host.js";
import { membersOf } from "../plan/members.js";
import type { Plan, PlannedOperation } from "../plan/plan.js";
import { Streams } from "../random/streams.js";
import type { Exactness, HostKind } from "../sim/host.js";
import { Kernel } from "../sim/kernel.js";
import { Network, quietLink } from "../sim/network.js";
import { Recorder, type TraceRecord } from "../sim/trace.js";
import { SimulatedWorld } from "../sim/world.js";
import { excessesIn } from "./beyond.js";
import { checkPlan } from "./check-plan.js";
import { Client } from "./client.js";
import { scheduleFaults } from "./fault-schedule.js";
import { type Judgement, judge } from "./judge.js";
import { promiseOf } from "./plan-recovery.js";
import { type LogLine, RunRecorder } from "./recorder.js";

export interface Execution {
  plan: Plan;
  exactness: Exactness;
  valid: Validity;
  results: { [checker: string]: Verdict };
  history: History;
  /** 16 hex digits over everything that the exactness promises to repeat. */
  traceHash: string;
  /** The rolling hash after every 1,024 events. */
  checkpoints: string[];
  /** SHA-256 of the history file. */
  historyHash: string;
  probes: { [name: string]: number };
  log: LogLine[];
  /** Only when asked for. */
  trace?: TraceRecord[];
  virtualUs: number;
  events: number;
}

export interface ExecuteOptions {
  /** Keeps the whole trace; about half the speed. */
  record?: boolean;
  /** A system of the user's own, when it is not a registered one. */
  system?: System;
  /** Ends the run early when it aborts: what happened until then is the outcome, and undecided. */
  signal?: AbortSignal;
  /** Receives, as the run starts, a way to ask between its slices how far the virtual time is. */
  onStart?: (virtualUs: () => number) => void;
  /** How to host the nodes, when neither a system of the plan's name nor its `bin` says it. */
  host?: HostKind;
}

/**
 * Runs a plan. The same plan gives the same execution, as far as its exactness promises.
 * @throws UsageError for a plan that names what does not exist, or a system that uses ambient
 * effects; HarnessError when our own side breaks.
 */
export async function execute(plan: Plan, options: ExecuteOptions = {}): Promise<Execution> {
  const run = new Run(plan, options);
  try {
    await run.live();
  } catch (error) {
    // What else broke is a consequence: the node that reached out of its world stopped there.
    throw run.fence.firstUse ?? error;
  } finally {
    await run.world.close();
  }
  if (run.fence.firstUse !== undefined) throw run.fence.firstUse;
  return run.outcome();
}

/** Ids of final reads start here: above every planned operation, with room for their retries. */
const FINAL_ID = 1_000_000;
const RETRIES_MAX = 1_000;
/** More than a client pauses between two tries of a final read. */
const LAST_PAUSE_US = 1_000_000;

class Run {
  readonly world: SimulatedWorld;
  readonly fence = new Fence();
  readonly #plan: Plan;
  readonly #system: System | undefined;
  readonly #workload: Workload;
  readonly #host: HostKind;
  readonly #kernel: Kernel;
  readonly #recorder: RunRecorder;
  readonly #clients: Client[];
  readonly #answeredAtLast = new Set<string>();
  #busy: number;
  #finished = false;
  readonly #signal: AbortSignal | undefined;

  constructor(plan: Plan, options: ExecuteOptions) {
    this.#plan = plan;
    const external = plan.bin !== undefined;
    this.#workload = lookUp("workload", plan.workload, external ? maelstromWorkloads : workloads);
    this.#system =
      options.system ??
      (external || options.host ? undefined : lookUp("system", plan.system, systems));
    this.#host = options.host ?? hostOf(plan, this.#system);
    refuseFaultsBeyond(this.#host, plan);
    checkPlan(plan, this.#workload, this.#system);
    const kernel = new Kernel({
      streams: new Streams(plan.seed),
      hashScope: this.#host.exactness === "bit" ? "bit" : "schedule",
      recorder: options.record ? new Recorder() : undefined,
      branch: plan.branch,
      ...(this.#host.fenced ? { fence: this.fence } : {}),
    });
    const { timing } = plan;
    const { channel, ...base } = plan.network;
    const network = new Network(kernel, { ...quietLink, ...base }, { timing, channel });
    this.#kernel = kernel;
    this.#recorder = new RunRecorder(kernel);
    this.world = new SimulatedWorld({
      kernel,
      network,
      nodes: plan.nodes,
      members: membersOf(plan),
      clocks: plan.clocks,
      makeHost: this.#host.makeHost,
      listener: this.#recorder,
    });
    const setup = this.#workload.setup?.(plan.nodes, plan.options) ?? [];
    this.#host.attach?.({ kernel, network, seed: plan.seed, setup });
    this.#signal = options.signal;
    options.onStart?.(() => kernel.now);
    this.#busy = plan.clients;
    this.#clients = Array.from({ length: plan.clients }, (_, ordinal) =>
      this.#client(ordinal, network),
    );
  }

  async live(): Promise<void> {
    const { settleUs, recoveryUs } = this.#plan;
    this.world.boot();
    scheduleFaults({
      plan: this.#plan,
      kernel: this.#kernel,
      world: this.world,
      recorder: this.#recorder,
    });
    this.#clients.forEach((client, ordinal) => {
      const own = this.#plan.operations.filter((operation) => operation.client === ordinal);
      const secondUs =
        this.#plan.recovery === undefined ? Number.POSITIVE_INFINITY : this.#plan.timeLimitUs;
      client.run(own, secondUs, () => this.#clientIdle());
    });
    const end = this.#healedUs() + settleUs + recoveryUs + this.#backlogUs();
    const stop = (): void => this.#kernel.stop();
    this.#signal?.addEventListener("abort", stop, { once: true });
    try {
      await this.#kernel.run(end, this.#host.beforeAdvance?.bind(this.#host));
    } finally {
      // One signal may stop many runs, one after the other.
      this.#signal?.removeEventListener("abort", stop);
    }
    if (this.#signal?.aborted) return;
    if (!this.#finished)
      throw new HarnessError("clients did not finish before the run's last moment");
    this.#reportSilence();
  }

  outcome(): Execution {
    const history = toHistory(this.#recorder.events);
    const service = this.#system?.service(this.#plan.options, this.#plan.nodes.length) ?? {
      operations: this.#workload.requires,
      consistency: "linearizable" as const,
    };
    const judgement = judge(history, {
      own: this.#workload.checkers(service, this.#plan.options),
      invariants: this.#system?.invariants ?? [],
      phase: this.#phase(),
      excesses: excessesIn(this.#plan, this.#system),
      holds: this.#system?.beyond,
    });
    if (this.#signal?.aborted) leaveOpen(judgement, this.#kernel.now);
    const exactness = this.#host.achieved?.() ?? this.#host.exactness;
    const trace = this.#kernel.recorder?.records;
    return {
      plan: this.#plan,
      exactness,
      ...judgement,
      history,
      traceHash:
        exactness === "statistical"
          ? sha256(canonical(this.#plan as unknown as Json)).slice(0, 16)
          : this.#kernel.hash.digest(),
      checkpoints: exactness === "statistical" ? [] : this.#kernel.hash.checkpoints,
      historyHash: sha256(formatJsonl(history.events)),
      probes: Object.fromEntries([...this.#recorder.probes].sort(([a], [b]) => (a < b ? -1 : 1))),
      log: this.#recorder.logLines,
      ...(trace === undefined ? {} : { trace }),
      virtualUs: this.#kernel.now,
      events: this.#kernel.hash.events,
    };
  }

  #client(ordinal: number, network: Network): Client {
    return new Client({
      ordinal,
      clients: this.#plan.clients,
      workload: this.#workload,
      operationTimeoutUs: this.#plan.operationTimeoutUs,
      kernel: this.#kernel,
      network,
      recorder: this.#recorder,
      answered: (node) => this.#answeredAtLast.add(node),
    });
  }

  /** When the last client has done its operations and everything is healed, the final reads begin. */
  #clientIdle(): void {
    if (--this.#busy > 0) return;
    const { settleUs, recoveryUs } = this.#plan;
    const start = Math.max(this.#kernel.now, this.#healedUs()) + settleUs;
    this.#kernel.at(start, 0, "harness", "final reads", () => {
      this.#answeredAtLast.clear();
      this.#busy = this.#clients.length;
      this.#clients.forEach((client, ordinal) => {
        client.readFinally(this.#finalReads(ordinal), start + recoveryUs, () => {
          if (--this.#busy > 0) return;
          this.#finished = true;
          this.#kernel.stop();
        });
      });
    });
  }

  /** When no fault is left on any node. */
  #healedUs(): number {
    const { recovery, timeLimitUs } = this.#plan;
    return timeLimitUs + (recovery?.withinUs ?? 0);
  }

  /** An external program promises nothing, and no system more than it said, whatever its plan says. */
  #phase(): RecoveryOptions | undefined {
    const { recovery, timeLimitUs } = this.#plan;
    if (recovery === undefined || this.#system === undefined) return undefined;
    const { sufficient, withinUs } = promiseOf(this.#system, this.#plan);
    if (recovery.withinUs < withinUs) return undefined;
    return {
      core: recovery.core,
      sufficient,
      healedNs: timeLimitUs * 1000,
      withinNs: recovery.withinUs * 1000,
    };
  }

  /** How much longer all may take where nobody answers: each operation, each final read once more. */
  #backlogUs(): number {
    const { nodes, operations, operationTimeoutUs, options } = this.#plan;
    const reads = nodes.length * this.#workload.finals(operations, options).length;
    return (operations.length + reads + 1) * operationTimeoutUs + LAST_PAUSE_US;
  }

  /** Every node is read once by somebody. */
  #finalReads(ordinal: number): PlannedOperation[] {
    const { nodes, clients, operations, options } = this.#plan;
    const reads = this.#workload.finals(operations, options);
    return nodes.flatMap((node, i) =>
      i % clients !== ordinal
        ? []
        : reads.map((read, j) => ({
            id: FINAL_ID + (i * reads.length + j) * RETRIES_MAX,
            client: ordinal,
            atUs: 0,
            node,
            ...read,
          })),
    );
  }

  /** A node that answered nobody for the whole recovery, everything being healed, is silent. */
  #reportSilence(): void {
    const { nodes, operations, options } = this.#plan;
    if (this.#workload.finals(operations, options).length === 0) return;
    for (const node of nodes) {
      if (this.#answeredAtLast.has(node)) continue;
      const seconds = (this.#kernel.now - this.#healedUs()) / 1_000_000;
      this.#recorder.misconduct(
        node,
        "silent",
        `answered nothing in the ${seconds} s after all faults ended`,
      );
    }
  }
}

/** A plan may have been edited, or made for another kind of system. */
function refuseFaultsBeyond(host: HostKind, plan: Plan): void {
  for (const { id, kind } of plan.faults) {
    if (host.faultKinds.includes(kind)) continue;
    throw new UsageError(
      `fault ${id} of the plan is a ${kind}, which nodes of kind "${host.name}" cannot suffer: take it out`,
    );
  }
}

function hostOf(plan: Plan, system: System | undefined): HostKind {
  if (plan.bin !== undefined) return processHostKind({ bin: plan.bin });
  return tsHostKind(system as System, plan);
}

/** A run cut short proves no validity: what its end would have shown is not known. */
function leaveOpen(judgement: Judgement, nowUs: number): void {
  const reason = `the run was interrupted after ${nowUs / 1_000_000} virtual seconds`;
  judgement.results["interrupted"] = { valid: "unknown", anomalies: [], reason };
  if (judgement.valid === true) judgement.valid = "unknown";
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
