/** How findings speak of transactions, keys and lists. Lists are cut to what is said of them. */

import type { Transactions } from "../../histories/transactions.js";
import { keyName, show } from "../describe.js";

/** A list up to this long is shown as it is; of a longer one, so many elements around a place. */
const WHOLE_MAX = 8;
const AROUND = 2;

/** "process 3's transaction of event 14" */
export function whose({ process, invoked }: Transactions, transaction: number): string {
  return `process ${process[transaction]}'s transaction of event ${invoked[transaction]}`;
}

export function whichKey({ keys, values }: Transactions, key: number): string {
  return keyName(values.value(keys[key]!));
}

export function element({ values }: Transactions, id: number): string {
  return show(values.value(id));
}

/** "[1 2 3]", or "[… 7 8 9 …]" around these places of a long list. */
export function list(transactions: Transactions, read: number, ...around: number[]): string {
  const { chainStart, chainElements, value, length } = transactions;
  const start = chainStart[value[read]!]!;
  const size = length[read]!;
  const shown: string[] = [];
  let isCut = false;
  for (const at of size <= WHOLE_MAX ? range(0, size) : places(size, around)) {
    if (at === CUT) {
      if (!isCut) shown.push("…");
    } else shown.push(element(transactions, chainElements[start + at]!));
    isCut = at === CUT;
  }
  return `[${shown.join(" ")}]`;
}

/** A long list around the place where it differs from another one, and its end: "[… 3 4 5 … 8 9]". */
export function listFrom(transactions: Transactions, read: number, difference: number): string {
  const last = transactions.length[read]! - 1;
  return list(transactions, read, Math.min(difference, last), last);
}

/** A few elements as text: "1, 2 and 3". */
export function elements(transactions: Transactions, ids: readonly number[]): string {
  const shown = ids.slice(0, 4).map((id) => element(transactions, id));
  if (ids.length > 4) shown.push(`${ids.length - 4} more`);
  const last = shown.pop() ?? "nothing";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}

const CUT = -1;

function places(size: number, around: readonly number[]): number[] {
  const wanted: number[] = [];
  let next = 0;
  for (const middle of [...new Set(around)].sort((a, b) => a - b)) {
    const from = Math.max(next, middle - AROUND);
    const to = Math.min(size, middle + AROUND + 1);
    if (from > next) wanted.push(CUT);
    wanted.push(...range(from, to));
    next = Math.max(next, to);
  }
  if (next < size) wanted.push(CUT);
  return wanted;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
