/**
 * What a leader knows about one follower's log.
 *
 * Streaming: the logs agree up to what was sent, so entries go out as they come, without waiting
 * (`nextIndex` runs ahead of `matchIndex`). Probing: a message did not fit, and one batch at a time
 * is tried until the place is found where the logs agree.
 */

export interface ProgressOptions {
  nextIndex: number;
  /** Answers to earlier rounds are those of somebody who had the name before. */
  sinceRound: number;
  /** Takes every answer for the latest: the bug `match-goes-back`. */
  forgetsMatch: boolean;
}

export class Progress {
  readonly sinceRound: number;
  readonly #forgetsMatch: boolean;
  #nextIndex: number;
  #matchIndex = 0;
  #streaming = false;
  /** The latest heartbeat round of this leader that the follower has answered. */
  answeredRound = 0;

  /** Local time at which a snapshot was sent that has not been answered; undefined when there is none. */
  snapshotSentMs: number | undefined;

  constructor({ nextIndex, sinceRound, forgetsMatch }: ProgressOptions) {
    this.#nextIndex = nextIndex;
    this.sinceRound = sinceRound;
    this.#forgetsMatch = forgetsMatch;
  }

  /** The next entry to send. */
  get nextIndex(): number {
    return this.#nextIndex;
  }

  /** The highest index up to which the follower is known to have the leader's log, durably. */
  get matchIndex(): number {
    return this.#matchIndex;
  }

  get streaming(): boolean {
    return this.#streaming;
  }

  /** Entries were sent; while streaming they need not be sent again. */
  sent(count: number): void {
    if (this.#streaming) this.#nextIndex += count;
  }

  /** Answers may overtake each other: what was once matched stays so. */
  accepted(matchIndex: number): void {
    this.#matchIndex = this.#forgetsMatch ? matchIndex : Math.max(this.#matchIndex, matchIndex);
    this.#nextIndex = Math.max(this.#nextIndex, this.#matchIndex + 1);
    this.#streaming = true;
    this.snapshotSentMs = undefined;
  }

  /** Where to try next. False for an old refusal that says nothing new. */
  refused(previousIndex: number, conflictIndex: number): boolean {
    const old = this.#streaming
      ? previousIndex < this.#matchIndex
      : previousIndex !== this.#nextIndex - 1;
    if (old) return false;
    this.#streaming = false;
    this.#nextIndex = Math.max(1, Math.min(conflictIndex, previousIndex));
    return true;
  }
}
