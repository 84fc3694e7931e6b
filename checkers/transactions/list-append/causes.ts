/**
 * How a transaction knew of an append that it did not read: a shortest way over observations, from
 * reader to writer to what that one had read. O(micro-operations between the two), for one read.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds } from "../../../histories/transactions.js";
import { HarnessError } from "../../../src/base/errors.js";
import { element, list, whichKey, whose } from "../describe.js";
import type { Finding } from "../findings.js";
import type { Arrangement } from "./arrangement.js";
import { eachMissed } from "./missed.js";
import type { Proofs } from "./proofs.js";
import { foreignVersion, type VersionOrders } from "./version-orders.js";

const NEVER = 0x7fff_ffff;

export class Causes {
  readonly #proofs: Proofs;
  readonly #orders: VersionOrders;
  readonly #arrangement: Arrangement;

  constructor(proofs: Proofs, arrangement: Arrangement) {
    this.#proofs = proofs;
    this.#orders = proofs.orders;
    this.#arrangement = arrangement;
  }

  /** Of a read that missed an append of its causal past. */
  finding(read: number): Finding {
    const { transactions, transactionOf } = this.#orders;
    const { key, value, length } = transactions;
    const { missed, path } = this.#pathTo(read);
    const t = transactionOf[read]!;
    const writer = transactionOf[missed]!;
    const proof = this.#proofs.witness(key[read]!, missed);
    const seen = ({ append }: Hop): string =>
      `read ${element(transactions, value[append]!)} of ${whichKey(transactions, key[append]!)} by ${whose(transactions, transactionOf[append]!)}`;
    const way = path.map(seen).join(", which had ");
    const stale = list(transactions, read, length[read]! - 1);
    return {
      ...{ type: "causal-violation", key: key[read]!, values: [value[missed]!] },
      transactions: [t, ...path.map(({ append }) => transactionOf[append]!)],
      micros: [
        ...[read, missed, ...path.flatMap((hop) => [hop.read, hop.append])],
        ...(proof === undefined ? [] : [proof]),
      ],
      message: `${whose(transactions, t)} read ${stale} of ${whichKey(transactions, key[read]!)} without ${element(transactions, value[missed]!)} of ${whose(transactions, writer)}, although it had ${way}`,
    };
  }

  /** A shortest way over observations to a transaction with an append that a read missed. */
  #pathTo(read: number): { missed: number; path: Hop[] } {
    const { transactions, transactionOf, versions, start } = this.#orders;
    const { kind, key, from, length, outcome } = transactions;
    const { place } = this.#arrangement;
    const missedBy = new Map<number, number>();
    let first = NEVER;
    eachMissed(this.#orders, this.#arrangement, read, (append) => {
      const writer = transactionOf[append]!;
      if (!missedBy.has(writer)) missedBy.set(writer, append);
      first = Math.min(first, place[writer]!);
      return false;
    });
    const reader = transactionOf[read]!;
    const hopTo = new Map<number, Hop>();
    const seenOfKey = new Map<number, number>();
    const queue = [reader];
    for (const t of queue) {
      if (outcome[t] !== outcomes.ok) continue;
      for (let m = from[t]!; m < from[t + 1]!; m++) {
        if (kind[m] !== microKinds.read || length[m]! <= 0) continue;
        const k = key[m]!;
        const seen = seenOfKey.get(k) ?? 0;
        const version = foreignVersion(this.#orders, m);
        for (let number = version; number > seen; number--) {
          const append = versions[start[k]! + number - 1]!;
          const writer = transactionOf[append]!;
          if (place[writer]! < first) break;
          if (writer === reader || hopTo.has(writer)) continue;
          hopTo.set(writer, { read: m, append });
          queue.push(writer);
          const missed = missedBy.get(writer);
          if (missed !== undefined) return { missed, path: this.#wayBack(hopTo, reader, writer) };
        }
        if (version > seen) seenOfKey.set(k, version);
      }
    }
    throw new HarnessError("a read that missed its cause has a way to it");
  }

  #wayBack(hopTo: ReadonlyMap<number, Hop>, reader: number, writer: number): Hop[] {
    const path: Hop[] = [];
    for (let t = writer; t !== reader; ) {
      const hop = hopTo.get(t)!;
      path.unshift(hop);
      t = this.#orders.transactionOf[hop.read]!;
    }
    return path;
  }
}

/** A read that observed an append. */
interface Hop {
  read: number;
  append: number;
}
