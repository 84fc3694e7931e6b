/** What the parts of the log checker report, the worst first. */

import type { Anomaly } from "../checker.js";
import { show, who } from "../describe.js";
import type { Entry, LogTransaction } from "./partitions.js";

export interface Case {
  type: string;
  /** Greater is worse: how far a poll jumped, how many values an offset has. */
  weight: number;
  /** Why this one is no fault, where another of its type is. */
  excuse?: string;
  tell(): Omit<Anomaly, "type">;
}

/** "1 of key x at offset 5" */
export function placed({ partition, offset, value }: Entry): string {
  const where = offset === undefined ? "" : ` at offset ${offset}`;
  return `${show(partition.values[value])} of key ${partition.name}${where}`;
}

export function whose({ operation }: LogTransaction): string {
  return who(operation);
}
