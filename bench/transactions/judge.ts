/**
 * One generated history, generated and judged in a process of its own, so that neither memory nor
 * compiled code is left over from another: `node judge.js '<case as JSON>'` prints the outcome.
 */

import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { judgeTransactions } from "../../checkers/index.js";
import type { Transactions } from "../../histories/transactions.js";
import { ring } from "./ring.js";
import { ColumnsSink } from "./sinks.js";
import { type Load, runLoad } from "./store.js";

export interface Case {
  load: Load;
  /** A cycle of writes over this many transactions in place of the load. */
  ring?: number;
  model: string;
}

export interface Judged {
  valid: boolean | "unknown";
  /** Micro-operations. */
  micros: number;
  /** Of filling the columns from the generator, with the generator's own work in it. */
  fillCpuSeconds: number;
  /** Of the verdict with its certificate. */
  judgeCpuSeconds: number;
  wallSeconds: number;
  /** Resident before the verdict: the columns, and Node.js itself. */
  megabytesBefore: number;
  megabytesPeak: number;
  anomalies: { [type: string]: number };
  /** Transactions in the first cycle that is told. */
  cycle: number;
}

export type Attempt = Judged | { failed: string };

const SELF = fileURLToPath(import.meta.url);
const LIMIT_SECONDS = 300;

export async function judgeInChild(one: Case): Promise<Attempt> {
  const child = await execa(process.execPath, ["--expose-gc", SELF, JSON.stringify(one)], {
    reject: false,
    timeout: LIMIT_SECONDS * 1000,
    killSignal: "SIGKILL",
  });
  if (child.timedOut) return { failed: `> ${LIMIT_SECONDS} s` };
  if (child.exitCode === 0) return JSON.parse(child.stdout) as Judged;
  const lines = child.stderr.split("\n");
  return { failed: lines.find((line) => /Error|FATAL/.test(line)) ?? lines[0] ?? "died" };
}

function transactionsOf({ load, ring: length }: Case): Transactions {
  if (length !== undefined) return ring(length);
  const sink = new ColumnsSink(load.transactions);
  runLoad(load, sink);
  return sink.transactions();
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function judge(one: Case): Judged {
  const before = cpuSeconds();
  const transactions = transactionsOf(one);
  const filled = cpuSeconds();
  // The first finds what the generator has left behind, the second waits until that is given back.
  globalThis.gc?.();
  globalThis.gc?.();
  const megabytesBefore = process.memoryUsage().rss / 2 ** 20;
  const started = performance.now();
  const cpu = cpuSeconds();
  const { valid, notes, anomalies } = judgeTransactions(transactions, one.model);
  const judged = cpuSeconds();
  return {
    valid,
    micros: transactions.kind.length,
    fillCpuSeconds: filled - before,
    judgeCpuSeconds: judged - cpu,
    wallSeconds: (performance.now() - started) / 1000,
    megabytesBefore,
    megabytesPeak: process.resourceUsage().maxRSS / 1024,
    anomalies: (notes?.["found"] ?? {}) as { [type: string]: number },
    cycle: anomalies.at(0)?.ops.length ?? 0,
  };
}

const [, script, argument] = process.argv;
if (script === SELF && argument !== undefined) {
  process.stdout.write(JSON.stringify(judge(JSON.parse(argument) as Case)));
}
