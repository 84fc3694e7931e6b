/** A candidate's count of the votes in one term. */

import { majorityOf } from "./rules.js";

export interface BallotOptions {
  serverCount: number;
  /** Counts replies, not voters: the bug `count-votes-twice`. */
  countReplies: boolean;
}

export class Ballot {
  readonly #options: BallotOptions;
  readonly #granted = new Set<string>();
  readonly #refused = new Set<string>();
  #replies = 0;

  constructor(options: BallotOptions) {
    this.#options = options;
  }

  count(voter: string, granted: boolean): void {
    (granted ? this.#granted : this.#refused).add(voter);
    if (granted) this.#replies++;
  }

  hasAnswered(voter: string): boolean {
    return this.#granted.has(voter) || this.#refused.has(voter);
  }

  /** True when somebody voted for another candidate, or found this one's log out of date. */
  get contested(): boolean {
    return this.#refused.size > 0;
  }

  get won(): boolean {
    const { serverCount, countReplies } = this.#options;
    const votes = countReplies ? this.#replies : this.#granted.size;
    return votes >= majorityOf(serverCount);
  }
}
