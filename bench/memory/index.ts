/**
 * Memory models of recorded histories: CPU seconds of a decision, and how much memory.
 *
 *     npm run bench -- memory [orders causal views] [--seed N]
 *
 * orders: sequential consistency and TSO of simulated machines. causal: CC, CCv and CM of replicated
 * stores, transactions too. views: PRAM, guarantees of sessions, staleness. Beside each stands what is to
 * be reached, and what other checkers need for a load of that shape (as published or measured once).
 */

import { parseArgs } from "node:util";
import { staleness } from "../../checkers/index.js";
import { wantedParts } from "../parts.js";
import { type Row, table } from "../table.js";
import type { Load } from "./causal-store.js";
import { type Case, judgeInChild } from "./judge.js";
import type { MachineSetting } from "./machine.js";
import { timedRegisters } from "./timed-registers.js";

const PARTS = ["orders", "causal", "views"] as const;

interface Line {
  load: string;
  one: Omit<Case, "seed">;
  /** CPU seconds. */
  target: number;
  others?: string;
}

export async function memoryBench(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { seed: { type: "string", default: "1" } },
  });
  const wants = wantedParts(positionals, PARTS);
  if (wants === undefined) return;
  const seed = Number(values.seed);
  if (wants("orders")) await show("sequential consistency and store buffers", orders, seed);
  if (wants("causal")) await show("causal models", causals(seed), seed);
  if (wants("views")) {
    await show("views and sessions", views, seed);
    showStaleness(seed);
  }
}

async function show(title: string, lines: readonly Line[], seed: number): Promise<void> {
  const rows: Row[] = [];
  for (const { load, one, target, others = "-" } of lines) {
    const outcome = await judgeInChild({ seed, ...one });
    const about = { load, model: one.model };
    if ("failed" in outcome) {
      rows.push({ ...about, holds: outcome.failed, "CPU s": "-", target, MB: "-", others });
      continue;
    }
    const { holds, cpuSeconds, megabytesPeak } = outcome;
    const over = cpuSeconds > target ? ` (${(cpuSeconds / target).toFixed(1)} x the target)` : "";
    rows.push({
      ...about,
      holds,
      "CPU s": `${cpuSeconds.toFixed(2)}${over}`,
      target,
      MB: Math.round(megabytesPeak),
      others,
    });
  }
  table(title, rows);
}

function machine(
  name: MachineSetting["machine"],
  sessions: number,
  size: number,
  keys: number,
): MachineSetting {
  const fences = name === "sequential" ? {} : { fencePermille: 5 };
  return { machine: name, sessions, size, keys, writePermille: 500, ...fences };
}

const orders: readonly Line[] = [
  ...(["sequential", "tso"] as const).flatMap((name): Line[] => [
    {
      load: `${name} machine: 16 sessions, 10,000 operations, 1,000 keys`,
      one: { machine: machine(name, 16, 10_000, 1_000), model: name },
      target: 1,
    },
    {
      load: `${name} machine: 16 sessions, 10,000 operations, 32 keys`,
      one: { machine: machine(name, 16, 10_000, 32), model: name },
      target: name === "tso" ? 10 : 5,
      others: name === "tso" ? "a trial: 53-57 s" : "a trial: 8-10 s",
    },
  ]),
  {
    load: "sequential machine: 10 sessions, 100,000 operations, 100 keys",
    one: { machine: machine("sequential", 10, 100_000, 100), model: "sequential" },
    target: 1,
  },
  {
    load: "sequential machine: 50 sessions, 100,000 operations, 1,000 keys",
    one: { machine: machine("sequential", 50, 100_000, 1_000), model: "sequential" },
    target: 1,
  },
  {
    load: "sequential machine: 10 sessions, 2,000 operations, 20 keys",
    one: { machine: machine("sequential", 10, 2_000, 20), model: "sequential" },
    target: 0.2,
    others: "dbcop: > 300 s",
  },
  {
    load: "the same, one read changed",
    one: { machine: machine("sequential", 10, 2_000, 20), isSpoiled: true, model: "sequential" },
    target: 0.2,
  },
  {
    load: "tso machine: 16 sessions, 10,000 operations, 32 keys",
    one: { machine: machine("tso", 16, 10_000, 32), model: "sequential" },
    target: 5,
  },
  {
    load: "pso machine: 16 sessions, 10,000 operations, 1,000 keys",
    one: { machine: machine("pso", 16, 10_000, 1_000), model: "pso" },
    target: 10,
  },
];

function store(seed: number, sessions: number, accesses: number, keys: number): Load {
  return {
    seed,
    sessions,
    accesses,
    keys,
    replicas: 5,
    exchangePercent: 20,
    readPercent: 50,
    wins: "last-writer",
  };
}

function causals(seed: number): Line[] {
  const million = store(seed, 50, 1_000_000, 1_000);
  return [
    {
      load: "50 sessions, 1,000,000 operations, 1,000 keys",
      one: { store: million, model: "CC and CCv" },
      target: 9,
      others: "AWDIT 6.0 s, 2.6 GB; Plume 89 s, 4.1 GB",
    },
    {
      load: "100 sessions, 100,000 transactions of 10, 10,000 keys",
      one: {
        store: { ...store(seed, 100, 1_000_000, 10_000), transaction: 10 },
        model: "CC and CCv",
      },
      target: 5,
      others: "AWDIT 3.0-3.7 s, 1.1 GB; Plume 27-38 s, 1.3 GB",
    },
    {
      load: "5,000 sessions (50 at a time), 100,000 operations, 1,000 keys",
      one: {
        store: { ...store(seed, 5_000, 100_000, 1_000), concurrency: 50 },
        model: "CC and CCv",
      },
      target: 9,
    },
    {
      load: "10 sessions, 10,000 operations, 100 keys",
      one: {
        store: { ...store(seed, 10, 10_000, 100), wins: "last-arrival" },
        model: "causal-memory",
      },
      target: 1,
    },
    {
      load: "20 sessions, 10,000 operations, 100 keys",
      one: {
        store: { ...store(seed, 20, 10_000, 100), wins: "last-arrival" },
        model: "causal-memory",
      },
      target: 1,
    },
  ];
}

const hundredThousand = machine("sequential", 50, 100_000, 1_000);

const views: readonly Line[] = [
  "pram",
  "slow",
  "coherence",
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
  "monotonic-reads+monotonic-writes",
  "monotonic-reads+writes-follow-reads",
  "read-your-writes+monotonic-reads+monotonic-writes",
  "read-your-writes+monotonic-reads+monotonic-writes+writes-follow-reads",
].map((model) => ({
  load: "50 sessions, 100,000 operations, 1,000 keys",
  one: { machine: hundredThousand, model },
  target: 2,
}));

/** In this process: it is judged from objects, as `check` does. */
function showStaleness(seed: number): void {
  const history = timedRegisters(seed, { operations: 100_000, sessions: 50, keys: 1_000 });
  const before = process.cpuUsage();
  const { k, deltaNs } = staleness(history);
  const { user, system } = process.cpuUsage(before);
  table("staleness: 50 sessions, 100,000 operations, 1,000 keys", [
    {
      k: `${k?.atLeast} to ${k?.atMost}`,
      "Delta ns": `${deltaNs?.atLeast} to ${deltaNs?.atMost}`,
      "CPU s": ((user + system) / 1e6).toFixed(2),
      target: 2,
    },
  ]);
}
