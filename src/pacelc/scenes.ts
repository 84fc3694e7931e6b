/**
 * The runs that a system is measured in, as plans.
 *
 * Clients stand right beside their nodes, since a lazily replicated store shows its age only to those
 * who are nearer to it than its replicas are to each other.
 *
 * - Whole: two clients at each node read and write as fast as they can be asked, so that what was
 *   written at one node is read at others within the time that it takes to get there. One key is
 *   written everywhere. Each node has one for itself, too: where writes compete, an old answer may pass
 *   for one that lost.
 * - Cut: a minority is cut off. For each node, key and function there is a client of its own: where
 *   one waits in vain, the others go on asking.
 */

import type { System } from "../../systems/index.js";
import { UsageError } from "../base/errors.js";
import { planRun } from "../controller/index.js";
import type { OptionValue } from "../hosts/ts/node.js";
import type { Fault } from "../plan/fault.js";
import type { Plan, PlannedOperation } from "../plan/plan.js";
import type { Random } from "../random/random.js";
import { Streams } from "../random/streams.js";
import { method } from "./method.js";

/** Read and write. */
const FUNCTIONS = 2;

export interface Configuration {
  system: System;
  nodes: number;
  options: { readonly [name: string]: OptionValue };
  bugs: readonly string[];
}

/** How far a site is from another, one way. */
type ApartMs = (one: number, other: number) => number;

const evenly: ApartMs = () => method.oneWayMs;

type Sites = readonly (readonly string[])[];

export interface CutScene {
  plan: Plan;
  minority: readonly string[];
}

/** The runs without a partition: one with all sites d apart, then one for each that is far from the rest. */
export function wholeScenes(configuration: Configuration, seed: number): Plan[] {
  const { clientsPerNode, endMs, farMs, nearMs } = method.whole;
  const shape = { clients: configuration.nodes * clientsPerNode, timeLimitMs: endMs };
  const scene = (run: number, apartMs: (random: Random) => ApartMs): Plan => {
    const random = new Streams(seed).stream("pacelc/whole", run);
    const plan = planOf(configuration, random, shape);
    const operations = busily(plan, random);
    const faults = distances(plan, sitesOf(configuration.system, plan), apartMs(random));
    return { ...plan, operations, faults };
  };
  const first = scene(0, () => evenly);
  const others = sitesOf(configuration.system, first).map((_, far) =>
    scene(far + 1, (random) => (one, other) => {
      const isFar = one === far || other === far;
      return isFar ? farMs : random.pick(nearMs);
    }),
  );
  return [first, ...others];
}

/**
 * As many as there are sites, each cut off as often as the others. Until then all is the same in every
 * run: whoever leads, and wherever a key is, some minority has it.
 */
export function cutScenes(configuration: Configuration, seed: number): CutScene[] {
  const { keys, healMs, cutMs } = method.cut;
  const random = new Streams(seed).stream("pacelc/cut");
  const plan = planOf(configuration, random, {
    clients: configuration.nodes * keys.length * FUNCTIONS,
    timeLimitMs: healMs,
  });
  const operations = separately(plan, random);
  const sites = sitesOf(configuration.system, plan);
  const apart = distances(plan, sites, evenly);
  return sites.map((_, run) => {
    const minority = minorityOf(sites, run).flat();
    const cut: Fault = {
      id: apart.length,
      kind: "partition",
      shape: "minority",
      atUs: cutMs * 1000,
      untilUs: healMs * 1000,
      groups: [minority, plan.nodes.filter((node) => !minority.includes(node))],
    };
    return { plan: { ...plan, operations, faults: [...apart, cut] }, minority };
  });
}

/** @throws UsageError for options, bugs or numbers of nodes that the system does not have. */
function planOf(
  { system, nodes, options, bugs }: Configuration,
  random: Random,
  { clients, timeLimitMs }: { clients: number; timeLimitMs: number },
): Plan {
  if (nodes < 2) throw new UsageError("one node has nobody to be cut off from: give --nodes 2");
  const { recovery: _, ...plan } = planRun({
    system,
    seed: random.int(1 << 30),
    workload: "kv",
    nemesis: ["none"],
    nodes,
    clients,
    options,
    bugs,
  });
  return {
    ...plan,
    network: { delayUs: method.nearUs, jitterUs: 0 },
    timeLimitUs: timeLimitMs * 1000,
    operationTimeoutUs: method.timeoutMs * 1000,
    faults: [],
  };
}

/** Nodes that stand together. Where all do, what can be cut are the links between nodes. */
function sitesOf({ sites }: System, { nodes, options }: Plan): Sites {
  const told = sites?.(nodes, options) ?? [];
  return told.length > 1 ? told : nodes.map((node) => [node]);
}

/** What lies between sites, in both directions alike. */
function distances({ timeLimitUs }: Plan, sites: Sites, apartMs: ApartMs): Fault[] {
  const links: { from: string[]; to: string[]; delayUs: number }[] = [];
  for (const [i, one] of sites.entries()) {
    for (const [j, other] of sites.entries()) {
      if (j <= i) continue;
      const delayUs = apartMs(i, j) * 1000 - method.nearUs;
      links.push({ from: [...one], to: [...other], delayUs });
      links.push({ from: [...other], to: [...one], delayUs });
    }
  }
  const always = { kind: "delay" as const, jitterUs: 0, atUs: 0, untilUs: timeLimitUs };
  return links.map((link, id) => ({ id, ...always, ...link }));
}

/** The most that are fewer than half, and one of two; others in every run. */
function minorityOf(sites: Sites, run: number): Sites {
  const size = Math.max(1, (sites.length - 1) >> 1);
  return Array.from({ length: size }, (_, i) => sites[(run + i) % sites.length] ?? []);
}

type Asked = Omit<PlannedOperation, "id" | "f" | "value"> & { read: boolean };

function busily({ nodes, clients }: Plan, random: Random): PlannedOperation[] {
  const { sharedKey, operationsPerClient, everyMs } = method.whole;
  const keys = [sharedKey, ...nodes];
  const all = Array.from({ length: clients }, (_, client) =>
    Array.from({ length: operationsPerClient }, (_, i): Asked => {
      const atUs = (method.beginMs + i * everyMs) * 1000 + random.int(everyMs * 1000);
      const node = nodes[client % nodes.length] as string;
      const read = random.chance(1, 2);
      const key = random.pick(read ? keys : [sharedKey, node]);
      return { client, node, atUs, key, read };
    }),
  );
  return numbered(all.flat());
}

function separately({ nodes }: Plan, random: Random): PlannedOperation[] {
  const { keys, endMs, everyMs } = method.cut;
  const places = nodes.flatMap((node) =>
    keys.flatMap((key) => [true, false].map((read) => ({ node, key, read }))),
  );
  const each = Math.floor((endMs - method.beginMs) / everyMs);
  const all = places.map((place, client) =>
    Array.from({ length: each }, (_, i): Asked => {
      const atUs = (method.beginMs + i * everyMs) * 1000 + random.int(everyMs * 1000);
      return { client, atUs, ...place };
    }),
  );
  return numbered(all.flat());
}

/** Every value is written once. */
function numbered(all: Asked[]): PlannedOperation[] {
  all.sort((a, b) => a.atUs - b.atUs || a.client - b.client);
  return all.map(({ read, ...where }, id) =>
    read ? { id, f: "read", value: null, ...where } : { id, f: "write", value: id + 1, ...where },
  );
}
