/**
 * Why an edge between transactions on registers holds. The cause of a wr or rw edge is the read,
 * that of a ww edge the write of its first transaction, and `via` the write of its second; an edge
 * that follows from a choice of the solver names the key only. O(size of the two transactions).
 */

import { microKinds } from "../../../histories/transactions.js";
import { type CycleEdge, edgeKinds } from "../dependencies.js";
import type { Step } from "../findings.js";
import { keyOfChoice } from "../solver/choices.js";
import { finalWrite, type RegisterVersions } from "./versions.js";

const kinds = ["ww", "wr", "rw", "process", "realtime"] as const;

export function stepOf(versions: RegisterVersions, edge: CycleEdge): Step {
  const { from, to } = edge;
  const kind = kinds.find((name) => edgeKinds[name] === edge.kind)!;
  const { key, value } = versions.transactions;
  if (kind === "process" || kind === "realtime") return { from, to, kind };
  if (kind === "wr") {
    const fromMicro = versions.source[edge.cause]!;
    const base = { from, to, kind, key: key[edge.cause]!, value: value[edge.cause]! };
    return { ...base, fromMicro, toMicro: edge.cause };
  }
  const chosen = keyOfChoice(edge.cause);
  const k = chosen ?? key[edge.cause]!;
  const toMicro = finalWrite(versions, to, k)!;
  const fromMicro =
    chosen === undefined
      ? edge.cause
      : kind === "ww"
        ? finalWrite(versions, from, k)!
        : readOfOther(versions, from, k, toMicro);
  const ends = { key: k, value: value[fromMicro]!, next: value[toMicro]!, fromMicro, toMicro };
  const witness = updatingRead(versions, to, k, value[fromMicro]!);
  return { from, to, kind, ...ends, ...(witness === undefined ? {} : { witness }) };
}

/** The first read of a transaction that returned neither its own nor this write. */
function readOfOther(
  { transactions, transactionOf, source }: RegisterVersions,
  t: number,
  key: number,
  write: number,
): number {
  const { from, kind } = transactions;
  let m = from[t]!;
  for (; m + 1 < from[t + 1]!; m++) {
    if (transactions.key[m] !== key || kind[m] !== microKinds.read || source[m] === write) continue;
    if (source[m]! >= 0 && transactionOf[source[m]!] !== t) break;
  }
  return m;
}

/** The read by which a writer shows that its version follows this value. */
function updatingRead(
  { transactions }: RegisterVersions,
  t: number,
  key: number,
  read: number,
): number | undefined {
  const { from, kind, value } = transactions;
  for (let m = from[t]!; m < from[t + 1]!; m++) {
    if (transactions.key[m] === key && kind[m] === microKinds.read && value[m] === read) return m;
  }
  return undefined;
}
