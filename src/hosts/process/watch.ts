/**
 * When is a program at rest? It has read what it was given, has said what it had to say, and waits.
 *
 * On Linux this is read from /proc and certain (see proc/program-threads.ts). Elsewhere a program
 * counts as resting when nothing came for a while: late output is then possible, and the run no
 * longer promises its schedule.
 */

import { ProgramThreads } from "./proc/program-threads.js";
import { knowsSyscalls, NEVER, type Wake } from "./proc/syscalls.js";
import type { Program } from "./program.js";
import { nap, realMs, sleep, turn } from "./real-time.js";

export type { Wake };
export { NEVER };

export interface RestOptions {
  /** Bytes that were just written to it and that it should have read. */
  unread?: number;
  /** How long it may work. */
  limitMs: number;
}

/** `at`: when it will go on by itself. A program that did not come to rest was still at work. */
export type RestResult = { state: "rest"; at: Wake } | { state: "ended" } | { state: "restless" };

export interface Watch {
  /** Whether rest is proven and not guessed. */
  readonly certain: boolean;
  /** To be called before anything is written, so that its reading is seen. */
  beforeWrite(): void;
  /** Waits until the program rests or has ended, then reads its output. */
  rest(options: RestOptions): Promise<RestResult>;
  close(): void;
}

/** The best watch that this machine offers. */
export function watch(program: Program): Watch {
  return knowsSyscalls && process.platform === "linux"
    ? new ProcWatch(program)
    : new QuietWatch(program);
}

/** A time-out this near counts as work: the program is about to go on. */
const SOON_MS = 2;
/** But a program that never sleeps longer is at rest too, after this long without output. */
const NO_OUTPUT_MS = 20;
/** A program that is asleep and does not look at its input is not waited for longer than this. */
const UNREAD_MS = 50;

class ProcWatch implements Watch {
  readonly #program: Program;
  readonly #threads: ProgramThreads;
  #bytesBefore = 0;
  #fallback: QuietWatch | undefined;

  constructor(program: Program) {
    this.#program = program;
    this.#threads = new ProgramThreads(program.pid);
  }

  get certain(): boolean {
    return this.#fallback === undefined;
  }

  beforeWrite(): void {
    this.#guarded(() => {
      this.#bytesBefore = this.#threads.bytesRead();
    });
  }

  async rest(options: RestOptions): Promise<RestResult> {
    const program = this.#program;
    const start = realMs();
    let outputAt = start;
    let bytesOut = program.bytesOut;
    for (;;) {
      if (this.#fallback !== undefined) return this.#fallback.rest(options);
      if (program.ending !== undefined || program.babbled) return this.#end();
      const atRest = this.#guarded(() => this.#threads.atRest());
      const now = realMs();
      if (program.bytesOut !== bytesOut) outputAt = now;
      bytesOut = program.bytesOut;
      if (atRest) {
        const at = this.#threads.wake();
        const reads = this.#hasRead(options.unread ?? 0) || now - start > UNREAD_MS;
        const stays = at === "unknown" || at - now > SOON_MS || now - outputAt > NO_OUTPUT_MS;
        if (reads && stays) {
          await program.drain();
          // With that much in the pipe it may have waited for us, to write more.
          if (program.bytesOut - bytesOut < PIPE_BYTES) return { state: "rest", at };
        }
      }
      if (now - start > options.limitMs) return { state: "restless" };
      await breathe(now - outputAt);
    }
  }

  close(): void {
    this.#threads.close();
  }

  #hasRead(bytes: number): boolean {
    return bytes === 0 || this.#threads.bytesRead() - this.#bytesBefore >= bytes;
  }

  async #end(): Promise<RestResult> {
    await this.#program.drain();
    return { state: "ended" };
  }

  /** A program that changed its user may not be looked into: then the clock must do. */
  #guarded<T>(look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EACCES" && code !== "EPERM") throw error;
      this.#threads.close();
      this.#fallback = new QuietWatch(this.#program);
      return undefined;
    }
  }
}

/** Less than what a pipe holds, however small the pieces that were written to it. */
const PIPE_BYTES = 8192;

/** Lets the program work, and looks the less often the longer it has been quietly at it. */
async function breathe(quietMs: number): Promise<void> {
  if (quietMs < 0.2) nap(0.01);
  else if (quietMs < 5) await turn();
  else await sleep(1);
}

/** No output for this long counts as rest where nothing better can be known. */
const QUIET_MS = 25;

export class QuietWatch implements Watch {
  readonly certain = false;
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  beforeWrite(): void {}

  async rest(options: RestOptions): Promise<RestResult> {
    const program = this.#program;
    const start = realMs();
    for (;;) {
      const before = program.bytesOut;
      await sleep(QUIET_MS);
      if (program.ending !== undefined || program.babbled) {
        await program.drain();
        return { state: "ended" };
      }
      if (program.bytesOut === before) return { state: "rest", at: "unknown" };
      if (realMs() - start > options.limitMs) return { state: "restless" };
    }
  }

  close(): void {}
}
