/**
 * Hosts a node that is an external program, unmodified, speaking Maelstrom's protocol on standard
 * input and output. One message at a time goes in; the next one only when the program rests, and
 * what came out is sent through the simulated network. So the order of messages and faults is the
 * seed's, as long as programs speak only when spoken to.
 *
 * A crash is SIGKILL: a new program is started, `init` is sent again, nothing is kept. A pause is
 * SIGSTOP. The program's clock, disk and randomness are the real ones.
 */

import type { JsonObject } from "../../base/json.js";
import type { Host, Machine } from "../../sim/host.js";
import type { Message } from "../../sim/message.js";
import type { EndpointKind } from "../../sim/network.js";
import type { CommandLine } from "./command-line.js";
import { ConductReport, excerpt } from "./conduct-report.js";
import { formatEnvelope } from "./envelope.js";
import { type Failure, type HandshakeResult, shakeHands } from "./handshake.js";
import { Outbox } from "./outbox.js";
import { limits, Program } from "./program.js";
import { realMs, sleep } from "./real-time.js";
import { Timers } from "./timers.js";
import { type RestResult, type Watch, watch } from "./watch.js";

/** How long a program is waited for, in real time. */
export interface Patience {
  /** For its answer to `init` and to each request of the workload's set-up. */
  answerMs: number;
  /** For it to come to rest after one message. */
  workMs: number;
}

export const patienceUsual: Patience = { answerMs: 10_000, workMs: 5_000 };

const STDERR_LINES_MAX = 1_000;

/** What all programs of a run share. */
export interface Surroundings {
  command: CommandLine;
  cwd: string;
  patience: Patience;
  environment(): { [name: string]: string };
  /** Requests of the workload that this node must have answered before clients begin. */
  setup(node: string): readonly JsonObject[];
  /** Some node boots: if it is the first, all programs are started side by side. */
  booting(): void;
  /** Virtual time. */
  nowUs(): number;
  /** Numbers the messages delivered in this run. */
  nextId(): number;
  /** What kind of thing bears this name on the network. */
  kindOf(name: string): EndpointKind | undefined;
  /** Some program did something; if it was not asked to, it must be attended to. */
  stirred(): void;
}

export class ProcessHost implements Host {
  readonly timers = new Timers();
  /** A program woke, spoke or ended of itself, or may have: what it does depends on real time. */
  unprompted = false;
  readonly #machine: Machine;
  readonly #around: Surroundings;
  readonly #report: ConductReport;
  readonly #outbox: Outbox;
  #program: Program | undefined;
  #watch: Watch | undefined;
  #starting: Promise<HandshakeResult> | undefined;
  /** It never answered: to start it once more would only cost time. */
  #mute = false;
  #paused = false;
  #closed = false;
  #stderrLines = 0;
  /** How much it had said when it was last spoken to. */
  #bytesOutBefore = 0;

  constructor(machine: Machine, around: Surroundings) {
    this.#machine = machine;
    this.#around = around;
    this.#report = new ConductReport(machine);
    const { kindOf } = around;
    this.#outbox = new Outbox({ machine, report: this.#report, kindOf });
  }

