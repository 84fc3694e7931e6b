/**
 * Who writes to a directory: a file with the number of the process. One that a killed process left
 * behind is taken over.
 */

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../base/errors.js";
import { readText, reasonOf } from "../store/files.js";

export class Lock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /** @throws UsageError when a process that is alive has it. */
  static take(dir: string): Lock {
    const file = join(dir, "lock");
    for (let attempts = 0; ; attempts++) {
      try {
        writeFileSync(file, `${process.pid}\n`, { flag: "wx" });
        return new Lock(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
          throw new UsageError(`${file}: cannot write: ${reasonOf(error)}`);
        }
        const holder = Number(readText(file));
        if (attempts > 0 || isAlive(holder)) {
          throw new UsageError(
            `${dir}: process ${holder} is at work on this campaign: wait for it, or remove ${file}`,
          );
        }
        rmSync(file, { force: true });
      }
    }
  }

  /** True where somebody who is alive has it. */
  static isTaken(dir: string): boolean {
    try {
      return isAlive(Number(readText(join(dir, "lock"))));
    } catch {
      return false;
    }
  }

  release(): void {
    rmSync(this.#file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
