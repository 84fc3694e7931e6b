/**
 * Porcupine, built from `bench/peers/porcupine` into a temporary folder. Where there is no Go, or no
 * way to its module, there is no peer, and the bench says so and goes on.
 */

import { join } from "node:path";
import { execa } from "execa";

const SOURCE = "bench/peers/porcupine";
const ADDRESS_SPACE_KB = 20 * 1024 * 1024;
/** A process short of memory may take its time to notice that its own limit is over. */
const GRACE_SECONDS = 20;

export interface PeerOutcome {
  file: string;
  pass: number;
  verdict: "Ok" | "Illegal" | "Unknown";
  seconds: number;
  megabytes: number;
}

export interface PeerRun {
  outcomes: PeerOutcome[];
  /** Why it stopped before its end. */
  failed?: "T" | "M";
}

export interface PeerOptions {
  format: "jepsen" | "kv" | "register";
  limitSeconds: number;
  passes: number;
}

export class Porcupine {
  private constructor(private readonly binary: string) {}

  /** Undefined, and a line on stderr, when it cannot be built. */
  static async build(folder: string): Promise<Porcupine | undefined> {
    const binary = join(folder, "porcupine");
    const { exitCode, stderr } = await execa("go", ["build", "-o", binary, "."], {
      cwd: SOURCE,
      reject: false,
    });
    if (exitCode === 0) return new Porcupine(binary);
    const reason =
      exitCode === undefined ? "Go is not installed" : `go build: ${stderr.split("\n").at(-1)}`;
    process.stderr.write(`no Porcupine to compare with: ${reason}\n`);
    return undefined;
  }

  /** Checks files in one process of at most 20 GB. */
  async check(files: readonly string[], options: PeerOptions): Promise<PeerRun> {
    const { format, limitSeconds, passes } = options;
    const args = ["-limit", String(limitSeconds), "-passes", String(passes), format, ...files];
    const script = `ulimit -v ${ADDRESS_SPACE_KB}; exec "$0" "$@"`;
    const seconds = limitSeconds * files.length * passes + GRACE_SECONDS;
    const child = await execa("sh", ["-c", script, this.binary, ...args], {
      reject: false,
      timeout: seconds * 1000,
      killSignal: "SIGKILL",
      stderr: "ignore",
    });
    const lines = child.stdout.split("\n").filter((line) => line !== "");
    const outcomes = lines.map((line) => JSON.parse(line) as PeerOutcome);
    if (child.timedOut) return { outcomes, failed: "T" };
    return child.exitCode === 0 ? { outcomes } : { outcomes, failed: "M" };
  }
}
