/**
 * Who waits for whom, as things really are: a transaction waits for the holder of a lock from when both
 * stand at the lock until one of them has let go of it, or is over. The owner of a lock learns late that
 * somebody has let go; the graph does not.
 */

import type { HistoryEvent } from "../../histories/history.js";
import { isJsonObject, type Json } from "../../src/base/json.js";
import { stronglyConnected } from "../small-graph.js";

interface Lock {
  owner: number | string;
  holder: string | undefined;
  waiting: readonly string[];
}

export class WaitForGraph {
  readonly #locks = new Map<string, Lock>();
  /** By transaction: the node at which it runs. */
  readonly #homes = new Map<string, number | string>();
  readonly #over = new Set<string>();
  /** Locks that a transaction has let go of and may stand at all the same. */
  readonly #left = new Set<string>();

  /** Takes in what a node recorded. */
  apply({ process, f, value }: HistoryEvent): void {
    if (!isJsonObject(value)) return;
    if (f === "lock-manager") this.#forget(process);
    if (f === "transaction") {
      const { txn, is, key } = value;
      if (typeof txn !== "string") return;
      if (is === "begun") this.#homes.set(txn, process);
      else if (is === "released") this.#left.add(`${txn} ${String(key)}`);
      else this.#over.add(txn);
    }
    if (f === "lock") {
      const { key, holder, waiting } = value;
      this.#locks.set(String(key), {
        owner: process,
        holder: typeof holder === "string" ? holder : undefined,
        waiting: namesIn(waiting),
      });
    }
  }

  /** Whom the transaction waits for. O(locks). */
  awaitedBy(txn: string): string[] {
    return this.#edges().flatMap(([from, to]) => (from === txn ? [to] : []));
  }

  /** Transactions that wait for each other, in groups; each sorted. O(waiting). */
  deadlocks(): string[][] {
    const edges = this.#edges();
    const names = [...new Set(edges.flat())].sort();
    const numbers = new Map(names.map((name, i) => [name, i]));
    const targets: number[][] = names.map(() => []);
    for (const [from, to] of edges) targets[numbers.get(from)!]!.push(numbers.get(to)!);
    return stronglyConnected(targets).map((group) => group.map((i) => names[i] as string));
  }

  #edges(): [string, string][] {
    const edges: [string, string][] = [];
    for (const [key, { holder, waiting }] of this.#locks) {
      if (holder === undefined || !this.#standsAt(holder, key)) continue;
      for (const txn of waiting) {
        if (txn !== holder && this.#standsAt(txn, key)) edges.push([txn, holder]);
      }
    }
    return edges;
  }

  #standsAt(txn: string, key: string): boolean {
    return !this.#over.has(txn) && !this.#left.has(`${txn} ${key}`);
  }

  /** A node begins anew: its transactions are over, and its locks unknown until it says more. */
  #forget(node: number | string): void {
    for (const [txn, home] of this.#homes) if (home === node) this.#over.add(txn);
    for (const [key, { owner }] of this.#locks) if (owner === node) this.#locks.delete(key);
  }
}

/** The names in a list. */
export function namesIn(value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : []).filter((name) => typeof name === "string");
}
