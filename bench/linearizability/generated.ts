/** Generated histories as a table: time, memory and verdict, row by row and size by size. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Row, table } from "../table.js";
import { type Case, type CaseRow, columnsOfCase } from "./cases.js";
import { outgrowsNLogN, slope, type Timing } from "./growth.js";
import { type Attempt, judgeInChild } from "./judge.js";
import type { Porcupine } from "./peer.js";
import { writePeerLines } from "./recorded-text.js";

export interface PeerLimits {
  porcupine: Porcupine;
  folder: string;
  /** Larger histories are not run. */
  sizeMax: number;
  limitSeconds: number;
}

export interface TableOptions {
  title: string;
  rows: readonly CaseRow[];
  sizes: readonly number[];
  seed: number;
  limitSeconds: number;
  peer?: PeerLimits | undefined;
}

/** Judges every row at every size, prints all that was seen, and what is to be made of it. */
export async function judgeAll(options: TableOptions): Promise<void> {
  const { title, rows, sizes, seed } = options;
  const score = new Score();
  const peerScore = new PeerScore(options.peer);
  const lines: Row[] = [];
  const growth: Row[] = [];
  for (const row of rows) {
    const timings: Timing[] = [];
    for (const size of sizes) {
      const one: Case = { ...row, size, seed };
      const attempt = await judgeInChild(one, options.limitSeconds);
      const peer = await peerScore.cells(one);
      lines.push({ ...labels(row), ...score.count(one, attempt), ...peer });
      if ("seconds" in attempt) timings.push({ size, seconds: attempt.seconds });
      if (process.stderr.isTTY)
        process.stderr.write(`${lines.length}/${rows.length * sizes.length}\r`);
    }
    growth.push({ ...labels(row), ...growthOf(timings) });
  }
  table(title, lines);
  process.stdout.write(`\n${score.summary()}${peerScore.summary()}\n`);
  table("growth: the slope of log time over log n, of what takes more than start-up", growth);
}

class Score {
  #total = 0;
  #right = 0;
  readonly #wrong: string[] = [];
  #secondsMax = 0;
  #megabytesMax = 0;

  count(one: Case, attempt: Attempt): Row {
    this.#total += 1;
    const n = one.size.toLocaleString("en");
    if ("failed" in attempt) {
      return {
        n,
        seconds: attempt.failed,
        "CPU s": "-",
        MB: "-",
        verdict: "none",
        right: "-",
        algorithm: "-",
      };
    }
    const right = attempt.valid === !one.violating;
    if (right) this.#right += 1;
    else if (attempt.valid !== "unknown") this.#wrong.push(`${one.object} ${one.size}`);
    this.#secondsMax = Math.max(this.#secondsMax, attempt.seconds);
    this.#megabytesMax = Math.max(this.#megabytesMax, attempt.megabytes);
    return {
      n,
      seconds: attempt.seconds.toFixed(4),
      "CPU s": attempt.cpuSeconds.toFixed(4),
      MB: Math.round(attempt.megabytes),
      verdict: String(attempt.valid),
      right: right ? "yes" : attempt.valid === "unknown" ? "-" : "WRONG",
      algorithm: attempt.algorithm,
    };
  }

  summary(): string {
    const worst = `at most ${this.#secondsMax.toFixed(2)} s and ${Math.round(this.#megabytesMax)} MB each`;
    const wrong = this.#wrong.length === 0 ? "" : `; WRONG: ${this.#wrong.join(", ")}`;
    return `decided and right: ${this.#right} of ${this.#total}, ${worst}${wrong}`;
  }
}

function labels({ object, clients, lostPercent, violating }: CaseRow): Row {
  return {
    history: object,
    clients,
    "lost %": lostPercent,
    made: violating ? "violating" : "valid",
  };
}

function growthOf(timings: readonly Timing[]): Row {
  const largest = timings.slice(-3);
  return {
    slope: slope(largest)?.toFixed(2) ?? "-",
    "n log n": timings.length < 2 ? "-" : outgrowsNLogN(timings) ? "OUTGROWN" : "yes",
  };
}

/** The peer's answers among those it was asked for. */
class PeerScore {
  #asked = 0;
  #right = 0;

  constructor(private readonly limits: PeerLimits | undefined) {}

  async cells(one: Case): Promise<Row> {
    const { limits } = this;
    if (limits === undefined) return {};
    if (one.size > limits.sizeMax) return { Porcupine: "not run", "its MB": "-" };
    this.#asked += 1;
    const file = join(limits.folder, "history");
    writePeerLines(columnsOfCase(one), file);
    const { limitSeconds } = limits;
    const run = await limits.porcupine.check([file], {
      format: "register",
      limitSeconds,
      passes: 1,
    });
    rmSync(file);
    const [outcome] = run.outcomes;
    if (outcome === undefined) return { Porcupine: run.failed ?? "-", "its MB": "-" };
    const megabytes = Math.round(outcome.megabytes);
    if (outcome.verdict === "Unknown") return { Porcupine: "T", "its MB": megabytes };
    const right = (outcome.verdict === "Ok") === !one.violating;
    if (right) this.#right += 1;
    const seconds = `${outcome.seconds.toFixed(4)}${right ? "" : " WRONG"}`;
    return { Porcupine: seconds, "its MB": megabytes };
  }

  summary(): string {
    const { limits } = this;
    if (limits === undefined) return "";
    const { limitSeconds, sizeMax } = limits;
    return `; Porcupine: ${this.#right} of the ${this.#asked} up to ${sizeMax.toLocaleString("en")} operations, in ${limitSeconds} s and 20 GB (T: time, M: memory)`;
  }
}
