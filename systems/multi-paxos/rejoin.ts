/**
 * A replica with a blank disk: does it begin, or has it lost what it had said?
 *
 * An acceptor that forgets its promises and accepts breaks Paxos: of the two majorities that overlap in
 * it, the second learns nothing of the first. So a blank replica is no voter until it knows better:
 *
 * 1. It asks the others whether they know of an earlier life of it. A majority (of all, itself not
 *    among them) that knows of none proves that it is new, because before it first votes, it has told
 *    as many others of its life, and they have written that down (2).
 * 2. It numbers its life, one above all that are known, and tells the others. From then on they attach
 *    the number to all their promises and accepts; whoever counts votes drops what an earlier life had
 *    sent. Otherwise such a vote, late on its way, could make a majority with votes that were cast after
 *    the replica had asked, and nobody would remember (Michael, Ports, Sharma, Szekeres, "Recovering
 *    Shared Objects Without Stable Storage", DISC 2017, found this in several published protocols).
 * 3. If it is not its first life, it learns from a majority of voters all that it may have said: the
 *    highest ballot any of them has promised, what they have accepted, and all that is chosen. Any
 *    majority that an earlier life belonged to has one of them in it: either what that one did is in
 *    its answer, or it was done later and carries the number of the new life. Then it votes again.
 *
 * "Paxos Made Live" (5.1) waits instead until one whole instance, begun after the return, has been seen;
 * that is simpler and does not say what becomes of late votes.
 *
 * Borne: one wiped replica in a run, and any crash in between. So a majority must be healthy besides
 * the one that returns. Left out: a leader that takes it back by an entry of the log.
 */

import { majorityOf } from "../../src/base/majority.js";
import type { Timer } from "../../src/hosts/ts/node.js";
import type { Learner } from "./learner.js";
import type { Join, PeerMessage, Welcome, WhoAmI, YouWere } from "./messages.js";
import type { Replica } from "./replica.js";

const RETRY_MS = 60;

export interface RejoinEvents {
  /** Another replica has begun a later life. */
  begun(replica: string): void;
  /** This replica may vote now. */
  ready(): void;
}

export class Rejoin {
  readonly #replica: Replica;
  readonly #learner: Learner;
  readonly #events: RejoinEvents;
  /** Tells answers to this boot from those to an earlier one. */
  readonly #nonce: number;
  readonly #known = new Map<string, number>();
  readonly #welcomes = new Map<string, Welcome>();
  #repeat: Timer | undefined;

  constructor(replica: Replica, learner: Learner, events: RejoinEvents) {
    this.#replica = replica;
    this.#learner = learner;
    this.#events = events;
    this.#nonce = replica.context.random.int(2 ** 31);
  }

  /** Called once, at boot. */
  start(): void {
    const { storage } = this.#replica;
    if (storage.isVoter) this.#events.ready();
    else if (this.#needed === 0) this.#vote(0);
    else if (storage.identity === undefined) this.#ask({ type: "who-am-i", nonce: this.#nonce });
    else this.#ask({ type: "join", life: storage.identity.life });
  }

  onWhoAmI(replica: string, { nonce }: WhoAmI): void {
    const life = this.#replica.storage.lives[replica] ?? -1;
    this.#replica.send(replica, { type: "you-were", nonce, life });
  }

  onYouWere(replica: string, { nonce, life }: YouWere): void {
    const { context, storage } = this.#replica;
    if (nonce !== this.#nonce || storage.identity !== undefined) return;
    this.#known.set(replica, life);
    if (this.#known.size < this.#needed) return;
    const own = Math.max(...this.#known.values()) + 1;
    if (own > 0) context.probe("a replica found its disk blank that had not been");
    storage.identify({ life: own, voter: false });
    storage.noteLife(this.#replica.id, own);
    storage.whenDurable(() => this.#ask({ type: "join", life: own }));
  }

  onJoin(replica: string, { life }: Join): void {
    const { storage } = this.#replica;
    if ((storage.lives[replica] ?? -1) > life) return;
    if (storage.noteLife(replica, life)) this.#events.begun(replica);
    const welcome: Welcome = {
      type: "welcome",
      life,
      voter: storage.isVoter,
      promised: storage.promised,
      learnt: storage.learnt,
      entries: this.#learner.entriesFrom(storage.learnt + 1),
      lives: storage.lives,
    };
    storage.whenDurable(() => this.#replica.send(replica, welcome));
  }

  onWelcome(replica: string, welcome: Welcome): void {
    const { storage } = this.#replica;
    const { identity } = storage;
    if (identity === undefined || identity.voter || welcome.life !== identity.life) return;
    if (identity.life > 0 && !welcome.voter) return;
    this.#welcomes.set(replica, welcome);
    this.learnt();
  }

  /** The log has grown, or another has answered: is that all there is to know? */
  learnt(): void {
    const { identity } = this.#replica.storage;
    if (identity === undefined || identity.voter || this.#welcomes.size < this.#needed) return;
    if (identity.life > 0 && !this.#hasLearntAll()) return;
    this.#vote(identity.life);
  }

  /** Answers without which it cannot know; fewer only where there are not so many others. */
  get #needed(): number {
    const { nodes, peers } = this.#replica.context;
    const enough = this.#replica.bug("rejoins-after-one-answer") ? 1 : majorityOf(nodes.length);
    return Math.min(enough, peers.length);
  }

  /** All that the others knew to be chosen; the rest of what they said is taken over at once. */
  #hasLearntAll(): boolean {
    const { storage } = this.#replica;
    for (const [replica, { learnt }] of this.#welcomes) {
      if (learnt <= storage.learnt) continue;
      this.#learner.ask(replica);
      return false;
    }
    return true;
  }

  #vote(life: number): void {
    const { context, storage } = this.#replica;
    if (life > 0) context.probe("a replica that had lost its disk votes again");
    if (life > 0) this.#takeOver();
    storage.identify({ life, voter: true });
    this.#repeat?.cancel();
    storage.whenDurable(() => this.#events.ready());
  }

  #takeOver(): void {
    const { storage } = this.#replica;
    for (const { entries, lives, promised } of this.#welcomes.values()) {
      storage.promise(promised);
      for (const entry of entries) storage.accept(entry);
      for (const [replica, life] of Object.entries(lives)) storage.noteLife(replica, life);
    }
  }

  #ask(question: PeerMessage): void {
    this.#repeat?.cancel();
    const { context } = this.#replica;
    for (const peer of context.peers) this.#replica.send(peer, question);
    this.#repeat = context.after(RETRY_MS, () => this.#ask(question));
  }
}
