/** Where litmus tests come from: files, folders, and the generator of critical cycles. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Cycle, criticalCycles, nameOf, testOf } from "../../checkers/litmus/cycles/index.js";
import { parseLitmus } from "../../checkers/litmus/parse/parse.js";
import type { LitmusTest } from "../../checkers/litmus/program.js";
import { UsageError } from "../base/errors.js";

export interface Subject {
  /** As reached from the caller's folder; of a generated test its name. */
  readonly file: string;
  /** @throws UsageError naming the place, when it is no litmus test. */
  read(): LitmusTest;
  /** What a generated test was made from. */
  readonly cycle?: Cycle;
}

/** In folders, at any depth. A file that is named itself may be called anything. */
const ENDING = /\.(?:litmus|store)$/;

/** In the order given; what is in a folder by name. @throws UsageError for what is not there. */
export function subjectsOfFiles(sources: readonly string[]): Subject[] {
  return sources.flatMap(filesOf).map((file) => ({
    file,
    read: () => parseLitmus(readFileSync(file, "utf8"), file),
  }));
}

/** All critical cycles, with and without fences, of so many threads. */
export function subjectsOfCycles({ from, to }: { from: number; to: number }): Subject[] {
  const subjects: Subject[] = [];
  for (let threads = from; threads <= to; threads++) {
    for (const cycle of criticalCycles(threads)) {
      subjects.push({ file: nameOf(cycle), read: () => testOf(cycle), cycle });
    }
  }
  return subjects;
}

function filesOf(source: string): string[] {
  if (!existsSync(source)) {
    throw new UsageError(`${source}: no such file or folder: give litmus tests or folders of them`);
  }
  if (!statSync(source).isDirectory()) return [source];
  const found = litmusFiles(source);
  if (found.length > 0) return found;
  throw new UsageError(`${source}: no litmus tests there: their names end in .litmus or .store`);
}

function litmusFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return litmusFiles(path);
      return ENDING.test(entry.name) ? [path] : [];
    });
}
