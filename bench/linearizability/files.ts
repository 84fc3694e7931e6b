/**
 * Recorded files with known verdicts: is every verdict right, and how long do all the checks take,
 * reading and parsing left out, in a fresh process (cold) and later (warm), beside Porcupine's on the
 * same files in the same run.
 */

import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { judgeColumns } from "../../checkers/linearizability/linearizable.js";
import { columnsOf } from "../../histories/columns.js";
import { readHistoryFile } from "../../histories/index.js";
import { type Row, table } from "../table.js";
import type { PeerOutcome, Porcupine } from "./peer.js";

const DATA = "../shared/data";
const SELF = fileURLToPath(import.meta.url);
const LIMIT_SECONDS = 60;

interface Collection {
  folder: string;
  type: string;
  format: "jepsen" | "kv";
}

const collections: readonly Collection[] = [
  { folder: "etcd", type: "cas-register", format: "jepsen" },
  { folder: "kv", type: "kv", format: "kv" },
];

interface Checked {
  file: string;
  pass: number;
  /** Undefined when undecided. */
  linearizable: boolean | undefined;
  seconds: number;
}

export async function filesBench(porcupine: Porcupine | undefined, passes: number): Promise<void> {
  const present = collections.filter(({ folder }) => existsSync(verdictsOf(folder)));
  if (present.length === 0) {
    process.stdout.write(`no recorded files in ${DATA}: left out\n`);
    return;
  }
  const ours = await checkInChild(present, passes);
  const theirs: Checked[] = [];
  for (const { folder, format } of porcupine === undefined ? [] : present) {
    const limits = { format, limitSeconds: LIMIT_SECONDS, passes };
    const run = await porcupine?.check([...expectedIn(folder).keys()], limits);
    theirs.push(...(run?.outcomes ?? []).map(checkedBy));
  }
  const rows = [...present.map(({ folder }) => [folder]), present.map(({ folder }) => folder)].map(
    (folders): Row => {
      const expected = new Map(folders.flatMap((folder) => [...expectedIn(folder)]));
      return { files: folders.join(" + "), ...compared(expected, ours, theirs) };
    },
  );
  table(
    `recorded files: all checks, milliseconds; cold = a fresh process, warm = median of ${passes - 1} more passes`,
    rows,
  );
  if (ours.some(({ file, linearizable }) => linearizable !== expectationOf(present, file))) {
    process.exitCode = 1;
  }
}

function expectationOf(present: readonly Collection[], file: string): boolean | undefined {
  for (const { folder } of present) {
    const expected = expectedIn(folder).get(file);
    if (expected !== undefined) return expected;
  }
  return undefined;
}

function compared(
  expected: ReadonlyMap<string, boolean>,
  ours: readonly Checked[],
  theirs: readonly Checked[],
): Row {
  const us = totals(expected, ours);
  const row: Row = {
    right: us.right,
    "cold ms": us.cold.toFixed(1),
    "warm ms": us.warm.toFixed(1),
  };
  if (theirs.length === 0) return row;
  const peer = totals(expected, theirs);
  return {
    ...row,
    "slowest, warm": us.slowest,
    "Porcupine right": peer.right,
    "its first pass": peer.cold.toFixed(1),
    "its median": peer.warm.toFixed(1),
    "times faster cold": (peer.cold / us.cold).toFixed(1),
    "times faster warm": (peer.warm / us.warm).toFixed(1),
  };
}

interface Totals {
  right: string;
  cold: number;
  warm: number;
  slowest: string;
}

function totals(expected: ReadonlyMap<string, boolean>, checked: readonly Checked[]): Totals {
  const own = checked.filter(({ file }) => expected.has(file));
  const right = own.filter((one) => one.pass === 0 && one.linearizable === expected.get(one.file));
  const msOfPass: number[] = [];
  for (const { pass, seconds } of own) msOfPass[pass] = (msOfPass[pass] ?? 0) + seconds * 1000;
  const [cold = Number.NaN, ...later] = msOfPass;
  const last = own.filter(({ pass }) => pass === later.length);
  const slowest = last.reduce((most, one) => (one.seconds > most.seconds ? one : most), last[0]!);
  return {
    right: `${right.length}/${expected.size}`,
    cold,
    warm: median(later.length === 0 ? [cold] : later),
    slowest: `${basename(slowest.file)} ${(slowest.seconds * 1000).toFixed(1)}`,
  };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function checkedBy({ file, pass, verdict, seconds }: PeerOutcome): Checked {
  const linearizable = verdict === "Unknown" ? undefined : verdict === "Ok";
  return { file, pass, linearizable, seconds };
}

function verdictsOf(folder: string): string {
  return join(DATA, folder, "verdicts.tsv");
}

/** Paths of files, and whether they are linearizable. */
function expectedIn(folder: string): Map<string, boolean> {
  const [, ...lines] = readFileSync(verdictsOf(folder), "utf8").trim().split("\n");
  return new Map(
    lines.map((line) => {
      const [name = "", linearizable] = line.split("\t");
      return [join(DATA, folder, name), linearizable === "true"];
    }),
  );
}

async function checkInChild(present: readonly Collection[], passes: number): Promise<Checked[]> {
  const { stdout } = await execa(process.execPath, [SELF, JSON.stringify({ present, passes })]);
  return JSON.parse(stdout) as Checked[];
}

async function checkAll(present: readonly Collection[], passes: number): Promise<Checked[]> {
  const read = present.flatMap(({ folder, type }) =>
    [...expectedIn(folder).keys()].map(async (file) => {
      const { history } = await readHistoryFile(file);
      return { file, type, columns: columnsOf(history) };
    }),
  );
  const histories = await Promise.all(read);
  const checked: Checked[] = [];
  for (let pass = 0; pass < passes; pass++) {
    for (const { file, type, columns } of histories) {
      const started = performance.now();
      const { valid } = judgeColumns(columns, { type, explain: false, witness: false });
      const seconds = (performance.now() - started) / 1000;
      checked.push({ file, pass, linearizable: valid === "unknown" ? undefined : valid, seconds });
    }
  }
  return checked;
}

const [, script, argument] = process.argv;
if (script === SELF && argument !== undefined) {
  const { present, passes } = JSON.parse(argument) as { present: Collection[]; passes: number };
  process.stdout.write(JSON.stringify(await checkAll(present, passes)));
}
