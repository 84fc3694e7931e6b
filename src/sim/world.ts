/**
 * The simulated world: machines on a network in virtual time, and the faults that befall them.
 *
 * A machine owns its clock, its disk and its node's host; the world delivers messages and timers to
 * running nodes, holds them back from paused ones and drops them for dead ones.
 */

import type { Json } from "../base/json.js";
import type { HostFactory } from "./host.js";
import type { Kernel } from "./kernel.js";
import { SimulatedMachine } from "./machine.js";
import type { MachineWorld, WorldListener } from "./machine-world.js";
import { Membership } from "./membership.js";
import { Moments } from "./moments.js";
import type { Network } from "./network.js";

export interface WorldOptions {
  kernel: Kernel;
  network: Network;
  nodes: readonly string[];
  /** Those that make up the cluster at the beginning; all, when left out. The others do not run yet. */
  members?: readonly string[];
  clocks: { readonly [node: string]: { wallOffsetUs: number } };
  makeHost: HostFactory;
  listener: WorldListener;
}

/** Calendar time at which every simulated run begins: 2020-01-01T00:00:00Z, in microseconds. */
export const EPOCH_US = 1_577_836_800_000_000;

export class SimulatedWorld implements MachineWorld {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly nodes: readonly string[];
  readonly members: readonly string[];
  readonly membership: Membership;
  readonly listener: WorldListener;
  readonly moments: Moments;
  readonly #machines = new Map<string, SimulatedMachine>();
  #leader: { node: string; term: number } | undefined;

  constructor(options: WorldOptions) {
    this.kernel = options.kernel;
    this.network = options.network;
    this.nodes = options.nodes;
    this.members = options.members ?? options.nodes;
    this.listener = options.listener;
    this.moments = new Moments(options.kernel);
    options.network.tell((name) => options.listener.probe(name));
    options.nodes.forEach((id, ordinal) => {
      const wallStartUs = EPOCH_US + (options.clocks[id]?.wallOffsetUs ?? 0);
      const machine = new SimulatedMachine(this, { id, ordinal, wallStartUs }, options.makeHost);
      this.#machines.set(id, machine);
    });
    this.membership = new Membership(this);
  }

  get machines(): IterableIterator<SimulatedMachine> {
    return this.#machines.values();
  }

  machine(id: string): SimulatedMachine {
    const machine = this.#machines.get(id);
    if (machine === undefined) throw new RangeError(`no node ${id} in this world`);
    return machine;
  }

  /** Boots every member at the present time. */
  boot(): void {
    for (const machine of this.machines) {
      if (this.members.includes(machine.id)) machine.scheduleBoot();
      else machine.keepDown();
    }
  }

  /** Who last said that it leads, by the highest term. */
  get leader(): string | undefined {
    return this.#leader?.node;
  }

  observe(node: string, f: string, value: Json): void {
    const term = f === "leader" ? termOf(value) : undefined;
    if (term !== undefined && (this.#leader === undefined || term >= this.#leader.term)) {
      this.#leader = { node, term };
    }
    this.listener.observed(node, f, value);
    if (term !== undefined) this.moments.leads(node, term);
  }

  async close(): Promise<void> {
    for (const machine of this.machines) await machine.host.close?.();
  }
}

/** The term of an observation that a node leads; those of a system without terms are all in one. */
function termOf(value: Json): number | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return typeof value["term"] === "number" ? value["term"] : 0;
}
