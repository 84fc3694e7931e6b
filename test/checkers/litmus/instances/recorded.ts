/** Instances of litmus tests as a few letters each, and as a machine with store buffers makes them. */

import type { History, HistoryEvent } from "../../../../histories/history.js";
import { toHistory } from "../../../../histories/index.js";
import type { Json } from "../../../../src/base/json.js";

/** What one process did, and how it ended; a key is `0.x`, written `x`. */
export interface Did {
  process: number;
  f: "read" | "write" | "swap" | "cas" | "fence";
  key?: string;
  input?: Json;
  output?: Json;
  outcome?: "ok" | "fail" | "info";
  final?: boolean;
  error?: Json;
}

/** One after the other: litmus models know sessions, not time. */
export function recorded(dids: readonly Did[]): History {
  const events: HistoryEvent[] = dids.flatMap((did, i) => {
    const { process, f, key, input = null, output, outcome = "ok", final, error } = did;
    const about = {
      process,
      f,
      ...(key === undefined ? {} : { key: `0.${key}` }),
      ...(final ? { final } : {}),
    };
    const [index, time] = [2 * i, 20 * i];
    return [
      { ...about, index, time, type: "invoke", value: input } as const,
      {
        ...about,
        index: index + 1,
        time: time + 10,
        type: outcome,
        value: output === undefined ? input : output,
        ...(error === undefined ? {} : { error }),
      },
    ];
  });
  return toHistory(events);
}

export const w = (process: number, key: string, input: Json, outcome?: Did["outcome"]): Did => ({
  process,
  f: "write",
  key,
  input,
  ...(outcome ? { outcome } : {}),
});
export const r = (process: number, key: string, output: Json): Did => ({
  process,
  f: "read",
  key,
  output,
});
export const unread = (process: number, key: string): Did => ({
  process,
  f: "read",
  key,
  outcome: "fail",
});
export const fence = (process: number, outcome: Did["outcome"] = "ok"): Did => ({
  process,
  f: "fence",
  outcome,
});
export const final = (process: number, key: string, output: Json): Did => ({
  ...r(process, key, output),
  final: true,
});
