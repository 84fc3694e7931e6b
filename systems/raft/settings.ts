/** Raft's options: one table, with the defaults that the documentation prints. */

import { UsageError } from "../../src/base/errors.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { OptionSpec } from "../system.js";
import { leaseMs } from "./rules.js";

/** What clocks may drift, in parts per million, without harm to lease reads in the default setting. */
export const DRIFT_PPM_MAX = 100_000;

export const readModes = ["read-index", "log", "lease"] as const;
export type ReadMode = (typeof readModes)[number];

export const membershipModes = ["single", "joint"] as const;
export type MembershipMode = (typeof membershipModes)[number];

export const options = {
  reads: {
    summary:
      "how reads are served: a heartbeat round confirms the leader (read-index), through the log, or by the leader's lease",
    default: "read-index",
    values: readModes,
  },
  membership: {
    summary:
      "how members change: one server in one step (single), or by a joint configuration (joint)",
    default: "single",
    values: membershipModes,
  },
  preVote: {
    summary:
      "who would stand for election first asks whether it would win, and disturbs nobody if not",
    default: true,
  },
  checkQuorum: {
    summary:
      "a leader that hears no majority steps down, and nobody votes against one just heard; leases need it",
    default: true,
  },
  snapshotEvery: {
    summary: "how many entries are applied before a snapshot takes their place; 0: never",
    default: 40,
    range: [0, 1_000_000],
  },
  heartbeatMs: {
    summary: "how often a leader sends heartbeats, and a candidate repeats its request",
    default: 50,
    range: [1, 60_000],
  },
  electionTimeoutMs: {
    summary: "a follower starts an election after a random silence between this and twice this",
    default: 250,
    range: [2, 5_000],
  },
  leaseDriftMarginPpm: {
    summary: "the clock drift that a lease allows for, parts per million",
    default: DRIFT_PPM_MAX,
    // Less would not do for the drift that is promised to be survived.
    range: [DRIFT_PPM_MAX, 999_999],
  },
  batchEntriesMax: {
    summary: "how many entries one message carries at most",
    default: 64,
    range: [1, 100_000],
  },
  resubmitMs: {
    summary: "how often a server submits an unanswered request to the leader again",
    default: 150,
    range: [1, 600_000],
  },
  requestTimeoutMs: {
    summary: "how long a server goes on trying for a client",
    default: 1_000,
    range: [1, 600_000],
  },
} as const satisfies { [name: string]: OptionSpec };

type WholeNumber = Exclude<
  keyof typeof options,
  "reads" | "membership" | "preVote" | "checkQuorum"
>;

export interface Settings {
  reads: ReadMode;
  membership: MembershipMode;
  preVote: boolean;
  checkQuorum: boolean;
  /** Configured so that nobody deposes a leader without having missed it. */
  sticky: boolean;
  snapshotEvery: number;
  heartbeatMs: number;
  electionTimeoutMs: number;
  /** How long a lease lasts from the start of the round that earned it. */
  leaseMs: number;
  batchEntriesMax: number;
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
    throw new UsageError(`raft: ${name} is a whole number from ${min} to ${max}, not ${value}`);
  };
  const heartbeatMs = integer("heartbeatMs");
  const electionTimeoutMs = integer("electionTimeoutMs");
  if (electionTimeoutMs <= heartbeatMs) {
    throw new UsageError(
      `raft: electionTimeoutMs (${electionTimeoutMs}) must exceed heartbeatMs (${heartbeatMs}), or followers never stay quiet`,
    );
  }
  const reads = (context.options["reads"] ?? options.reads.default) as ReadMode;
  const disrupts = context.bugs.has("disruptive-candidates");
  const asked = (name: "preVote" | "checkQuorum"): boolean =>
    (context.options[name] ?? options[name].default) === true;
  const checkQuorum = !disrupts && asked("checkQuorum");
  if (reads === "lease" && !checkQuorum) {
    throw new UsageError(
      "raft: reads by lease need checkQuorum: set checkQuorum=true, or other reads",
    );
  }
  const driftPpm = context.bugs.has("lease-ignores-drift") ? 0 : integer("leaseDriftMarginPpm");
  return {
    reads,
    membership: (context.options["membership"] ?? options.membership.default) as MembershipMode,
    preVote: !disrupts && asked("preVote"),
    checkQuorum,
    sticky: asked("preVote") && asked("checkQuorum"),
    snapshotEvery: integer("snapshotEvery"),
    heartbeatMs,
    electionTimeoutMs,
    leaseMs: leaseMs(electionTimeoutMs, driftPpm),
    batchEntriesMax: integer("batchEntriesMax"),
    resubmitMs: integer("resubmitMs"),
    requestTimeoutMs: integer("requestTimeoutMs"),
  };
}
