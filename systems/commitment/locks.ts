/**
 * The locks of one shard: a lock table, and those who wait for it. No deadlock spans shards, since a
 * transaction is as old on one as on all others (wait-die; see systems/txn/locks.ts).
 */

import { errorCodes, Refusal } from "../../src/hosts/ts/node.js";
import { LockTable } from "../txn/locks.js";
import type { LockMode } from "../txn/messages.js";

export interface Claim {
  transaction: string;
  /** Lower for older; no two requests have the same. */
  born: number;
  key: string;
  mode: LockMode;
}

interface Waiter {
  resolve(): void;
  reject(refusal: Refusal): void;
}

export class Locks {
  readonly #table = new LockTable();
  readonly #waiters = new Map<string, Waiter[]>();

  /**
   * Resolves once the lock is granted, with whether that took a while.
   * @throws Refusal 30 when the transaction must give up.
   */
  async acquire({ transaction, born, key, mode }: Claim): Promise<{ waited: boolean }> {
    switch (this.#table.acquire(transaction, key, mode, born)) {
      case "granted":
        return { waited: false };
      case "dies":
        throw new Refusal(errorCodes.txnConflict, `${key} is locked by an older transaction`);
      case "waits":
        await new Promise<void>((resolve, reject) => {
          const waiters = this.#waiters.get(transaction) ?? [];
          this.#waiters.set(transaction, [...waiters, { resolve, reject }]);
        });
        return { waited: true };
    }
  }

  /** Locks again what a transaction had locked before a crash, before anybody else asks. */
  restore({ transaction, born, key, mode }: Claim): void {
    this.#table.acquire(transaction, key, mode, born);
  }

  /** Frees all locks of a transaction, and ends its waiting. O(keys locked). */
  release(transaction: string): void {
    for (const { reject } of this.#take(transaction)) {
      reject(new Refusal(errorCodes.txnConflict, "given up"));
    }
    for (const lucky of this.#table.release(transaction)) {
      for (const { resolve } of this.#take(lucky)) resolve();
    }
  }

  #take(transaction: string): Waiter[] {
    const waiters = this.#waiters.get(transaction) ?? [];
    this.#waiters.delete(transaction);
    return waiters;
  }
}
