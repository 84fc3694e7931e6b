/**
 * What stores of transactions can promise of progress. A client waits for a second, and a transaction
 * takes its time over each micro-operation by design: one that is longer than that is never answered,
 * faults or not, and many that are nearly as long stand in each other's way.
 */

import type { OptionValue } from "../../src/hosts/ts/node.js";

/** A transaction that takes longer by itself, on average, may not be answered while its client waits. */
const BUSY_MAX_MS = 200;
/** Settings of workloads that say how many micro-operations one transaction has. */
const LENGTHS = ["microOpsMax", "accounts", "group", "counters"];
/** Of workloads that do not say it. */
const USUAL_LENGTH = 4;

/** When a store serves again: nothing is promised where transactions are too long to be answered. */
export function whereAnswered(withinMs: number) {
  return (options: { readonly [name: string]: OptionValue }): number => {
    const lengths = LENGTHS.map((name) => Number(options[name] ?? USUAL_LENGTH));
    const busyMs = Number(options["stepMs"]) * Math.max(...lengths);
    return busyMs <= BUSY_MAX_MS ? withinMs : Number.POSITIVE_INFINITY;
  };
}
