/** What every transactional store offers, however it commits. */

import { UsageError } from "../../src/base/errors.js";
import type { OptionValue } from "../../src/hosts/ts/node.js";
import type { OptionSpec } from "../system.js";

export const workloads = [
  "list-append",
  "rw-register",
  "bank",
  "long-fork",
  "write-skew",
  "monotonic",
] as const;

export const operations = ["txn", "read", "transfer", "insert", "increment"] as const;

/** With longer steps not even final reads, of many steps each, are answered while a client waits. */
const STEP_MAX_MS = 100;

/** The option `stepMs`. */
export function stepSpec(defaultMs: number): OptionSpec {
  return {
    summary: "how long a micro-operation takes on average, before it reads or writes",
    default: defaultMs,
    range: [0, STEP_MAX_MS],
  };
}

/** @throws UsageError for a time that makes no sense. */
export function stepMsOf(option: OptionValue | undefined): number {
  const stepMs = Number(option);
  if (Number.isInteger(stepMs) && stepMs >= 0 && stepMs <= STEP_MAX_MS) return stepMs;
  throw new UsageError(`stepMs is a whole number from 0 to ${STEP_MAX_MS}, not ${option}`);
}
