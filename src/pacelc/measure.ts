/**
 * What a system does in a partition, and what it costs without one, measured in the simulator.
 *
 * Two runs for each seed. In both, one client stands at every node and asks it for reads and writes of
 * two keys, and every message takes exactly the one-way delay. One run stays whole: the medians of its
 * latencies are the price of an answer. In the other, a minority of the nodes is cut off: after time for
 * a failover, counted is which share of what each side is asked is answered within the clients' patience.
 * Both histories, final reads included, are judged for linearizability.
 *
 * Left out: partitions that leave a bridge or act one way, crashes, and what weaker models would say.
 */

import { linearizable, type Validity, worst } from "../../checkers/index.js";
import type { History, Operation } from "../../histories/index.js";
import type { System } from "../../systems/index.js";
import { execute, planRun } from "../controller/index.js";
import type { OptionValue } from "../hosts/ts/node.js";
import type { Fault } from "../plan/fault.js";
import type { Plan, PlannedOperation } from "../plan/plan.js";
import { Streams } from "../random/streams.js";

/** Everything that the figures depend on, beside the system and the seed. Milliseconds are virtual. */
export const method = {
  runs: 3,
  oneWayMs: 10,
  /** How long a client waits for an answer. */
  timeoutMs: 1_000,
  /** Clients begin, once a leader can have been elected. */
  beginMs: 2_000,
  cutMs: 3_000,
  /** What is asked from here on counts. */
  countMs: 6_000,
  endMs: 10_000,
  /** Later than the last of them can be answered. */
  healMs: 11_500,
  /** Between two operations of a client, on average. */
  everyMs: 100,
} as const;

const KEYS = ["x", "y"];

export interface Configuration {
  system: System;
  nodes: number;
  options: { readonly [name: string]: OptionValue };
  bugs: readonly string[];
}

/** Of what was asked, the share that was answered; null where nothing was asked. */
export interface Shares {
  read: number | null;
  write: number | null;
}

export interface Figures {
  partition: {
    availability: { minority: Shares; majority: Shares };
    /** Is what was answered linearizable? */
    consistent: Validity;
  };
  else: {
    /** Medians; null where nothing was answered. */
    latencyMs: { read: number | null; write: number | null; oneWayMs: number };
    consistent: Validity;
  };
}

/** @throws UsageError for options, bugs or numbers of nodes that the system does not have. */
export async function measure(configuration: Configuration, seed: number): Promise<Figures> {
  const whole: Operation[] = [];
  const sides = { minority: [] as Operation[], majority: [] as Operation[] };
  const verdicts = { whole: [] as Validity[], cut: [] as Validity[] };
  for (let run = 0; run < method.runs; run++) {
    const usual = await lived(planOf(configuration, seed, run));
    whole.push(...counted(usual));
    verdicts.whole.push(judged(usual));
    const plan = planOf(configuration, seed, run);
    const minority = minorityOf(plan, run);
    const cut = await lived({ ...plan, faults: [cutOff(plan, minority)] });
    for (const operation of counted(cut)) {
      const home = plan.nodes[operation.process % plan.nodes.length] as string;
      sides[minority.includes(home) ? "minority" : "majority"].push(operation);
    }
    verdicts.cut.push(judged(cut));
  }
  const { oneWayMs } = method;
  return {
    partition: {
      availability: { minority: sharesOf(sides.minority), majority: sharesOf(sides.majority) },
      consistent: worst(verdicts.cut),
    },
    else: {
      latencyMs: { read: medianMs(whole, "read"), write: medianMs(whole, "write"), oneWayMs },
      consistent: worst(verdicts.whole),
    },
  };

  async function lived(plan: Plan): Promise<History> {
    return (await execute(plan, { system: configuration.system })).history;
  }
}

/** A plan of the method, with nobody cut off. */
function planOf({ system, nodes, options, bugs }: Configuration, seed: number, run: number): Plan {
  const { recovery: _, ...plan } = planRun({
    system,
    seed: new Streams(seed).stream("pacelc", run).int(1 << 30),
    workload: "kv",
    nemesis: ["none"],
    nodes,
    clients: nodes,
    options,
    bugs,
  });
  return {
    ...plan,
    network: { delayUs: method.oneWayMs * 1000, jitterUs: 0 },
    timeLimitUs: method.healMs * 1000,
    operationTimeoutUs: method.timeoutMs * 1000,
    operations: operationsOf(plan),
    faults: [],
  };
}

/** Every client at its own node, whatever it asks. */
function operationsOf({ nodes, seed }: Plan): PlannedOperation[] {
  const { beginMs, endMs, everyMs } = method;
  const random = new Streams(seed).stream("pacelc/operations");
  const each = Math.floor((endMs - beginMs) / everyMs);
  const all = nodes.flatMap((node, client) =>
    Array.from({ length: each }, (_, i) => ({
      client,
      node,
      atUs: (beginMs + i * everyMs) * 1000 + random.int(everyMs * 1000),
      read: random.chance(1, 2),
      key: random.pick(KEYS),
    })),
  );
  all.sort((a, b) => a.atUs - b.atUs || a.client - b.client);
  return all.map(({ read, ...where }, id) =>
    read ? { id, f: "read", value: null, ...where } : { id, f: "write", value: id + 1, ...where },
  );
}

/** The most that are fewer than half; others in every run. */
function minorityOf({ nodes }: Plan, run: number): string[] {
  const size = (nodes.length - 1) >> 1;
  return Array.from({ length: size }, (_, i) => nodes[(run * size + i) % nodes.length] as string);
}

function cutOff({ nodes }: Plan, minority: readonly string[]): Fault {
  const majority = nodes.filter((node) => !minority.includes(node));
  return {
    id: 0,
    kind: "partition",
    shape: "minority",
    atUs: method.cutMs * 1000,
    untilUs: method.healMs * 1000,
    groups: [[...minority], majority],
  };
}

/** What was asked while it counts. Who succeeds a client has a process congruent to it. */
function counted({ operations }: History): Operation[] {
  return operations.filter(
    ({ final, invokedAt }) =>
      !final && invokedAt >= method.countMs * 1e6 && invokedAt < method.endMs * 1e6,
  );
}

function judged(history: History): Validity {
  return linearizable({ type: "kv" }).check(history).valid;
}

function sharesOf(operations: readonly Operation[]): Shares {
  const share = (f: string): number | null => {
    const asked = operations.filter((operation) => operation.f === f);
    const answered = asked.filter(({ outcome }) => outcome === "ok");
    return asked.length === 0 ? null : Number((answered.length / asked.length).toFixed(3));
  };
  return { read: share("read"), write: share("write") };
}

/** To the microsecond. */
function medianMs(operations: readonly Operation[], f: string): number | null {
  const latencies = operations
    .filter((operation) => operation.f === f && operation.outcome === "ok")
    .map(({ invokedAt, completedAt }) => Math.round((completedAt - invokedAt) / 1000))
    .sort((a, b) => a - b);
  const middle = latencies[latencies.length >> 1];
  return middle === undefined ? null : middle / 1000;
}
