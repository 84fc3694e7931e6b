/**
 * The simulated world: machines on a network in virtual time, and the faults that befall them.
 *
 * A machine owns its clock, its disk and its node's host; the world delivers messages and timers to
 * running nodes, holds them back from paused ones and drops them for dead ones.
 */

import type { Json } from "../base/json.js";
import type { HostFactory } from "./host.js";
import type { Kernel } from "./kernel.js";
import { type MachineWorld, SimulatedMachine, type WorldListener } from "./machine.js";
import type { Network } from "./network.js";

export interface WorldOptions {
  kernel: Kernel;
  network: Network;
  nodes: readonly string[];
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
  readonly listener: WorldListener;
  readonly #machines = new Map<string, SimulatedMachine>();
  #leader: { node: string; term: number } | undefined;

  constructor(options: WorldOptions) {
    this.kernel = options.kernel;
    this.network = options.network;
    this.nodes = options.nodes;
    this.listener = options.listener;
    options.nodes.forEach((id, ordinal) => {
      const wallStartUs = EPOCH_US + (options.clocks[id]?.wallOffsetUs ?? 0);
      const machine = new SimulatedMachine(this, { id, ordinal, wallStartUs }, options.makeHost);
      this.#machines.set(id, machine);
    });
  }

  get machines(): IterableIterator<SimulatedMachine> {
    return this.#machines.values();
  }

  machine(id: string): SimulatedMachine {
    const machine = this.#machines.get(id);
    if (machine === undefined) throw new RangeError(`no node ${id} in this world`);
    return machine;
  }

  /** Boots every node at the present time. */
  boot(): void {
    for (const machine of this.machines) machine.scheduleBoot();
  }

  /** Who last said that it leads, by the highest term. */
  get leader(): string | undefined {
    return this.#leader?.node;
  }

  observe(node: string, f: string, value: Json): void {
    if (f === "leader" && typeof value === "object" && value !== null && !Array.isArray(value)) {
      const term = typeof value["term"] === "number" ? value["term"] : 0;
      if (this.#leader === undefined || term >= this.#leader.term) this.#leader = { node, term };
    }
    this.listener.observed(node, f, value);
  }

  async close(): Promise<void> {
    for (const machine of this.machines) await machine.host.close?.();
  }
}
