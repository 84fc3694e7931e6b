/**
 * Whom a node can talk with, both ways: a peer is in contact as long as it echoes recent heartbeats.
 *
 * One measure for all that ails a link: a peer that is down, a cut in either direction, and delays that
 * a chain should not wait for. It counts the node's own heartbeats, hence needs no clock of anybody's.
 */

import type { Heartbeat } from "./messages.js";

export class Contacts {
  readonly #heard = new Map<string, number>();
  readonly #echoed = new Map<string, number>();
  #beat = 0;

  /** The number of the latest heartbeat. */
  get beat(): number {
    return this.#beat;
  }

  /** Begins the next heartbeat. */
  next(): void {
    this.#beat++;
  }

  /** The latest heartbeat heard of the peer; 0 for none. */
  echoFor(peer: string): number {
    return this.#heard.get(peer) ?? 0;
  }

  hear(peer: string, { beat, echo }: Heartbeat): void {
    this.#heard.set(peer, beat);
    // Before a restart heartbeats were counted anew: what is ahead of us was said to an earlier life.
    if (echo <= this.#beat) this.#echoed.set(peer, Math.max(echo, this.#echoed.get(peer) ?? 0));
  }

  /** For how many heartbeats the peer has not answered; counted from the boot on. */
  silence(peer: string): number {
    return this.#beat - (this.#echoed.get(peer) ?? 0);
  }
}
