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
    range: [1, 60_000],
  },
  electionTimeoutMs: {
    summary: "a replica begins a ballot after a random silence between this and twice this",
    default: 250,
    range: [2, 5_000],
  },
  leaseDriftMarginPpm: {
    summary: "the clock drift that a master lease allows for, parts per million",
    default: DRIFT_PPM_MAX,
    // Less would not do for the drift that is promised to be survived.
    range: [DRIFT_PPM_MAX, 999_999],
  },
  windowInstances: {
    summary: "how many instances a leader has under way at most",
    default: 16,
    range: [1, 100_000],
  },
  resubmitMs: {
    summary: "how often a replica submits an unanswered request to the leader again",
    default: 150,
    range: [1, 600_000],
  },
  requestTimeoutMs: {
    summary: "how long a replica goes on trying for a client",
    default: 1_000,
    range: [1, 600_000],
  },
} as const satisfies { [name: string]: OptionSpec };

type WholeNumber = Exclude<keyof typeof options, "reads">;

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
  const integer = (name: WholeNumber): number => {
    const { default: usual, range } = options[name];
    const [min, max] = range;
    const value = context.options[name] ?? usual;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
      return value;
    }
    throw new UsageError(
      `multi-paxos: ${name} is a whole number from ${min} to ${max}, not ${value}`,
    );
  };
  const heartbeatMs = integer("heartbeatMs");
  const electionTimeoutMs = integer("electionTimeoutMs");
  if (electionTimeoutMs <= heartbeatMs) {
    throw new UsageError(
      `multi-paxos: electionTimeoutMs (${electionTimeoutMs}) must exceed heartbeatMs (${heartbeatMs}), or nobody ever stays quiet`,
    );
  }
  const marginPpm = integer("leaseDriftMarginPpm");
  const driftPpm = context.bugs.has("lease-ignores-drift") ? 0 : marginPpm;
  return {
    reads: (context.options["reads"] ?? options.reads.default) as ReadMode,
    heartbeatMs,
    electionTimeoutMs,
    leaseMs: leaseMs(electionTimeoutMs, driftPpm),
    windowInstances: integer("windowInstances"),
    resubmitMs: integer("resubmitMs"),
    requestTimeoutMs: integer("requestTimeoutMs"),
  };
}
