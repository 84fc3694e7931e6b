/**
 * External programs as nodes, for one run: delivery in lock-step, real time only where a program
 * has timers of its own, and Maelstrom's services beside the nodes.
 */

import { assert } from "../../base/errors.js";
import type { FaultKind } from "../../plan/fault.js";
import { linkFaultKinds } from "../../plan/fault.js";
import type { HostKind, RunContext } from "../../sim/host.js";
import type { VirtualTime } from "../../sim/kernel.js";
import { type CommandLine, parseCommandLine } from "./command-line.js";
import { ProcessHost, type Surroundings } from "./process-host.js";
import { realMs, within } from "./real-time.js";
import { attachService, services } from "./services/index.js";
import { NEVER } from "./watch.js";

export { parseCommandLine } from "./command-line.js";
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
}

/**
 * Hosts every node as a process of its own. POSIX only; on Linux rest is proven, elsewhere guessed.
 * @throws UsageError for a program that does not exist or may not be executed.
 */
export function processHostKind(options: ProcessHostOptions): HostKind {
  const cwd = options.cwd ?? process.cwd();
  const command = parseCommandLine(options.bin, { cwd, path: process.env["PATH"] });
  return new Fleet(command, cwd).kind();
}

/** All programs of one run, and the two times that they and the world live in. */
class Fleet {
  readonly #command: CommandLine;
  readonly #cwd: string;
  readonly #hosts: ProcessHost[] = [];
  #run: RunContext | undefined;
  #deliveries = 0;
  #started = false;
  /** Wakes whoever waits for real time to pass. */
  #wake: () => void = () => undefined;

  constructor(command: CommandLine, cwd: string) {
    this.#command = command;
    this.#cwd = cwd;
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
      command: this.#command,
      cwd: this.#cwd,
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
    let first: ProcessHost | undefined;
    for (const host of this.#hosts) {
      if (host.paused) continue;
      if (host.needsAttention) return host.attend(this.#context.kernel.now);
      const { horizonUs } = host.timers;
      if (horizonUs < toUs && horizonUs < (first?.timers.horizonUs ?? NEVER)) first = host;
    }
    return first === undefined ? undefined : this.#waitFor(first, toUs);
  }

  /** Lets real time pass until a program's timer runs out, or some program stirs before. */
  async #waitFor(host: ProcessHost, toUs: VirtualTime): Promise<void> {
    const stirred = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const untilMs = host.timers.waitUntilMs(toUs);
    await within(Math.max(0, untilMs - realMs()) + 1, stirred);
    this.#wake = () => undefined;
    if (realMs() < untilMs && !host.needsAttention) return;
    const { kernel } = this.#context;
    const atUs = Math.max(kernel.now, Math.min(toUs, host.timers.virtualUs()));
    kernel.advanceTo(atUs);
    await host.attend(atUs);
  }
}

/** Programs may take their randomness from the run's seed; Python's order of sets is fixed. */
function environment(seed: number): { [name: string]: string } {
  return {
    FAULTLINE_SEED: String(seed),
    PYTHONHASHSEED: process.env["PYTHONHASHSEED"] ?? "0",
  };
}
