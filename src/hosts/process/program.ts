/**
 * One running program: bytes down its standard input, lines up from its standard output, its
 * standard error for the log. Every program leads a process group and a session of its own, so
 * that whatever it starts can be watched with it and ends with it.
 *
 * What it prints is read as it comes and kept in bounded memory: a line that is too long is
 * dropped, and a program that prints without end is killed.
 */

import type { execa } from "execa";
import { HarnessError, UsageError } from "../../base/errors.js";
import type { CommandLine } from "./command-line.js";
import { guard, killGroup, release, signalGroup } from "./guardian.js";
import { LineReader } from "./lines.js";
import { turn, within } from "./real-time.js";

export const limits = {
  /** A longer line is dropped. */
  lineBytes: 1024 * 1024,
  /** More output than this before anybody collects it, and the program babbles. */
  lines: 10_000,
  bytes: 64 * 1024 * 1024,
  stderrLineBytes: 4096,
  /** Lines of standard error kept to tell why a program died. */
  stderrTail: 32,
} as const;

/** How long the last output of a dead program is waited for: a grandchild may hold its pipes. */
const LAST_WORDS_MS = 200;
const KILL_MS = 2_000;

/** Errors of spawning that are not the program's fault. */
const exhausted = new Set(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"]);

export interface ProgramOptions {
  command: CommandLine;
  cwd: string;
  environment: { [name: string]: string };
  /** Something came that has to be looked at: output, or the program's end. */
  stirred(): void;
  stderr(line: string): void;
}

export interface Output {
  lines: string[];
  /** Lines that were dropped for their length. */
  tooLong: number;
}

type Child = ReturnType<typeof spawnProgram>;

export class Program {
  readonly pid: number;
  /** How it ended, once it has: a sentence's end, such as "exited with code 1". */
  ending: string | undefined;
  babbled = false;
  readonly stderrTail: string[] = [];
  /** Bytes of output since the start. */
  bytesOut = 0;
  readonly #child: Child;
  readonly #options: ProgramOptions;
  readonly #ended: Promise<void>;
  readonly #silenced: Promise<unknown>;
  #output: Output = { lines: [], tooLong: 0 };
  #bytesHeld = 0;

  /**
   * @throws UsageError when the system refuses to execute the file; HarnessError when it has no
   * room for another process.
   */
  static async start(options: ProgramOptions): Promise<Program> {
    // Loaded only here: it takes longer to load than all the rest of the command line.
    const child = spawnProgram((await import("execa")).execa, options);
    if (child.pid === undefined) {
      const { code, originalMessage } = await child;
      const reason = `cannot start ${options.command.file}: ${originalMessage ?? code ?? "unknown reason"}`;
      if (code !== undefined && exhausted.has(code)) throw new HarnessError(reason);
      throw new UsageError(
        `--bin: ${reason}: check that it is a program (a script needs a #! line)`,
      );
    }
    return new Program(child, child.pid, options);
  }

  private constructor(child: Child, pid: number, options: ProgramOptions) {
    this.#child = child;
    this.pid = pid;
    this.#options = options;
    guard(pid);
    this.#ended = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        this.ending = signal === null ? `exited with code ${code}` : `was killed by ${signal}`;
        killGroup(pid);
        release(pid);
        options.stirred();
        resolve();
      });
    });
    this.#silenced = new Promise((resolve) => child.once("close", resolve));
    // What is written to a program that has just died is lost, as on a real pipe.
    child.stdin.on("error", () => undefined);
    this.#readOutput();
    this.#readErrors();
  }

  /** Writes one line. Returns its length in bytes. */
  write(line: string): number {
    if (this.ending === undefined) this.#child.stdin.write(`${line}\n`);
    return Buffer.byteLength(line) + 1;
  }

  /** Whether lines wait to be taken. */
  get hasOutput(): boolean {
    return this.#output.lines.length > 0 || this.#output.tooLong > 0;
  }

  /** Takes all lines that came since the last time. */
  take(): Output {
    const output = this.#output;
    this.#output = { lines: [], tooLong: 0 };
    this.#bytesHeld = 0;
    return output;
  }

  /** Reads what the program has written so far; all of it, once it has ended. */
  async drain(): Promise<void> {
    if (this.ending !== undefined) return within(LAST_WORDS_MS, this.#silenced);
    let before: number;
    do {
      before = this.bytesOut;
      // The first turn may be the rest of the present one, which has looked at the pipes already.
      await turn();
      await turn();
    } while (this.bytesOut !== before && !this.babbled);
  }

  /** Kills the program and everything that it started. */
  async kill(): Promise<void> {
    if (this.ending === undefined) {
      killGroup(this.pid);
      await within(KILL_MS, this.#ended);
    }
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#child.stdin.destroy();
  }

  pause(paused: boolean): void {
    signalGroup(this.pid, paused ? "SIGSTOP" : "SIGCONT");
  }

  #readOutput(): void {
    const reader = new LineReader({
      lengthMax: limits.lineBytes,
      line: (text) => this.#output.lines.push(text),
      tooLong: () => this.#output.tooLong++,
    });
    const { stdout } = this.#child;
    stdout.on("data", (chunk: Buffer) => {
      if (this.babbled) return;
      this.bytesOut += chunk.length;
      this.#bytesHeld += chunk.length;
      reader.push(chunk);
      if (this.#output.lines.length > limits.lines || this.#bytesHeld > limits.bytes) {
        this.babbled = true;
        killGroup(this.pid);
      }
      this.#options.stirred();
    });
    stdout.on("end", () => {
      reader.end();
      this.#options.stirred();
    });
    stdout.on("error", () => undefined);
  }

  #readErrors(): void {
    const line = (text: string): void => {
      if (this.stderrTail.push(text) > limits.stderrTail) this.stderrTail.shift();
      this.#options.stderr(text);
    };
    const reader = new LineReader({
      lengthMax: limits.stderrLineBytes,
      line,
      tooLong: () => line(`(a line of more than ${limits.stderrLineBytes} bytes)`),
    });
    const { stderr } = this.#child;
    stderr.on("data", (chunk: Buffer) => reader.push(chunk));
    stderr.on("end", () => reader.end());
    stderr.on("error", () => undefined);
  }
}

function spawnProgram(run: typeof execa, { command, cwd, environment }: ProgramOptions) {
  return run(command.file, command.args, {
    cwd,
    env: environment,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    buffer: false,
    detached: true,
    cleanup: false,
    reject: false,
  });
}