  /**
   * Starts the program and has it initialised; may be called ahead of its boot. What it says
   * meanwhile waits for the boot, so that the world decides the order.
   */
  start(): Promise<unknown> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async boot(): Promise<void> {
    if (this.#mute) return;
    this.#around.booting();
    this.#starting ??= this.#start();
    const { early, failure, wake } = await this.#starting;
    this.#starting = undefined;
    this.#outbox.post(early);
    this.timers.observe(wake, this.#around.nowUs());
    if (failure === undefined) return;
    this.#mute = failure.kind === "silent";
    await this.#down(failure);
  }

  async deliver(message: Message): Promise<void> {
    // What it did by itself until now was not caused by this message.
    if (this.#isDue || this.needsAttention) await this.attend(this.#around.nowUs());
    const [program, watch] = [this.#program, this.#watch];
    if (program === undefined || watch === undefined) return;
    this.#bytesOutBefore = program.bytesOut;
    watch.beforeWrite();
    const unread = program.write(formatEnvelope(this.#around.nextId(), message));
    const rest = await watch.rest({ unread, limitMs: this.#around.patience.workMs });
    if (this.#isDue) this.unprompted = true;
    await this.#conclude(program, rest, this.#around.nowUs());
  }

  async kill(): Promise<void> {
    const program = this.#program;
    this.#program = undefined;
    this.#watch?.close();
    this.#watch = undefined;
    this.#paused = false;
    this.timers.clear();
    await program?.kill();
  }

  /** A pause during which timers of the program are due takes as long in real time. */
  async pause(paused: boolean): Promise<void> {
    const program = this.#program;
    if (program === undefined || paused === this.#paused) return;
    this.#paused = paused;
    if (!paused) await sleep(this.timers.realMsAt(this.#around.nowUs()) - realMs());
    program.pause(paused);
    if (!paused) await this.attend(this.#around.nowUs());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#report.close();
    await this.kill();
    await this.#starting?.catch(() => undefined);
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** It said something, or ended, since it last came to rest. */
  get needsAttention(): boolean {
    const program = this.#program;
    if (program === undefined || this.#starting !== undefined) return false;
    return program.hasOutput || program.ending !== undefined || program.babbled;
  }

  get #isDue(): boolean {
    return realMs() >= this.timers.wakeMs;
  }

  /** Waits until the program rests, and takes what it said of itself as said at `atUs`. */
  async attend(atUs: number): Promise<void> {
    const [program, watch] = [this.#program, this.#watch];
    if (program === undefined || watch === undefined) return;
    const rest = await watch.rest({ limitMs: this.#around.patience.workMs });
    if (this.#isDue || this.needsAttention) this.unprompted = true;
    await this.#conclude(program, rest, atUs);
  }

  async #start(): Promise<HandshakeResult> {
    const { command, cwd, patience, setup, nextId } = this.#around;
    const { id, nodes } = this.#machine;
    const program = await Program.start({
      command,
      cwd,
      environment: this.#around.environment(),
      stirred: () => this.#around.stirred(),
      stderr: (line) => this.#log(line),
    });
    const itsWatch = watch(program);
    this.#program = program;
    this.#watch = itsWatch;
    if (this.#closed) await this.kill();
    return shakeHands({
      program,
      watch: itsWatch,
      node: id,
      requests: [{ type: "init", node_id: id, node_ids: [...nodes] }, ...setup(id)],
      nextId,
      answerMs: patience.answerMs,
      failure: (rest) => this.#failure(program, rest),
      log: (text) => this.#log(text),
    });
  }

  /** Sends what the program said, and sees whether it can go on. */
  async #conclude(program: Program, rest: RestResult, atUs: number): Promise<void> {
    const said = program.take();
    if (!program.babbled) this.#outbox.post(said);
    // What it said may have been the moment at which a fault was to kill it.
    if (this.#program !== program) return;
    if (this.#watch?.certain === false) this.unprompted = true;
    const failure = this.#failure(program, rest);
    if (failure !== undefined) await this.#down(failure);
    else if (rest.state === "rest") this.timers.observe(rest.at, atUs);
  }

  #failure(program: Program, rest: RestResult): Failure | undefined {
    if (program.babbled) {
      const detail = `wrote more than ${limits.lines} lines or ${limits.bytes >> 20} MiB at once`;
      return { kind: "babbling", detail };
    }
    if (program.ending !== undefined) {
      const tail = program.stderrTail;
      if (tail.length > 0) this.#machine.log("last lines of its standard error", [...tail]);
      const words = tail.length > 0 ? `; its last words: ${excerpt(tail.at(-1) ?? "")}` : "";
      return { kind: "crashed", detail: `${program.ending}${words}` };
    }
    if (rest.state !== "restless") return undefined;
    const seconds = this.#around.patience.workMs / 1000;
    if (program.bytesOut - this.#bytesOutBefore > limits.lineBytes) {
      return { kind: "babbling", detail: `still wrote ${seconds} s after the last message` };
    }
    return { kind: "silent", detail: `worked for ${seconds} s without coming to rest` };
  }

  async #down({ kind, detail }: Failure): Promise<void> {
    await this.kill();
    this.#machine.misconduct(kind, detail, true);
  }

  #log(line: string): void {
    if (++this.#stderrLines <= STDERR_LINES_MAX) this.#machine.log(line);
  }
}
