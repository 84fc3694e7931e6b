/**
 * Heartbeat rounds of one leader: which has a majority answered, and when did that one begin?
 *
 * Every AppendEntries names the latest round begun before it was sent, and its answer repeats the
 * name. When a majority has answered round r or a later one, nobody else can have become leader
 * before r began: this confirms reads that arrived before r, and a lease is counted from there.
 */

export class Rounds {
  #latest = 0;
  #confirmed = 0;
  #confirmedBeganMs: number | undefined;
  /** Rounds not yet confirmed, oldest first, with the local time at which they began. */
  #open: { round: number; beganMs: number }[] = [];

  get latest(): number {
    return this.#latest;
  }

  get confirmed(): number {
    return this.#confirmed;
  }

  /** Local time at which the latest confirmed round began; undefined before the first. */
  get confirmedBeganMs(): number | undefined {
    return this.#confirmedBeganMs;
  }

  begin(beganMs: number): number {
    this.#open.push({ round: ++this.#latest, beganMs });
    return this.#latest;
  }

  /** A majority has answered `round` or later ones. O(open rounds). */
  confirm(round: number): void {
    const done = this.#open.filter((open) => open.round <= round).at(-1);
    if (done === undefined) return;
    this.#confirmed = done.round;
    this.#confirmedBeganMs = done.beganMs;
    this.#open = this.#open.filter((open) => open.round > round);
  }
}
