/**
 * Hosts a node that is an external program, unmodified, speaking Maelstrom's protocol on standard
 * input and output. One message at a time goes in; the next one only when every program rests, and
 * what came out is sent through the simulated network. So the order of messages and faults is the
 * seed's, as long as a program speaks only when spoken to.
 *
 * A crash is SIGKILL: a new program is started, `init` is sent again, nothing is kept. A pause is
 * SIGSTOP. The program's clock, disk and randomness are the real ones.
 */

import type { JsonObject } from "../../base/json.js";
import type { Host, Machine, Misconduct } from "../../sim/host.js";
import type { Message } from "../../sim/message.js";
import type { EndpointKind } from "../../sim/network.js";
import { NotPlainData } from "../../sim/seal.js";
import type { CommandLine } from "./command-line.js";
import { ConductReport, excerpt } from "./conduct-report.js";
import { asClientSees, formatEnvelope, parseEnvelope } from "./envelope.js";
import { limits, Program } from "./program.js";
import { realMs, sleep } from "./real-time.js";
import { Timers } from "./timers.js";
import { NEVER, type RestResult, type Watch, watch } from "./watch.js";

/** In whose name nodes are initialised: a client that never invokes anything. */
export const HARNESS_CLIENT = "c1000000";

/** How long a program has for `init` and for each request of the workload's set-up. */
const ANSWER_MS = 10_000;
/** A program that rests for this long without any timer has no answer coming. */
const NO_ANSWER_MS = 1_000;
/** How long a program may work on one message. */
const WORK_MS = 5_000;
/** How often it is looked at while its answer is awaited. */
const ANSWER_POLL_MS = 10;
const STDERR_LINES_MAX = 1_000;

/** What all programs of a run share. */
export interface Surroundings {
  command: CommandLine;
  cwd: string;
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

interface Failure {
  kind: Misconduct;
  detail: string;
}

export class ProcessHost implements Host {
  readonly timers = new Timers();
  /** A program spoke or ended unasked, or may have: its schedule is its own. */
  unprompted = false;
  readonly #machine: Machine;
  readonly #around: Surroundings;
  readonly #report: ConductReport;
  #program: Program | undefined;
  #watch: Watch | undefined;
  #starting: Promise<Failure | undefined> | undefined;
  /** It never answered `init`: to start it once more would only cost time. */
  #mute = false;
  #requests = 0;
  #stderrLines = 0;
  #pausedAt: { realMs: number; virtualUs: number } | undefined;
  /** What it said while it started; sent when its boot is due. */
  #early: string[] = [];

  constructor(machine: Machine, around: Surroundings) {
    this.#machine = machine;
    this.#around = around;
    this.#report = new ConductReport(machine);
  }

