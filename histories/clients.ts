/**
 * Where every client of a history stands: which operation it invoked last and whether that is still
 * open. The memory of the pairing rules (pairing.ts) for those who build columns. O(1) an event.
 */

import type { ClientState } from "./pairing.js";
import { doubled } from "./values.js";

/** Where a client stands, in two bits below the number of its last operation. */
export const phases = { open: 1, done: 2, crashed: 3 } as const;
export const PHASES: readonly ClientState["phase"][] = ["open", "open", "done", "crashed"];
export const NEVER_SEEN = 0;

/** Clients with numbers below are found by index, all others in a Map. */
const DENSE_PROCESSES = 1 << 20;

/** Operations are numbered in 29 bits, above the two of the phase. */
export const OPERATIONS_MAX = 2 ** 29;

export class Clients {
  #dense = new Int32Array(64);
  readonly #sparse = new Map<number, number>();

  /** The number of its last operation, shifted by two, and its phase; or NEVER_SEEN. */
  stateOf(process: number): number {
    if (process >= 0 && process < DENSE_PROCESSES) return this.#dense[process] ?? NEVER_SEEN;
    return this.#sparse.get(process) ?? NEVER_SEEN;
  }

  set(process: number, operation: number, phase: number): void {
    const state = (operation << 2) | phase;
    if (process >= 0 && process < DENSE_PROCESSES) {
      while (process >= this.#dense.length) this.#dense = doubled(this.#dense, Int32Array);
      this.#dense[process] = state;
    } else this.#sparse.set(process, state);
  }
}
