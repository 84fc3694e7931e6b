/**
 * Registers behind a replica that lags: writes are current at once at the primary, reads come from what
 * the replica had some time ago. Times are virtual nanoseconds.
 */

import type { History, HistoryEvent } from "../../histories/history.js";
import { toHistory } from "../../histories/pairing.js";
import { Streams } from "../../src/random/streams.js";

export interface TimedLoad {
  operations: number;
  sessions: number;
  keys: number;
}

const GAP_NS = 1_000;
const LAG_MAX_NS = 200_000;

export function timedRegisters(seed: number, { operations, sessions, keys }: TimedLoad): History {
  const random = new Streams(seed).stream("timed registers");
  const written = Array.from({ length: keys }, () => [{ at: 0, value: 0 }]);
  const events: Omit<HistoryEvent, "index">[] = [];
  for (let i = 0; i < operations; i++) {
    const at = (i + 1) * GAP_NS;
    const key = random.int(keys);
    const process = i % sessions;
    const versions = written[key]!;
    const f = random.chance(1, 2) ? "read" : "write";
    if (f === "write") versions.push({ at, value: i + 1 });
    const seen = at - random.int(LAG_MAX_NS);
    const read = versions.findLast((version) => version.at <= Math.max(0, seen))!.value;
    const value = f === "write" ? i + 1 : read === 0 ? null : read;
    const about = { process, f, key };
    events.push({ ...about, time: at, type: "invoke", value: f === "write" ? value : null });
    events.push({ ...about, time: at + 10, type: "ok", value });
  }
  return toHistory(events.map((event, index) => ({ index, ...event })));
}