  /**
   * Starts the program and has it initialised; may be called ahead of its boot. What it says
   * meanwhile waits for the boot, so that the world decides the order.
   */
  start(): Promise<Failure | undefined> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async boot(): Promise<void> {
    if (this.#mute) return;
    this.start();
    const failure = await this.#starting;
    this.#starting = undefined;
    for (const line of this.#early.splice(0)) this.#emit(line);
    if (failure !== undefined) {
      this.#mute = failure.kind === "silent";
      await this.#down(failure);
    }
  }

  async deliver(message: Message): Promise<void> {
    if (this.needsAttention) await this.attend(this.#around.nowUs());
    const [program, watch] = [this.#program, this.#watch];
    if (program === undefined || watch === undefined) return;
    watch.beforeWrite();
    const unread = program.write(formatEnvelope(this.#around.nextId(), message));
    const rest = await watch.rest({ unread, limitMs: WORK_MS });
    // A timer that went off meanwhile may be the one that spoke.
    if (program.hasOutput && realMs() > this.timers.wakeMs) this.unprompted = true;
    await this.#conclude(program, rest, this.#around.nowUs());
  }

  async kill(): Promise<void> {
    const program = this.#program;
    this.#program = undefined;
    this.#watch?.close();
    this.#watch = undefined;
    this.#pausedAt = undefined;
    this.timers.clear();
    await program?.kill();
  }

  /** A pause in which timers of the program would have run out takes as long in real time. */
  async pause(paused: boolean): Promise<void> {
    const virtualUs = this.#around.nowUs();
    if (paused) {
      this.#program?.pause(true);
      this.#pausedAt = { realMs: realMs(), virtualUs };
      return;
    }
    const since = this.#pausedAt;
    this.#pausedAt = undefined;
    if (since === undefined || this.#program === undefined) return;
    if (this.timers.horizonUs < virtualUs) {
      await sleep(since.realMs + (virtualUs - since.virtualUs) / 1000 - realMs());
    }
    this.#program.pause(false);
    await this.attend(virtualUs);
  }

  async close(): Promise<void> {
    this.#report.close();
    await this.kill();
  }

  get paused(): boolean {
    return this.#pausedAt !== undefined;
  }

  /** It said something, or ended, since it last came to rest. */
  get needsAttention(): boolean {
    const program = this.#program;
    if (program === undefined || this.#starting !== undefined) return false;
    return program.hasOutput || program.ending !== undefined || program.babbled;
  }

  /** Waits until the program rests, and takes what it said of itself as said at `atUs`. */
  async attend(atUs: number): Promise<void> {
    const [program, watch] = [this.#program, this.#watch];
    if (program === undefined || watch === undefined) return;
    const rest = await watch.rest({ limitMs: WORK_MS });
    if (this.needsAttention) this.unprompted = true;
    await this.#conclude(program, rest, atUs);
  }

  async #start(): Promise<Failure | undefined> {
    const { command, cwd, setup } = this.#around;
    const { id, nodes } = this.#machine;
    const program = await Program.start({
      command,
      cwd,
      environment: this.#around.environment(),
      stirred: () => this.#around.stirred(),
      stderr: (line) => this.#log(line),
    });
    this.#program = program;
    this.#watch = watch(program);
    const requests = [{ type: "init", node_id: id, node_ids: [...nodes] }, ...setup(id)];
    for (const request of requests) {
      const failure = await this.#ask(program, this.#watch, request);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** Puts a request of our own to the program and waits for its answer. */
  async #ask(program: Program, watch: Watch, body: JsonObject): Promise<Failure | undefined> {
    const msg_id = ++this.#requests;
    const message = { src: HARNESS_CLIENT, dest: this.#machine.id, body: { ...body, msg_id } };
    const start = realMs();
    let answeredAt: number | undefined;
    watch.beforeWrite();
    let unread = program.write(formatEnvelope(this.#around.nextId(), message));
    for (;;) {
      const rest = await watch.rest({ unread, limitMs: ANSWER_MS });
      unread = 0;
      if (this.#sift(program, msg_id)) answeredAt ??= realMs();
      const failure = this.#failure(program, rest);
      if (failure !== undefined) return failure;
      if (answeredAt !== undefined && rest.state === "rest") {
        this.timers.observe(rest.at, this.#around.nowUs());
        return undefined;
      }
      const waited = realMs() - start;
      const hopeless = watch.certain && rest.state === "rest" && rest.at === NEVER;
      if (waited > ANSWER_MS || (hopeless && waited > NO_ANSWER_MS)) {
        const type = String(body["type"]);
        const hint = "is there a flush after each line?";
        const detail = `did not answer "${type}" within ${Math.round(waited / 1000)} s (${hint})`;
        return { kind: "silent", detail };
      }
      await sleep(ANSWER_POLL_MS);
    }
  }

  /** Keeps what was said for later, except the answer to our request; true when that was in it. */
  #sift(program: Program, msgId: number): boolean {
    let answered = false;
    const { lines, tooLong } = program.take();
    for (const line of lines) {
      const envelope = parseEnvelope(line);
      const isAnswer =
        "body" in envelope &&
        envelope.dest === HARNESS_CLIENT &&
        envelope.body["in_reply_to"] === msgId;
      if (isAnswer) answered = true;
      else this.#early.push(line);
      if (isAnswer && envelope.body["type"] === "error") this.#log(`refused: ${excerpt(line)}`);
    }
    for (let i = 0; i < tooLong; i++) this.#tooLong();
    return answered;
  }

  /** Sends what the program said, and sees whether it can go on. */
  async #conclude(program: Program, rest: RestResult, atUs: number): Promise<void> {
    if (!program.babbled) {
      const { lines, tooLong } = program.take();
      for (const line of lines) this.#emit(line);
      for (let i = 0; i < tooLong; i++) this.#tooLong();
    }
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
      return { kind: "crashed", detail: `${program.ending}, unasked${words}` };
    }
    if (rest.state !== "restless") return undefined;
    return { kind: "silent", detail: `worked for ${WORK_MS / 1000} s without coming to rest` };
  }

  async #down({ kind, detail }: Failure): Promise<void> {
    await this.kill();
    this.#machine.misconduct(kind, detail, true);
  }

  /** One line of output: a message to send, or a misconduct. */
  #emit(line: string): void {
    const envelope = parseEnvelope(line);
    if ("problem" in envelope) {
      this.#report.add("bad-message", `printed ${envelope.problem}: ${excerpt(line)}`);
      return;
    }
    const { src, dest, body, marked } = envelope;
    if (dest === HARNESS_CLIENT) return;
    const kind = this.#around.kindOf(dest);
    if (kind === undefined) {
      const detail = `sent a message to "${dest}", which does not exist: ${excerpt(line)}`;
      this.#report.add("unknown-destination", detail);
    } else if (this.#around.kindOf(src) === undefined) {
      const detail = `spoke in the name of "${src}", which does not exist: ${excerpt(line)}`;
      this.#report.add("bad-message", detail);
    } else this.#send(dest, marked && kind === "client" ? asClientSees(body) : body, src);
  }

  #send(dest: string, body: JsonObject, src: string): void {
    try {
      this.#machine.send(dest, body, src);
    } catch (error) {
      if (!(error instanceof NotPlainData)) throw error;
      this.#report.add("bad-message", `sent a body that is ${error.message}`);
    }
  }

  #tooLong(): void {
    const detail = `printed a line of more than ${limits.lineBytes} bytes, which was dropped`;
    this.#report.add("oversized-message", detail);
  }

  #log(line: string): void {
    if (++this.#stderrLines <= STDERR_LINES_MAX) this.#machine.log(line);
  }
}
