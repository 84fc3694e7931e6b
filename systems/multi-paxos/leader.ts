/**
 * One leadership: phase 2, instance after instance, in a ballot that a majority has promised.
 *
 * It begins with what earlier ballots left open: whatever a promise told of is proposed again, the
 * value of the highest ballot for each instance, and instances in between of which nobody has heard
 * get a no-op, since the log is applied without gaps. Only then come new commands, a window of
 * instances at a time, each chosen with one round trip: phase 1 is done for all of them.
 *
 * Reads by lease (Chandra, Griesemer, Redstone 2007, 5.2): a majority that answered a heartbeat round
 * promises nobody else a ballot for one election timeout, so that nothing can be chosen but by this
 * leader until shortly before that has passed, counted from the beginning of the round. It may answer
 * from its own state then, once it has applied all that it found at its beginning.
 */

import { majorityOf } from "../../src/base/majority.js";
import type { JsonObject, Timer } from "../../src/hosts/ts/node.js";
import { type Command, requestName } from "../raft/messages.js";
import { Rounds } from "../raft/rounds.js";
import { reachedByMajority } from "../raft/rules.js";
import type { Learner } from "./learner.js";
import { type Accepted, CHOSEN, type Entry, type Value } from "./messages.js";
import type { Replica } from "./replica.js";

/** Instances in one message. */
const BATCH = 64;

export interface LeaderEvents {
  /** The reply to a command, for the replica through which it came. */
  answer(via: string, command: Command, reply: JsonObject): void;
  /** No majority has been heard for too long. */
  lostMajority(): void;
}

/** An instance under way. */
interface Open {
  value: Value;
  /** The heartbeat round before which it was first proposed. */
  round: number;
  accepted: Set<string>;
}

export class Leader {
  readonly ballot: number;
  readonly #replica: Replica;
  readonly #learner: Learner;
  readonly #events: LeaderEvents;
  readonly #electedMs: number;
  readonly #rounds = new Rounds();
  readonly #answered = new Map<string, number>();
  readonly #open = new Map<number, Open>();
  /** Commands that wait for the window to move. */
  #queue: Command[] = [];
  #nextSlot: number;
  /** The last instance that earlier ballots had left. */
  #openingSlot = 0;
  /** Through which replica each command came that is not answered yet, by request name. */
  readonly #asked = new Map<string, string>();
  #heartbeat: Timer | undefined;

  constructor(replica: Replica, learner: Learner, ballot: number, events: LeaderEvents) {
    this.ballot = ballot;
    this.#replica = replica;
    this.#learner = learner;
    this.#events = events;
    this.#electedMs = replica.nowMs();
    this.#nextSlot = learner.learnt + 1;
    for (const peer of replica.context.peers) this.#answered.set(peer, 0);
  }

