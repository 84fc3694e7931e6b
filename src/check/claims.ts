/**
 * The commit order that a database claims, from a file beside the history: a JSON object from event
 * indexes (of a transaction's invocation or completion) to numbers, the earlier the smaller.
 */

import type { Transactions } from "../../histories/index.js";
import { UsageError } from "../base/errors.js";
import { isJsonObject } from "../base/json.js";
import { readJson } from "../store/files.js";

export type Claims = ReadonlyMap<number, number>;

/** @throws UsageError naming the file and what is wrong in it. */
export function readClaims(file: string): Claims {
  const json = readJson(file);
  if (!isJsonObject(json)) {
    throw new UsageError(`${file}: not a JSON object from event indexes to commit times`);
  }
  return new Map(
    Object.entries(json).map(([index, time]) => {
      if (/^\d+$/.test(index) && typeof time === "number") return [Number(index), time];
      const entry = JSON.stringify({ [index]: time });
      throw new UsageError(`${file}: ${entry}: give an event index and a number`);
    }),
  );
}

/** By transaction, NaN where nothing is claimed. @throws UsageError for an event of no transaction. */
export function claimedOrder(claims: Claims, transactions: Transactions): Float64Array {
  const { size, invoked, completed } = transactions;
  const claimed = new Float64Array(size).fill(Number.NaN);
  let found = 0;
  for (let t = 0; t < size; t++) {
    const times = [invoked[t]!, completed[t]!].flatMap((event) => claims.get(event) ?? []);
    found += times.length;
    if (times[0] !== undefined) claimed[t] = times[0];
  }
  if (found < claims.size) {
    const events = new Set([...invoked, ...completed]);
    const stranger = [...claims.keys()].find((event) => !events.has(event));
    throw new UsageError(`event ${stranger} of the claimed order belongs to no transaction`);
  }
  return claimed;
}
