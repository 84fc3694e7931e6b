/**
 * One reign: what a node does as primary of one epoch, from its first entry until it is deposed.
 *
 * It opens the epoch with an entry of its own. A prefix of its log counts as kept only when it ends
 * with an entry of this epoch: copies of an older entry may be counted on enough nodes and yet lose
 * to a log with a later epoch (Raft, figure 8). State is built by applying what is kept.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { Copies } from "./copies.js";
import type { Journal } from "./journal.js";
import type { Command, Entry, Replicate, Replicated, Request } from "./messages.js";
import type { Rules } from "./rules.js";
import type { State } from "./state.js";

/** Entries in one message; the rest follows with the next heartbeat. */
const BATCH_MAX = 64;
/** How long a semi-synchronous primary with the bug `degrades-silently` waits for its backup. */
const DEGRADE_MS = 200;

interface Proposal {
  sinceMs: number;
  answer(reply: JsonObject | undefined): void;
  /** Known once the entry is applied. */
  reply?: JsonObject;
}

interface PendingRead {
  key: Json;
  round: number;
  answer(reply: JsonObject | undefined): void;
}

export class Primary {
  readonly epoch: number;
  readonly #context: NodeContext;
  readonly #journal: Journal;
  readonly #rules: Rules;
  readonly #copies: Copies;
  readonly #state: State;
  /** By the index of their entry, in that order. */
  readonly #proposals = new Map<number, Proposal>();
  #reads: PendingRead[] = [];
  #round = 0;
  #applied = 0;

  constructor(context: NodeContext, journal: Journal, rules: Rules, state: State) {
    this.epoch = journal.epoch;
    this.#context = context;
    this.#journal = journal;
    this.#rules = rules;
    this.#state = state;
    this.#copies = new Copies(context.peers, journal.length);
    this.#append({ epoch: this.epoch, request: null });
  }

  /** Resolves to the reply, or to undefined when the reign has ended before it was known. */
  execute(command: Command): Promise<JsonObject | undefined> {
    return "request" in command ? this.#propose(command.request) : this.#read(command.key);
  }

  /** Entries that no failover loses, as far as is known; none before the first of this epoch is. */
  get kept(): number {
    return this.#applied;
  }

  /** Sends every backup what it lacks, if only a sign of life. */
  beat(): void {
    if (this.#context.bugs.has("degrades-silently")) this.#degradeIfSlow();
    for (const backup of this.#context.peers) this.#replicateTo(backup);
  }

  onReplicated(backup: string, { round, fits, length }: Replicated): void {
    this.#copies.answered(backup, round);
    if (fits) this.#copies.held(backup, length);
    else if (this.#copies.retreat(backup, length)) {
      this.#context.probe("a backup's log did not fit");
      this.#replicateTo(backup);
    }
    this.#settle();
  }

  /** Nobody learns anything from here any more: entries may survive or not. */
  depose(): void {
    if (this.#proposals.size > 0) this.#context.probe("a primary was deposed with open writes");
    for (const { answer } of [...this.#proposals.values(), ...this.#reads]) answer(undefined);
    this.#proposals.clear();
    this.#reads = [];
  }

  #propose(request: Request): Promise<JsonObject | undefined> {
    return new Promise((answer) => {
      const sinceMs = this.#context.clock.monotonicMs();
      this.#proposals.set(this.#journal.length, { sinceMs, answer });
      this.#append({ epoch: this.epoch, request });
    });
  }

  /**
   * A read is fresh when nobody can have been made primary of a later epoch before it was asked
   * for: a majority, asked after it, has not promised one.
   */
  #read(key: Json): Promise<JsonObject | undefined> {
    return new Promise((answer) => {
      this.#reads.push({ key, round: ++this.#round, answer });
      if (this.#rules.confirm > 1) this.beat();
      this.#settle();
    });
  }

  #append(entry: Entry): void {
    this.#journal.append(entry);
    const { length } = this.#journal;
    this.#journal.whenDurable(() => {
      this.#copies.hold(length);
      this.#settle();
    });
    this.beat();
  }

  #replicateTo(backup: string): void {
    const base = this.#copies.next(backup);
    const message: Replicate = {
      type: "replicate",
      epoch: this.epoch,
      round: this.#round,
      base,
      baseEpoch: this.#journal.epochAt(base) ?? 0,
      entries: this.#journal.entries(base, BATCH_MAX),
      ...(this.#context.options["reads"] === "backup" ? { kept: this.kept } : {}),
    };
    this.#context.send(backup, message);
  }

  /** Applies what is kept by now, and answers whoever may be answered. */
  #settle({ keep, acknowledge, confirm } = this.#rules): void {
    const kept = this.#copies.heldBy(keep);
    if (this.#journal.epochAt(kept) !== this.epoch) return;
    while (this.#applied < kept) this.#apply(this.#applied++);
    this.#acknowledge(this.#copies.heldBy(acknowledge));
    this.#answerReads(this.#copies.answeredBy(confirm));
  }

  #apply(index: number): void {
    const request = this.#journal.entry(index)?.request;
    if (!request) return;
    const reply = this.#state.apply(request);
    const proposal = this.#proposals.get(index);
    if (proposal !== undefined) proposal.reply = reply;
  }

  #acknowledge(length: number): void {
    for (const [index, { reply, answer }] of this.#proposals) {
      if (index >= length || reply === undefined) return;
      this.#proposals.delete(index);
      answer(reply);
    }
  }

  #answerReads(round: number): void {
    if (this.#reads.every((read) => read.round > round)) return;
    for (const read of this.#reads)
      if (read.round <= round) read.answer(this.#state.read(read.key));
    this.#reads = this.#reads.filter((read) => read.round > round);
  }

  #degradeIfSlow(): void {
    const [oldest] = this.#proposals.values();
    if (oldest === undefined) return;
    if (this.#context.clock.monotonicMs() - oldest.sinceMs < DEGRADE_MS) return;
    this.#settle({ ...this.#rules, keep: 1, acknowledge: 1 });
  }
}
