/**
 * Isolation of transactions: how long verdicts take with their certificates, and how much memory.
 *
 *     npm run bench -- transactions [columns components files] [--quick] [--seed N]
 *
 * columns: a strict-serializable load, judged from memory, beside what Elle needs for such a load.
 * components: large strongly connected components. files: `faultline check` of a million
 * transactions from JSON Lines and from EDN, reading included. `--quick` stops at 100,000.
 */

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { wantedParts } from "../parts.js";
import { type Row, table } from "../table.js";
import { checkFile } from "./check.js";
import { type Case, judgeInChild } from "./judge.js";
import { TextSink } from "./sinks.js";
import { type Load, runLoad } from "./store.js";

const PARTS = ["columns", "components", "files"] as const;

/**
 * Elle 0.2.7 on OpenJDK 17, two cores, loading not counted: CPU seconds and resident memory with a
 * heap of 17 GB, as measured once on a load of the same shape.
 */
const ELLE: { [row: string]: string } = {
  "10000 w32": "1.1-1.9 s, 0.5 GB",
  "100000 w32": "7.0-13.9 s, 1.9 GB",
  "1000000 w32": "91 s, 12 GB (4 GB: out of memory)",
  "100000 w256": "-",
  "1000000 w256": "123 s, 17 GB (lists of up to 256)",
};

/** What is to be reached: CPU seconds and megabytes, by size. */
const TARGETS: { [transactions: number]: string } = {
  1000000: "4 s, 600 MB",
  5000000: "20 s, 2,000 MB",
};

export async function transactionsBench(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false }, seed: { type: "string", default: "1" } },
  });
  const wants = wantedParts(positionals, PARTS);
  if (wants === undefined) return;
  const seed = Number(values.seed);
  if (wants("columns")) await columnsBench(seed, values.quick);
  if (wants("components")) await componentsBench(seed, values.quick);
  if (wants("files")) await filesBench(seed, values.quick ? 100_000 : 1_000_000);
}

function loadOf(transactions: number, seed: number, appendsPerKey: number): Load {
  const isolation = "strict-serializable";
  return { transactions, seed, isolation, appendsPerKey, failPermille: 10, infoPermille: 2 };
}

async function columnsBench(seed: number, quick: boolean): Promise<void> {
  const sizes = [10_000, 100_000, 1_000_000, 5_000_000].filter((size) => !quick || size <= 100_000);
  const rows: Row[] = [];
  for (const appendsPerKey of [32, 256]) {
    for (const size of sizes) {
      if (appendsPerKey === 256 && (size < 100_000 || size > 1_000_000)) continue;
      const one = { load: loadOf(size, seed, appendsPerKey), model: "strict-serializable" };
      const elle = ELLE[`${size} w${appendsPerKey}`] ?? "-";
      rows.push({
        transactions: size,
        "appends a key": appendsPerKey,
        ...(await measured(one)),
        target: TARGETS[size] ?? "-",
        Elle: elle,
      });
    }
  }
  table(
    "list-append, 20 clients, 1 to 7 micro-operations, 10 active keys: strict-serializable",
    rows,
  );
}

async function measured(one: Case): Promise<Row> {
  const outcome = await judgeInChild(one);
  if ("failed" in outcome) return { valid: outcome.failed };
  const { valid, fillCpuSeconds, judgeCpuSeconds, megabytesBefore, megabytesPeak } = outcome;
  return {
    valid: String(valid),
    "fill CPU s": fillCpuSeconds.toFixed(2),
    "judge CPU s": judgeCpuSeconds.toFixed(2),
    "MB before": Math.round(megabytesBefore),
    "MB peak": Math.round(megabytesPeak),
  };
}

async function componentsBench(seed: number, quick: boolean): Promise<void> {
  const size = quick ? 10_000 : 100_000;
  const load = loadOf(size, seed, 32);
  const cases: [string, Case][] = [
    ["a circle of writes", { load, ring: size, model: "strict-serializable" }],
    ["no isolation", { load: { ...load, isolation: "none" }, model: "strict-serializable" }],
    [
      "snapshot isolation",
      { load: { ...load, isolation: "snapshot-isolation" }, model: "strict-serializable" },
    ],
  ];
  const rows: Row[] = [];
  for (const [name, one] of cases) {
    const outcome = await judgeInChild(one);
    if ("failed" in outcome) rows.push({ history: name, valid: outcome.failed });
    else {
      const { valid, judgeCpuSeconds, megabytesPeak, anomalies, cycle } = outcome;
      rows.push({
        history: name,
        valid: String(valid),
        "judge CPU s": judgeCpuSeconds.toFixed(2),
        "MB peak": Math.round(megabytesPeak),
        "first cycle": cycle,
        told: Object.keys(anomalies).join(" "),
      });
    }
  }
  table(
    `components of ${size.toLocaleString("en")} transactions (Elle: timed out, no witness)`,
    rows,
  );
}

async function filesBench(seed: number, size: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "faultline-transactions-"));
  const rows: Row[] = [];
  try {
    for (const format of ["jsonl", "edn"] as const) {
      const file = join(folder, `load.${format}`);
      const sink = new TextSink(file, format);
      runLoad(loadOf(size, seed, 32), sink);
      sink.close();
      const megabytes = (statSync(file).size / 1e6).toFixed(0);
      const target = size < 1_000_000 ? "-" : format === "jsonl" ? "25 s" : "40 s";
      rows.push({ format, "file MB": megabytes, ...(await checkFile(file)), target });
      rmSync(file);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  table(
    `faultline check FILE --model strict-serializable: ${size.toLocaleString("en")} transactions, reading included`,
    rows,
  );
}
