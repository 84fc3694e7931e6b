/**
 * Clients of a file that names no processes, as old unit tests of checkers have them: while only one
 * of them has a transaction open, the next completion can only be its own. Each transaction gets a
 * process of its own.
 */

import { NOBODY } from "./uninvoked.js";

const NONE = -1;

export class Strangers {
  #met = 0;
  #open = NONE;
  #hasOthers = false;

  /**
   * Whose event this is; NOBODY when that cannot be told.
   * @param process as the file has it, NOBODY where it has none.
   */
  nameOf(process: number, isInvocation: boolean): number {
    if (!Number.isNaN(process)) {
      this.#hasOthers = true;
      return this.#met > 0 ? NOBODY : process;
    }
    if (this.#hasOthers || isInvocation === (this.#open !== NONE)) return NOBODY;
    if (!isInvocation) {
      const own = this.#open;
      this.#open = NONE;
      return own;
    }
    this.#open = this.#met++;
    return this.#open;
  }
}
