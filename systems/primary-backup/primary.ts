/**
 * One reign: what a node does as primary of one epoch, from its first entry until it is deposed.
 *
 * It opens the epoch with an entry of its own. A prefix of its log counts as kept only when it ends
 * with an entry of this epoch: copies of an older entry may be counted on enough nodes and yet lose
 * to a log with a later epoch (Raft, figure 8). State is built by applying what is kept.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { Copies } from "./copies.js";
import { type InSync, InSyncSet, type Standing } from "./in-sync.js";
import type { Journal } from "./journal.js";
import type { Command, Entry, Mark, Replicate, Replicated, Request } from "./messages.js";
import type { Rules } from "./rules.js";
import type { State } from "./state.js";

/** Entries in one message; the rest follows with the next heartbeat. */
const BATCH_MAX = 64;
/** An in-sync node that has lacked an entry for so long is waited for no more. */
const LAG_MS = 200;
/** How long a semi-synchronous primary with the bug `degrades-silently` waits for its backup. */
const DEGRADE_MS = 200;

interface Proposal {
  sinceMs: number;
  answer(reply: JsonObject | undefined): void;
  /** Known once the entry is applied. */
  reply?: JsonObject;
}

/** Something to be said once a majority has confirmed the epoch; unless the reign ends before. */
interface PendingRead {
  round: number;
  answer(): void;
  giveUp(): void;
}

export interface Reign {
  context: NodeContext;
  journal: Journal;
  rules: Rules;
  state: State;
  /** The latest in-sync set that the granters knew. */
  inSync: InSync;
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
  /** Undefined where the mode has no in-sync set. */
  readonly #inSync: InSyncSet | undefined;
  /** Entries that were there before this reign, and when it got each of those that came since. */
  readonly #inherited: number;
  readonly #appendedMs: number[] = [];

  constructor({ context, journal, rules, state, inSync }: Reign) {
    this.epoch = journal.epoch;
    this.#context = context;
    this.#journal = journal;
    this.#rules = rules;
    this.#state = state;
    this.#copies = new Copies(context.peers, journal.length);
    this.#inherited = journal.length;
    if (rules.inSync > 0) {
      this.#inSync = new InSyncSet(inSync, { epoch: this.epoch, majority: rules.grants });
      this.#register(this.#inSync);
    }
    this.#append({ epoch: this.epoch, request: null });
  }

  /** Resolves to the reply, or to undefined when the reign has ended before it was known. */
  execute(command: Command): Promise<JsonObject | undefined> {
    if ("request" in command) return this.#propose(command.request);
    return this.#confirmed(() => this.#state.read(command.key));
  }

  /** How much is kept, not counting what comes after the question; undefined as for `execute`. */
  mark(): Promise<Mark | undefined> {
    return this.#confirmed(() => ({ epoch: this.epoch, kept: this.kept }));
  }

  /** Entries that no failover loses, as far as is known; none before the first of this epoch is. */
  get kept(): number {
    return this.#applied;
  }

  /** Others answer reads, hence must know what is kept. */
  get #answersElsewhere(): boolean {
    const { reads = "primary" } = this.#context.options;
    return reads !== "primary";
  }

  /** Sends every backup what it lacks, if only a sign of life. */
  beat(): void {
    if (this.#context.bugs.has("degrades-silently")) this.#degradeIfSlow();
    if (this.#inSync !== undefined) this.#reviewInSync(this.#inSync);
    for (const backup of this.#context.peers) this.#replicateTo(backup);
  }

  onReplicated(backup: string, { round, fits, length, version }: Replicated): void {
    this.#copies.answered(backup, round);
    if (version !== undefined) this.#inSync?.stored(backup, version);
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
    for (const { answer } of this.#proposals.values()) answer(undefined);
    for (const { giveUp } of this.#reads) giveUp();
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
  #confirmed<Answer>(read: () => Answer): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      this.#reads.push({
        round: ++this.#round,
        answer: () => resolve(read()),
        giveUp: () => resolve(undefined),
      });
      if (this.#rules.confirm > 1) this.beat();
      this.#settle();
    });
  }

  #append(entry: Entry): void {
    this.#journal.append(entry);
    this.#appendedMs.push(this.#context.clock.monotonicMs());
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
      ...(this.#answersElsewhere ? { kept: this.kept } : {}),
      ...(this.#inSync === undefined ? {} : { inSync: this.#inSync.latest }),
    };
    this.#context.send(backup, message);
  }

  /** Applies what is kept by now, and answers whoever may be answered. */
  #settle({ keep, acknowledge, confirm } = this.#rules): void {
    const kept = this.#heldBy(this.#context.bugs.has("shows-before-ack") ? 1 : keep);
    if (this.#journal.epochAt(kept) !== this.epoch) return;
    if (this.#applied < kept) this.#keepUntil(kept);
    this.#acknowledge(this.#heldBy(acknowledge));
    this.#answerReads(this.#copies.answeredBy(confirm));
  }

  /** What so many nodes hold, and all that are in sync, where that counts. */
  #heldBy(count: number): number {
    const held = this.#copies.heldBy(count);
    if (this.#inSync === undefined) return held;
    const { keepers } = this.#inSync;
    return keepers === undefined ? 0 : Math.min(held, this.#copies.heldByAll(keepers));
  }

  #keepUntil(kept: number): void {
    while (this.#applied < kept) this.#apply(this.#applied++);
    if (this.#answersElsewhere) this.#journal.checkpoint(kept);
    // Where nothing is asked of backups, nothing is promised to last.
    if (this.#rules.confirm > 1) {
      const { epoch } = this;
      this.#context.observe("decide", { slot: kept, entryTerm: epoch, term: epoch });
    }
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
    const due = this.#reads.filter((read) => read.round <= round);
    this.#reads = this.#reads.filter((read) => read.round > round);
    for (const { answer } of due) answer();
  }

  #reviewInSync(inSync: InSyncSet): void {
    const { clock, nodes, probe } = this.#context;
    const nowMs = clock.monotonicMs();
    const standings = nodes.map((node): Standing => {
      const held = this.#copies.heldAt(node);
      const lackingSinceMs = this.#appendedMs[Math.max(0, held - this.#inherited)] ?? nowMs;
      return { node, held, isBehind: nowMs - lackingSinceMs > LAG_MS };
    });
    const complete = Math.max(this.#inherited + 1, this.#applied);
    const before = inSync.latest.members.length;
    if (!inSync.review(standings, { least: this.#rules.inSync, complete })) return;
    probe(
      inSync.latest.members.length < before
        ? "a node fell out of the in-sync set"
        : "a node came into the in-sync set",
    );
    this.#register(inSync);
  }

  #register(inSync: InSyncSet): void {
    const { latest } = inSync;
    this.#journal.register(latest);
    this.#journal.whenDurable(() => {
      inSync.stored(this.#context.id, latest.version);
      this.#settle();
    });
  }

  #degradeIfSlow(): void {
    const [oldest] = this.#proposals.values();
    if (oldest === undefined) return;
    if (this.#context.clock.monotonicMs() - oldest.sinceMs < DEGRADE_MS) return;
    this.#settle({ ...this.#rules, keep: 1, acknowledge: 1 });
  }
}
