/** Values with the timestamps that a database gave them. */

import type { Operation } from "../histories/history.js";
import { isJsonObject, type Json } from "../src/base/json.js";

export interface Row {
  value: number;
  /** Decimal digits, with or without a fraction: databases have more of them than a double holds. */
  timestamp?: string;
  operation: Operation;
}

/** What an operation returned: a whole number, `[value, timestamp]`, `{value, timestamp}` or `{val, sts}`. */
export function rowOf(operation: Operation): Row | undefined {
  const { output } = operation;
  const [value, stamp] = Array.isArray(output)
    ? output
    : isJsonObject(output)
      ? [output["value"] ?? output["val"], output["timestamp"] ?? output["sts"]]
      : [output];
  if (!Number.isSafeInteger(value)) return undefined;
  const timestamp = digitsOf(stamp);
  return { value: value as number, ...(timestamp === undefined ? {} : { timestamp }), operation };
}

function digitsOf(stamp: Json | undefined): string | undefined {
  const text = typeof stamp === "number" ? String(stamp) : stamp;
  return typeof text === "string" && /^\d+(\.\d+)?$/.test(text) ? text : undefined;
}

/** Negative when `left` is earlier. */
export function compareTimestamps(left: string, right: string): number {
  const [leftWhole = "", leftPart = ""] = left.split(".");
  const [rightWhole = "", rightPart = ""] = right.split(".");
  const difference = BigInt(leftWhole) - BigInt(rightWhole);
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  const digits = Math.max(leftPart.length, rightPart.length);
  const [a, b] = [leftPart.padEnd(digits, "0"), rightPart.padEnd(digits, "0")];
  return a < b ? -1 : a > b ? 1 : 0;
}
