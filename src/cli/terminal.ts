/**
 * What people and scripts see. With `--json`, stdout carries one JSON document and nothing else;
 * everything for people goes to stderr. Without it, results go to stdout and progress to stderr.
 */

import { writeSync } from "node:fs";
import { Chalk, type ChalkInstance } from "chalk";
import cliProgress from "cli-progress";

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

  /** The document of `--json`. */
  document(value: object): void {
    writeWhole(1, `${JSON.stringify(value, null, 2)}\n`);
  }

  /** A progress bar on stderr; where that is no terminal, a line now and then. */
  progress(total: number, unit: string): Progress {
    if (this.quiet || total < 2) return { update: () => undefined, stop: () => undefined };
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    if (process.stderr.isTTY !== true) return this.#progressInLines(total, unit, seconds);
    const bar = new cliProgress.SingleBar({
      format: `{bar} {value}/{total} ${unit}, {rate}/s, {failures} failing, ETA {eta_formatted}`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 24,
    });
    bar.start(total, 0, { rate: "-", failures: 0 });
    return {
      update: (done, failures) => {
        bar.update(done, { rate: (done / Math.max(seconds(), 0.001)).toFixed(1), failures });
      },
      stop: () => bar.stop(),
    };
  }

  #progressInLines(total: number, unit: string, seconds: () => number): Progress {
    let said = 0;
    return {
      update: (done, failures) => {
        if (seconds() - said < LINE_EVERY_S) return;
        said = seconds();
        this.note(`${done}/${total} ${unit}, ${(done / said).toFixed(1)}/s, ${failures} failing`);
      },
      stop: () => undefined,
    };
  }
}

export interface Progress {
  update(done: number, failures: number): void;
  stop(): void;
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
