/** Options of PBFT: one table, with the defaults that the documentation prints. */

import type { OptionValue } from "../../src/hosts/ts/node.js";
import type { OptionSpec } from "../system.js";

export const options = {
  checkpointEvery: {
    summary: "requests from one checkpoint to the next; twice as many may be under way",
    default: 8,
    range: [1, 10_000],
  },
  statusMs: {
    summary: "how often a replica tells where it stands, so that others help it",
    default: 100,
    range: [1, 1_000],
  },
  viewChangeTimeoutMs: {
    summary: "how long a request may wait before a replica asks for another primary",
    default: 300,
    range: [10, 60_000],
  },
  resubmitMs: {
    summary: "after so long without an answer a request is sent to all replicas, again and again",
    default: 120,
    // Backups must hear of a request while its client still waits.
    range: [1, 500],
  },
  requestTimeoutMs: {
    summary: "how long a replica goes on trying for a client",
    default: 1_000,
    range: [1_000, 600_000],
  },
} as const satisfies { [name: string]: OptionSpec };

export type Settings = { readonly [Name in keyof typeof options]: number };

/** A view change that fails makes the next one wait twice as long, up to so many times. */
export const PATIENCE_MAX = 4;

export function settingsOf(given: { readonly [name: string]: OptionValue }): Settings {
  const entries = Object.entries(options).map(([name, { default: usual }]) => [
    name,
    Number(given[name] ?? usual),
  ]);
  return Object.fromEntries(entries) as Settings;
}
