/**
 * A learner: finds out what is chosen, instance by instance, and applies it in the order of the log.
 *
 * Acceptors tell all learners what they accept; a majority for one ballot has chosen. Instances may be
 * chosen in any order, and are applied without gaps. What was missed is asked for (`learn`).
 */

import { assert } from "../../src/base/errors.js";
import { majorityOf } from "../../src/base/majority.js";
import type { JsonObject } from "../../src/hosts/ts/node.js";
import { Tally } from "../paxos/tally.js";
import { type Command, requestName } from "../raft/messages.js";
import { KeyValueMachine } from "../raft/state-machine.js";
import { type Accepted, CHOSEN, type Entry, type Learnt, type Value } from "./messages.js";
import type { Replica } from "./replica.js";

/** Values in one answer to a learner. */
const BATCH = 64;

export interface LearnerEvents {
  applied(command: Command, reply: JsonObject | undefined): void;
  /** The log without gaps has grown. */
  advanced(): void;
}

export class Learner {
  readonly machine = new KeyValueMachine({ forgetSessions: false });
  readonly #replica: Replica;
  readonly #events: LearnerEvents;
  readonly #tallies = new Map<number, Tally<Value>>();
  /** Chosen, but not applied: something before is missing. Boxed, since a no-op is null. */
  readonly #ahead = new Map<number, { value: Value }>();
  /** How far the log went when a leader was last found to be ahead. */
  #behindAt = -1;

  constructor(replica: Replica, events: LearnerEvents) {
    this.#replica = replica;
    this.#events = events;
    const { context, storage } = replica;
    for (const value of storage.chosen(1)) if (value !== null) this.machine.apply(value);
    if (storage.learnt > 0) context.probe("a replica restarted with a log");
  }

  /** All instances up to this one are learnt and applied. */
  get learnt(): number {
    return this.#replica.storage.learnt;
  }

  /** Acceptors' votes. O(entries). */
  count(acceptor: string, { ballot, entries }: Accepted): void {
    for (const { slot, value } of entries) {
      if (this.#isKnown(slot)) continue;
      const chosen = this.#tallyOf(slot).count(acceptor, ballot, value);
      if (chosen !== undefined) this.learn(slot, chosen.value);
    }
  }

  /** An acceptor has begun another life: what it accepted before, it may not know any more. */
  forget(acceptor: string): void {
    for (const tally of this.#tallies.values()) tally.forget(acceptor);
  }

  learn(slot: number, value: Value): void {
    if (this.#isKnown(slot)) return;
    const { context, storage } = this.#replica;
    context.observe("decide", { slot, value: value === null ? "no-op" : requestName(value) });
    this.#tallies.delete(slot);
    this.#ahead.set(slot, { value });
    if (slot > this.learnt + 1) context.probe("an instance was chosen before an earlier one");
    let next = this.#ahead.get(this.learnt + 1);
    if (next === undefined) return;
    for (; next !== undefined; next = this.#ahead.get(this.learnt + 1)) {
      storage.learn(next.value);
      this.#ahead.delete(this.learnt);
      if (next.value === null) continue;
      this.#events.applied(next.value, this.machine.apply(next.value));
    }
    this.#events.advanced();
  }

  /** Everything known from `from` on, for a promise. O(entries). */
  entriesFrom(from: number): Entry[] {
    const { storage } = this.#replica;
    const chosen = storage
      .chosen(from)
      .map((value, i) => ({ slot: from + i, ballot: CHOSEN, value }));
    const ahead = [...this.#ahead].map(([slot, { value }]) => ({ slot, ballot: CHOSEN, value }));
    const accepted = [...storage.accepted].filter(({ slot }) => !this.#ahead.has(slot));
    return [...chosen, ...[...ahead, ...accepted].filter(({ slot }) => slot >= from)];
  }

  /** A leader has learnt so much: who stays behind from one heartbeat to the next asks for it. */
  compare(leader: string, learnt: number): void {
    if (learnt <= this.learnt) return;
    if (this.#behindAt === this.learnt) this.ask(leader);
    this.#behindAt = this.learnt;
  }

  ask(replica: string): void {
    this.#replica.context.probe("a learner asked for what it had missed");
    this.#replica.send(replica, { type: "learn", from: this.learnt + 1 });
  }

  onLearn(replica: string, from: number): void {
    if (from > this.learnt) return;
    const values = this.#replica.storage.chosen(from, BATCH);
    this.#replica.send(replica, { type: "learnt", from, values });
  }

  onLearnt(replica: string, { from, values }: Learnt): void {
    values.forEach((value, i) => void this.learn(from + i, value));
    if (values.length === BATCH && this.learnt === from + BATCH - 1) this.ask(replica);
  }

  #isKnown(slot: number): boolean {
    return slot <= this.learnt || this.#ahead.has(slot);
  }

  #tallyOf(slot: number): Tally<Value> {
    assert(slot > this.learnt, `instance ${slot} is learnt`);
    let tally = this.#tallies.get(slot);
    if (tally === undefined) {
      const { context } = this.#replica;
      const majority = majorityOf(context.nodes.length);
      tally = new Tally({ majority, addUp: this.#replica.bug("adds-up-ballots") });
      this.#tallies.set(slot, tally);
    }
    return tally;
  }
}
