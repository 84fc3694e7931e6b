/**
 * External programs as nodes, for one run: delivery in lock-step, real time only where a program
 * has timers of its own, and Maelstrom's services beside the nodes.
 */

import { assert } from "../../base/errors.js";
import type { FaultKind } from "../../plan/fault.js";
import { linkFaultKinds } from "../../plan/fault.js";
import type { HostKind, RunContext } from "../../sim/host.js";
import type { VirtualTime } from "../../sim/kernel.js";
import { parseCommandLine } from "./command-line.js";
import { type Patience, ProcessHost, patienceUsual, type Surroundings } from "./process-host.js";
import { realMs, within } from "./real-time.js";
import { attachService, services } from "./services/index.js";

export { parseCommandLine } from "./command-line.js";
export type { Patience } from "./process-host.js";
export { services } from "./services/index.js";

/** What may befall an external program; its clock and its disk are not ours. */
export const processFaultKinds: readonly FaultKind[] = [
  "partition",
  ...linkFaultKinds,
  "crash",
  "pause",
];

export interface ProcessHostOptions {
  /** The command line of the program, with its arguments. */
  bin: string;
  /** Its working directory; the caller's when left out. */
  cwd?: string;
  /** How long programs are waited for, where the usual times do not fit. */
  patience?: Partial<Patience>;
}

/**
 * Hosts every node as a process of its own. POSIX only; on Linux rest is proven, elsewhere guessed.
 * @throws UsageError for a program that does not exist or may not be executed.
 */
export function processHostKind(options: ProcessHostOptions): HostKind {
  const cwd = options.cwd ?? process.cwd();
  const command = parseCommandLine(options.bin, { cwd, path: process.env["PATH"] });
  return new Fleet({ command, cwd, patience: { ...patienceUsual, ...options.patience } }).kind();
}

/** All programs of one run, and the two times that they and the world live in. */
class Fleet {
  readonly #settings: Pick<Surroundings, "command" | "cwd" | "patience">;
  readonly #hosts: ProcessHost[] = [];
  #run: RunContext | undefined;
  #deliveries = 0;
  #started = false;
  /** Wakes whoever waits for real time to pass. */
  #wake: () => void = () => undefined;

  constructor(settings: Pick<Surroundings, "command" | "cwd" | "patience">) {
    this.#settings = settings;
  }

  kind(): HostKind {
    return {
      name: "process",
      exactness: "schedule",
      faultKinds: processFaultKinds,
      fenced: false,
      makeHost: (machine) => {
        const host = new ProcessHost(machine, this.#surroundings());
        this.#hosts.push(host);
        return host;
      },
      attach: (run) => {
        this.#run = run;
        for (const service of services) attachService(service, run.kernel, run.network);
      },
      beforeAdvance: (toUs) => this.#beforeAdvance(toUs),
      achieved: () => (this.#hosts.some((host) => host.unprompted) ? "statistical" : "schedule"),
    };
  }

  get #context(): RunContext {
    assert(this.#run !== undefined, "programs run before they joined a world");
    return this.#run;
  }

  #surroundings(): Surroundings {
    return {
      ...this.#settings,
      environment: () => environment(this.#context.seed),
      setup: (node) =>
        this.#context.setup.filter((request) => request.node === node).map(({ body }) => body),
      booting: () => {
        if (this.#started) return;
        this.#started = true;
        // Failures are reported by each host's own boot.
        for (const host of this.#hosts) host.start().catch(() => undefined);
      },
      nowUs: () => this.#context.kernel.now,
      nextId: () => this.#deliveries++,
      kindOf: (name) => this.#context.network.endpoint(name)?.kind,
      stirred: () => this.#wake(),
    };
  }

  /** Nothing to wait for, when programs only react; see Timers for those that have timers. */
  #beforeAdvance(toUs: VirtualTime): Promise<void> | undefined {
    const awake = this.#hosts.filter((host) => !host.paused);
    const stirred = awake.find((host) => host.needsAttention);
    if (stirred !== undefined) return stirred.attend(this.#context.kernel.now);
    const held = awake.filter((host) => host.timers.limitUs() < toUs);
    return held.length === 0 ? undefined : this.#waitFor(held, toUs);
  }

  /** Lets real time pass until a program's timer is due, or some program stirs before. */
  async #waitFor(held: readonly ProcessHost[], toUs: VirtualTime): Promise<void> {
    const stirred = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const reachedMs = Math.max(...held.map(({ timers }) => timers.realMsAt(toUs)));
    const untilMs = Math.min(reachedMs, ...held.map(({ timers }) => timers.wakeMs));
    await within(Math.max(0, untilMs - realMs()), stirred);
    this.#wake = () => undefined;
    const { kernel } = this.#context;
    const limitUs = Math.min(toUs, ...held.map(({ timers }) => timers.limitUs()));
    kernel.advanceTo(Math.max(kernel.now, limitUs));
    const due = held.find((host) => host.needsAttention || realMs() >= host.timers.wakeMs);
    if (due !== undefined) await due.attend(kernel.now);
  }
}

/** Programs may take their randomness from the run's seed; Python's order of sets is fixed. */
function environment(seed: number): { [name: string]: string } {
  return {
    FAULTLINE_SEED: String(seed),
    PYTHONHASHSEED: process.env["PYTHONHASHSEED"] ?? "0",
  };
}
