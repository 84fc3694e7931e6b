/** Options of Multi-Paxos: one table, with the defaults that the documentation prints. */

import { UsageError } from "../../src/base/errors.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { leaseMs } from "../raft/rules.js";
import type { OptionSpec } from "../system.js";

/** What clocks may drift, in parts per million, without harm to lease reads in the default setting. */
export const DRIFT_PPM_MAX = 100_000;

export const readModes = ["log", "lease"] as const;
export type ReadMode = (typeof readModes)[number];

export const options = {
  reads: {
    summary: "how reads are served: through the log, or by the master's lease",
    default: "log",
    values: readModes,
  },
  heartbeatMs: {
    summary: "how often a leader is heard, and sends again what has not been accepted",
    default: 50,
  },
  electionTimeoutMs: {
    summary: "a replica begins a ballot after a random silence between this and twice this",
    default: 250,
  },
  leaseDriftMarginPpm: {
    summary: "the clock drift that a master lease allows for, parts per million",
    default: DRIFT_PPM_MAX,
  },
  windowInstances: {
    summary: "how many instances a leader has under way at most",
    default: 16,
  },
  resubmitMs: {
    summary: "how often a replica submits an unanswered request to the leader again",
    default: 150,
  },
  requestTimeoutMs: {
    summary: "how long a replica goes on trying for a client",
    default: 1_000,
  },
} as const satisfies { [name: string]: OptionSpec };

export interface Settings {
  reads: ReadMode;
  heartbeatMs: number;
  electionTimeoutMs: number;
  /** How long a lease lasts from the start of the round that earned it. */
  leaseMs: number;
  windowInstances: number;
  resubmitMs: number;
  requestTimeoutMs: number;
}

/** @throws UsageError for numbers that make no sense, alone or together. */
export function settingsOf(context: NodeContext): Settings {
  const integer = (name: keyof typeof options, min: number, max: number): number => {
    const value = context.options[name] ?? options[name].default;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
      return value;
    }
    throw new UsageError(
      `multi-paxos: ${name} is a whole number from ${min} to ${max}, not ${value}`,
    );
  };
  const heartbeatMs = integer("heartbeatMs", 1, 60_000);
  const electionTimeoutMs = integer("electionTimeoutMs", 2, 600_000);
  if (electionTimeoutMs <= heartbeatMs) {
    throw new UsageError(
      `multi-paxos: electionTimeoutMs (${electionTimeoutMs}) must exceed heartbeatMs (${heartbeatMs}), or nobody ever stays quiet`,
    );
  }
  const marginPpm = integer("leaseDriftMarginPpm", 0, 999_999);
  const driftPpm = context.bugs.has("lease-ignores-drift") ? 0 : marginPpm;
  return {
    reads: (context.options["reads"] ?? options.reads.default) as ReadMode,
    heartbeatMs,
    electionTimeoutMs,
    leaseMs: leaseMs(electionTimeoutMs, driftPpm),
    windowInstances: integer("windowInstances", 1, 100_000),
    resubmitMs: integer("resubmitMs", 1, 600_000),
    requestTimeoutMs: integer("requestTimeoutMs", 1, 600_000),
  };
}