  /** Finishes what earlier ballots have begun. `accepted`: what each promise told, its own first. */
  begin(accepted: readonly Entry[][]): void {
    const { context } = this.#replica;
    const told = this.#replica.bug("keeps-own-value") ? accepted.slice(0, 1) : accepted;
    const latest = new Map<number, Entry>();
    for (const entry of told.flat()) {
      const known = latest.get(entry.slot);
      if (known === undefined || entry.ballot > known.ballot) latest.set(entry.slot, entry);
    }
    const last = Math.max(this.#learner.learnt, ...latest.keys());
    this.#openingSlot = last;
    const first = this.#nextSlot;
    this.#nextSlot = last + 1;
    for (let slot = first; slot <= last; slot++) {
      const entry = latest.get(slot);
      if (entry?.ballot === CHOSEN) this.#learner.learn(slot, entry.value);
      else if (entry !== undefined) {
        context.probe("a new leader proposed again what an earlier ballot had left");
        this.#propose(slot, entry.value);
      } else if (!this.#replica.bug("leaves-gaps")) {
        context.probe("a new leader filled a gap with a no-op");
        this.#propose(slot, null);
      }
    }
    this.#beat();
  }

  end(): void {
    this.#heartbeat?.cancel();
    if (this.#open.size > 0) {
      this.#replica.context.probe("a leader stepped down with instances under way");
    }
  }

  submit(via: string, command: Command): void {
    const { context, settings } = this.#replica;
    const name = requestName(command);
    if (this.#asked.has(name)) {
      context.probe("suppressed a copy of a request in progress");
      return;
    }
    const reply = this.#learner.machine.replyTo(command);
    if (reply !== undefined) {
      context.probe("answered a copy of a request from its session");
      this.#events.answer(via, command, reply);
      return;
    }
    const { operation } = command;
    if (operation.type === "read" && settings.reads === "lease") {
      if (this.#mayRead()) {
        context.probe("served a read by lease");
        this.#events.answer(via, command, this.#learner.machine.read(operation.key));
        return;
      }
      context.probe("no lease: a read went through the log");
    }
    this.#asked.set(name, via);
    this.#queue.push(command);
    this.advanced();
  }

  /** A command was applied; `reply` is undefined when its client has moved on. */
  applied(command: Command, reply: JsonObject | undefined): void {
    const name = requestName(command);
    const via = this.#asked.get(name);
    this.#asked.delete(name);
    if (via !== undefined && reply !== undefined) this.#events.answer(via, command, reply);
  }

  /** The log has grown: instances leave the window, and others enter. */
  advanced(): void {
    const { context, settings } = this.#replica;
    const end = this.#learner.learnt + settings.windowInstances;
    while (this.#nextSlot <= end) {
      const command = this.#queue.shift();
      if (command === undefined) return;
      this.#propose(this.#nextSlot++, command);
    }
    if (this.#queue.length > 0) context.probe("a command waited for the window of instances");
  }

  onAccepted(acceptor: string, { round, entries }: Accepted): void {
    for (const { slot } of entries) this.#open.get(slot)?.accepted.add(acceptor);
    for (const slot of this.#open.keys()) if (slot <= this.#learner.learnt) this.#open.delete(slot);
    const answered = this.#answered.get(acceptor);
    if (answered === undefined || answered >= round) return;
    this.#answered.set(acceptor, round);
    this.#rounds.confirm(reachedByMajority([this.#rounds.latest, ...this.#answered.values()]));
  }

  /** Looked at in the very moment of answering: a pause may lie behind us. */
  #mayRead(): boolean {
    const beganMs = this.#rounds.confirmedBeganMs;
    if (beganMs === undefined || this.#learner.learnt < this.#openingSlot) return false;
    return this.#replica.nowMs() < beganMs + this.#replica.settings.leaseMs;
  }

  #propose(slot: number, value: Value): void {
    this.#open.set(slot, { value, round: this.#rounds.latest, accepted: new Set() });
    this.#send(this.#replica.context.nodes, [{ slot, value }]);
  }

  #send(replicas: readonly string[], entries: { slot: number; value: Value }[]): void {
    const { ballot } = this;
    const { latest: round } = this.#rounds;
    const { learnt } = this.#learner;
    for (const replica of replicas) {
      this.#replica.send(replica, { type: "accept", ballot, round, learnt, entries });
    }
  }

  /** A leader that has no majority steps down, so that clients look elsewhere. */
  #beat(): void {
    const { context, settings } = this.#replica;
    const heardMs = this.#rounds.confirmedBeganMs ?? this.#electedMs;
    if (this.#replica.nowMs() - heardMs >= 2 * settings.electionTimeoutMs) {
      context.probe("a leader without a majority stepped down");
      this.#events.lostMajority();
      return;
    }
    this.#heartbeat = context.after(settings.heartbeatMs, () => this.#beat());
    const before = this.#rounds.latest;
    this.#rounds.begin(this.#replica.nowMs());
    if (majorityOf(context.nodes.length) === 1) this.#rounds.confirm(this.#rounds.latest);
    for (const peer of context.peers) {
      this.#send([peer], []);
      const missing = this.#missing(peer, before);
      if (missing.length > 0) this.#send([peer], missing);
    }
  }

  /** What was proposed before the last round, and this acceptor has not said that it accepted. */
  #missing(acceptor: string, round: number): { slot: number; value: Value }[] {
    return [...this.#open]
      .filter(([, open]) => open.round < round && !open.accepted.has(acceptor))
      .slice(0, BATCH)
      .map(([slot, { value }]) => ({ slot, value }));
  }
}
