/**
 * One epoch of a leader: it puts requests into its log, and sends each follower the entries in a window,
 * without waiting for answers in between.
 *
 * An acknowledgement is cumulative: the follower has everything up to there. It moves the window on; where
 * none comes for a while, the window is sent again. An entry is committed once a majority holds all of the
 * log up to it, and it is of this epoch: older ones are committed by those that follow (Raft, figure 8).
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Journal } from "../primary-backup/journal.js";
import type { Entry, Request } from "../primary-backup/messages.js";
import type { Ack, Append, Beat, Start } from "./messages.js";

/** Without progress for so long, the window is sent again. */
const RESEND_MS = 100;

interface Follower {
  /** It has this epoch's opening, and everything before. */
  isStarted: boolean;
  held: number;
  /** The next entry to be sent. */
  next: number;
  progressMs: number;
}

export interface LeaderScope {
  context: NodeContext;
  journal: Journal;
  /** Told how much is committed by now. */
  committed(length: number): void;
}

export class Leader {
  readonly epoch: number;
  readonly #context: NodeContext;
  readonly #journal: Journal;
  readonly #onCommitted: (length: number) => void;
  readonly #window: number;
  readonly #followers: ReadonlyMap<string, Follower>;
  /** Who waits for the entry of that place. */
  readonly #proposals = new Map<number, (reply: JsonObject | undefined) => void>();
  /** The log up to the entry that opens the epoch. */
  readonly #opening: number;
  #own = 0;
  #committed = 0;

  constructor({ context, journal, committed }: LeaderScope) {
    this.epoch = journal.epoch;
    this.#context = context;
    this.#journal = journal;
    this.#onCommitted = committed;
    this.#window = Number(context.options["window"]);
    this.#opening = journal.length + 1;
    this.#followers = new Map(
      context.peers.map((peer) => [
        peer,
        { isStarted: false, held: 0, next: this.#opening, progressMs: -RESEND_MS },
      ]),
    );
    this.#append({ epoch: this.epoch, request: null });
    this.beat();
  }

  /** Resolves to the reply, or to undefined when the epoch has ended before it was known. */
  propose(request: Request): Promise<JsonObject | undefined> {
    return new Promise((resolve) => {
      this.#proposals.set(this.#journal.length, resolve);
      this.#append({ epoch: this.epoch, request });
    });
  }

  /** The entry of that place was applied. */
  applied(index: number, reply: JsonObject | undefined): void {
    this.#proposals.get(index)?.(reply);
    this.#proposals.delete(index);
  }

  /** A sign of life for everybody, and what was sent and not acknowledged, again. */
  beat(): void {
    const nowMs = this.#context.clock.monotonicMs();
    for (const [name, follower] of this.#followers) {
      const isStuck = nowMs - follower.progressMs >= RESEND_MS;
      if (!follower.isStarted && isStuck) {
        this.#start(name);
        follower.progressMs = nowMs;
      } else if (isStuck && follower.held < follower.next) {
        this.#context.probe("a window was sent again");
        follower.next = follower.held;
        follower.progressMs = nowMs;
      }
      const message: Beat = { type: "beat", epoch: this.epoch, committed: this.#committed };
      this.#context.send(name, message);
      this.#fill(name, follower);
    }
  }

  onAck(name: string, { length }: Ack): void {
    const follower = this.#followers.get(name);
    if (follower === undefined) return;
    if (!follower.isStarted || length > follower.held) {
      follower.progressMs = this.#context.clock.monotonicMs();
    }
    follower.isStarted = true;
    follower.held = Math.max(follower.held, length);
    follower.next = Math.max(follower.next, follower.held);
    this.#settle();
    this.#fill(name, follower);
  }

  /** Nobody learns anything from here any more: entries may survive or not. */
  depose(): void {
    if (this.#proposals.size > 0) this.#context.probe("a leader was deposed with open requests");
    for (const answer of this.#proposals.values()) answer(undefined);
    this.#proposals.clear();
  }

  #append(entry: Entry): void {
    this.#journal.append(entry);
    const { length } = this.#journal;
    this.#journal.whenDurable(() => {
      this.#own = Math.max(this.#own, length);
      this.#settle();
    });
    for (const [name, follower] of this.#followers) this.#fill(name, follower);
  }

  #start(name: string): void {
    const entries = this.#journal.entries(0, this.#opening);
    const message: Start = {
      ...{ type: "start", epoch: this.epoch },
      ...{ entries, committed: this.#committed },
    };
    this.#context.send(name, message);
  }

  /** Sends what the window has room for. */
  #fill(name: string, follower: Follower): void {
    if (!follower.isStarted) return;
    const end = Math.min(this.#journal.length, follower.held + this.#window);
    if (follower.next < end - 1) this.#context.probe("several entries were in flight at a time");
    for (; follower.next < end; follower.next++) {
      const message: Append = {
        ...{ type: "append", epoch: this.epoch, sequence: follower.next },
        request: this.#journal.entry(follower.next)?.request ?? null,
        committed: this.#committed,
      };
      this.#context.send(name, message);
    }
    if (end < this.#journal.length) this.#context.probe("a window was full");
  }

  #settle(): void {
    const held = [...this.#followers.values()].map((follower) => follower.held);
    const lengths = [this.#own, ...held].sort((a, b) => b - a);
    const committed = lengths[Math.floor(lengths.length / 2)] ?? 0;
    if (committed <= this.#committed || this.#journal.epochAt(committed) !== this.epoch) return;
    this.#committed = committed;
    this.#onCommitted(committed);
  }
}
