/**
 * What people and scripts see. With `--json`, stdout carries one JSON document and nothing else;
 * everything for people goes to stderr. Without it, results go to stdout and progress to stderr.
 */

import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { Chalk, type ChalkInstance } from "chalk";

export interface TerminalOptions {
  json?: boolean;
  quiet?: boolean;
}

/** How often progress is told where there is no terminal, in seconds. */
const LINE_EVERY_S = 10;

export class Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly paint: ChalkInstance;

  constructor(options: TerminalOptions) {
    this.json = options.json ?? false;
    this.quiet = options.quiet ?? false;
    const stream = this.json ? process.stderr : process.stdout;
    const colours = stream.isTTY === true && process.env["NO_COLOR"] === undefined;
    this.paint = new Chalk({ level: colours ? 1 : 0 });
    // What a user's own modules print is for people: stdout belongs to the document.
    if (this.json) process.stdout.write = process.stderr.write.bind(process.stderr);
  }

  /** A result for people. */
  say(text = ""): void {
    if (this.json && this.quiet) return;
    writeWhole(this.json ? 2 : 1, `${text}\n`);
  }

  /** News on the way to the result; silent with `--quiet`. */
  note(text: string): void {
    if (!this.quiet) writeWhole(2, `${text}\n`);
  }

  /** What casts doubt on the result: told with `--quiet`, too. */
  warn(lines: Iterable<string>): void {
    for (const line of lines) writeWhole(2, `${line}\n`);
  }

  /** Lines that a CI server reads from the output of a step, whatever else stands there. */
  annotate(lines: string): void {
    if (lines !== "") writeWhole(this.json ? 2 : 1, lines);
  }

  /** The document of `--json`. */
  document(value: object): void {
    writeWhole(1, `${JSON.stringify(value, null, 2)}\n`);
  }

  /**
   * A progress bar on stderr; where that is no terminal, a line now and then. A total that is
   * infinite is one that nobody knows; then the time that is left is told, if that is limited.
   */
  progress(total: number, unit: string, budget: Budget = {}): Progress {
    if (this.quiet || total < 2) return { update: () => undefined, stop: () => undefined };
    const pace = new Pace(total, unit, budget);
    return process.stderr.isTTY === true ? bar(pace) : this.#lines(pace);
  }

  #lines(pace: Pace): Progress {
    let saidS = pace.seconds();
    return {
      update: (done, failures) => {
        pace.reach(done);
        if (pace.seconds() - saidS < LINE_EVERY_S) return;
        saidS = pace.seconds();
        this.note(pace.tell(failures));
      },
      stop: () => undefined,
    };
  }
}

/** What limits the time, if anything does. */
export interface Budget {
  durationMs?: number;
  /** How much of it is spent, what earlier processes spent included. */
  spentMs?: () => number;
}

export interface Progress {
  update(done: number, failures: number): void;
  stop(): void;
}

/** How far it is, how fast it goes, how long it will take. */
class Pace {
  readonly #started = performance.now();
  #done = 0;
  /** What was done before this process: it says nothing about the speed of this one. */
  #before: number | undefined;

  constructor(
    private readonly total: number,
    private readonly unit: string,
    private readonly budget: Budget,
  ) {}

  seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  reach(done: number): void {
    this.#before ??= done - 1;
    this.#done = done;
  }

  /** From 0 to 1, by whichever of count and time is nearer to its end. */
  share(): number {
    const { durationMs = Number.POSITIVE_INFINITY, spentMs = () => 0 } = this.budget;
    return Math.min(1, Math.max(this.#done / this.total, spentMs() / durationMs));
  }

  tell(failures: number): string {
    const of = Number.isFinite(this.total) ? `/${this.total}` : "";
    const left = this.#leftS();
    const eta = Number.isFinite(left) ? `, ETA ${inWords(left)}` : "";
    const rate = this.#rate().toFixed(1);
    return `${this.#done}${of} ${this.unit}, ${rate}/s, ${failures} failing${eta}`;
  }

  #rate(): number {
    return (this.#done - (this.#before ?? 0)) / Math.max(this.seconds(), 0.001);
  }

  #leftS(): number {
    const { durationMs = Number.POSITIVE_INFINITY, spentMs = () => 0 } = this.budget;
    return Math.min((this.total - this.#done) / this.#rate(), (durationMs - spentMs()) / 1000);
  }
}

function inWords(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m${whole % 60}s`;
  return `${Math.floor(minutes / 60)}h${minutes % 60}m`;
}

function bar(pace: Pace): Progress {
  const steps = 1000;
  const require = createRequire(import.meta.url);
  const cliProgress = require("cli-progress") as typeof import("cli-progress");
  const single = new cliProgress.SingleBar({
    format: "{bar} {told}",
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
  });
  single.start(steps, 0, { told: "" });
  return {
    update: (done, failures) => {
      pace.reach(done);
      // A full bar would count as complete while the last runs are still out.
      const step = Math.min(steps - 1, Math.floor(pace.share() * steps));
      single.update(step, { told: pace.tell(failures) });
    },
    stop: () => single.stop(),
  };
}

/** Synchronously and to the end, so that an exit right after cuts nothing off, pipes included. */
function writeWhole(fd: number, text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
    }
  }
}

/** Rows under a header, columns aligned by the longest cell. */
export function tabulate(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)),
  );
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
