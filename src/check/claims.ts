/**
 * The order of commits that a database claims, or that of writes that a store claims, from a file beside
 * the history: a JSON object from event indexes (of an invocation or a completion) to numbers, the
 * earlier the smaller.
 */

import type { Columns, Transactions } from "../../histories/index.js";
import { UsageError } from "../base/errors.js";
import { isJsonObject } from "../base/json.js";
import { readJson } from "../store/files.js";

export type Claims = ReadonlyMap<number, number>;

/** @throws UsageError naming the file and what is wrong in it. */
export function readClaims(file: string): Claims {
  const json = readJson(file);
  if (!isJsonObject(json)) {
    throw new UsageError(`${file}: not a JSON object from event indexes to numbers`);
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
  return byPlace(claims, transactions, "transaction");
}

/** By operation, NaN where nothing is claimed. @throws UsageError for an event of no operation. */
export function claimedVersions(claims: Claims, columns: Columns): Float64Array {
  return byPlace(claims, columns, "operation");
}

type Placed = Pick<Columns, "size" | "invoked" | "completed">;

function byPlace(claims: Claims, { size, invoked, completed }: Placed, noun: string): Float64Array {
  const claimed = new Float64Array(size).fill(Number.NaN);
  let found = 0;
  for (let i = 0; i < size; i++) {
    const times = [invoked[i]!, completed[i]!].flatMap((event) => claims.get(event) ?? []);
    found += times.length;
    if (times[0] !== undefined) claimed[i] = times[0];
  }
  if (found < claims.size) {
    const events = new Set([...invoked, ...completed]);
    const stranger = [...claims.keys()].find((event) => !events.has(event));
    throw new UsageError(`event ${stranger} of the claimed order belongs to no ${noun}`);
  }
  return claimed;
}
