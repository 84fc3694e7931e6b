/** A candidate's count of the votes in one term, or of the pre-votes for one. */

import { isQuorum, type MajorityRule } from "./configuration.js";
import type { Configuration } from "./messages.js";

export interface BallotOptions {
  /** Who has a vote. */
  configuration: Configuration;
  majority: MajorityRule;
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

  /** Who voted for this candidate. */
  get granted(): string[] {
    return [...this.#granted].sort();
  }

  /** True when somebody voted for another candidate, or found this one's log out of date. */
  get contested(): boolean {
    return this.#refused.size > 0;
  }

  get won(): boolean {
    const { configuration, majority, countReplies } = this.#options;
    if (countReplies) return this.#replies >= majority(configuration.voters.length);
    return isQuorum(configuration, (id) => this.#granted.has(id), majority);
  }
}
