/**
 * Histories of an atomic register whose clients crash: linearizable by construction.
 *
 * Clients are closed loops with a short think time; every operation takes effect at a random moment
 * of its interval. A crashed operation never completes, takes effect once in two cases, at any later
 * moment, and its client goes on under a new process number.
 */

import type { History, HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { recorded } from "../timeline.js";

export interface RegisterLoad {
  seed: number;
  clients: number;
  operations: number;
  /** Values are drawn from 0..values-1; 0 makes every written value unique. */
  values: number;
  /** Operations that crash, in a thousand, and how many may. */
  crashPermille: number;
  crashesMax?: number;
  cas?: boolean;
  /** Turns one of the last reads into one of a value that was overwritten long before. */
  stale?: boolean;
}

interface Call {
  process: number;
  f: string;
  input: Json;
  from: number;
  effect: number;
  to: number;
  crashes: boolean;
  output: Json;
  failed: boolean;
}

const DURATION_MAX = 1000;

export function atomicRegister(load: RegisterLoad): History {
  const { clients, operations, values, crashPermille, crashesMax = Infinity, cas } = load;
  const random = generator(load.seed);
  const calls: Call[] = [];
  const freeAt = Array.from({ length: clients }, () => random(20));
  const processes = freeAt.map((_, client) => client);
  let crashes = 0;
  let unique = 0;
  const fresh = (): number => (values === 0 ? ++unique : random(values));
  for (let i = 0; i < operations; i++) {
    const client = freeAt.indexOf(Math.min(...freeAt));
    const roll = random(100);
    const f = i > 0 && roll < 50 ? "read" : cas && i > 0 && roll < 75 ? "cas" : "write";
    const from = freeAt[client]!;
    const to = from + 2 + random(DURATION_MAX);
    const canCrash = i > 0 && crashes < crashesMax;
    const crashing = canCrash && random(1000) < crashPermille;
    const late = crashing ? random(20 * DURATION_MAX) : 0;
    // The first write leaves a value that no other write does: what a stale read will return.
    const written = i === 0 ? -1 : fresh();
    calls.push({
      process: processes[client]!,
      f,
      input: f === "read" ? null : f === "write" ? written : [0, written],
      from,
      effect: from + 1 + random(to - from - 1) + late,
      to,
      crashes: crashing,
      output: null,
      failed: false,
    });
    if (crashing) {
      crashes += 1;
      processes[client] = clients + crashes;
    }
    freeAt[client] = to + 1 + random(20);
  }
  run(calls, random, values);
  if (load.stale) makeStale(calls);
  return recorded(calls.flatMap(eventsOf));
}

/** Lets the calls take effect in order. */
function run(calls: readonly Call[], random: (below: number) => number, values: number): void {
  let value: Json = null;
  for (const call of [...calls].sort((a, b) => a.effect - b.effect)) {
    if (call.crashes && random(2) === 0) continue;
    if (call.f === "read") {
      call.output = value;
    } else if (call.f === "write") {
      value = call.output = call.input;
    } else {
      const [, to] = call.input as [Json, Json];
      const from = values === 0 || random(2) === 0 ? value : random(values);
      call.input = [from, to];
      call.output = call.input;
      call.failed = from !== value;
      if (!call.failed) value = to;
    }
  }
}

/** The last completed read returns what the first write left. */
function makeStale(calls: readonly Call[]): void {
  const read = calls.findLast(({ f, crashes }) => f === "read" && !crashes);
  if (read !== undefined) read.output = -1;
}

function eventsOf(call: Call): HistoryEvent[] {
  const { process, f, input, output, from, to, crashes, failed } = call;
  const common = { index: 0, process, f };
  const invocation: HistoryEvent = { ...common, type: "invoke", time: from, value: input };
  if (crashes) return [invocation];
  return [invocation, { ...common, type: failed ? "fail" : "ok", time: to, value: output }];
}

/** Lehmer's generator with Park and Miller's multiplier: enough to shape loads, repeatable by seed. */
function generator(seed: number): (below: number) => number {
  let state = (seed % 2147483646) + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}
