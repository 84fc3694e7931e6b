/**
 * One node's part in the chain: the log, what it passes on, what it knows to be committed, and reads.
 *
 * An update is committed once it is durable on every node of the chain, hence at the tail: which replies,
 * and tells its predecessor, and so on up to the head. A node passes on only what is durable here, and
 * only once its log has reached the epoch: before, it may have entries that nobody kept.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { answerOf } from "../answers.js";
import type { Journal } from "../primary-backup/journal.js";
import type { Entry } from "../primary-backup/messages.js";
import type { Configurations } from "./configurations.js";
import { Confirmations } from "./confirmations.js";
import { Link, runsOf } from "./link.js";
import type {
  Attach,
  Configuration,
  Confirmed,
  Held,
  Pass,
  Result,
  Update,
  VersionQuery,
} from "./messages.js";
import { Versions } from "./versions.js";

/** How long the tail is waited for when it is asked for a version. */
const QUERY_MS = 300;
/** A head wants a new chain when nothing was committed for so many heartbeats. */
const STALLED_BEATS = 10;

export class Replica {
  readonly #context: NodeContext;
  readonly #journal: Journal;
  readonly #configurations: Configurations;
  readonly #confirmations: Confirmations;
  /** To the successor; from the tail to all spares. */
  readonly #links = new Map<string, Link>();
  /** By the place of their entry: what clients are told once it is committed. */
  readonly #replies = new Map<number, JsonObject>();
  #versions = new Versions();
  #durable: number;
  #committed = 0;
  /** Counts how often the log was cut. */
  #cuts = 0;
  /** In the last configuration that the node took part in. */
  #successor: string | undefined;
  #stalled = 0;

  constructor(context: NodeContext, journal: Journal, configurations: Configurations) {
    this.#context = context;
    this.#journal = journal;
    this.#configurations = configurations;
    this.#confirmations = new Confirmations(context);
    this.#durable = journal.length;
    this.#take();
  }

  /** Is the node part of the chain, with everything that was committed in earlier epochs? */
  get serves(): boolean {
    return this.#place >= 0 && this.#isCurrent;
  }

  get isHead(): boolean {
    return this.#place === 0;
  }

  get isTail(): boolean {
    const { active } = this.#configurations;
    return active !== undefined && active.chain.at(-1) === this.#context.id;
  }

  // Configurations ----------------------------------------------------------------------------

  enter({ epoch, chain }: Configuration): void {
    this.#stalled = 0;
    if (this.isHead) {
      this.#context.observe("leader", { term: epoch });
      if (this.#journal.extent.epoch < epoch) this.#append({ epoch, request: null });
    }
    const successor = chain[this.#place + 1];
    if (this.#place >= 0 && successor !== undefined) {
      const replaces = this.#successor !== undefined && this.#successor !== successor;
      this.#link(successor, replaces);
    }
    this.#successor = this.#place >= 0 ? successor : undefined;
    this.#progress();
  }

  leave(): void {
    if (this.#committed < this.#journal.length) {
      this.#context.probe("an epoch ended with updates under way");
    }
    this.#links.clear();
    this.#confirmations.leave();
  }

  /** A head that waits in vain, or a tail with a spare that could join the chain. */
  get wantsNext(): boolean {
    if (this.isHead && this.#stalled >= STALLED_BEATS) return true;
    if (!this.isTail) return false;
    return [...this.#links].some(
      ([spare, link]) =>
        link.attached && link.held >= this.#committed && this.#configurations.isInContact(spare),
    );
  }

  beat(): void {
    this.#confirmations.ask();
    const { active } = this.#configurations;
    if (active === undefined || this.#place < 0) return;
    this.#stalled = this.#committed < this.#journal.length ? this.#stalled + 1 : 0;
    if (this.isTail) this.#meetSpares(active);
    for (const [name, link] of this.#links) {
      if (!link.attached) link.connect();
      else if (link.held < this.#durable) link.pass(this.#durable);
      else if (!this.isTail && this.#committed < this.#durable) link.pass(this.#durable);
      if (this.isTail && !this.#configurations.isInContact(name)) this.#links.delete(name);
    }
  }

  // Down the chain ----------------------------------------------------------------------------

  submit(update: Update): void {
    const { active } = this.#configurations;
    if (active === undefined || !this.isHead) return;
    this.#append({ epoch: active.epoch, request: update });
  }

  onConnect(src: string, { epoch }: Configuration): void {
    if (src !== this.#predecessorIn(epoch)) return;
    this.#journal.whenDurable(() => {
      const message: Attach = { type: "attach", epoch, runs: runsOf(this.#journal, this.#durable) };
      this.#context.send(src, message);
    });
  }

  onAttach(src: string, message: Attach): void {
    // Before our own log has reached the epoch, what we have in common may be what nobody kept.
    if (!this.#isCurrent) return;
    const link = this.#linkIn(src, message.epoch);
    link?.onAttach(message);
    link?.pass(this.#durable);
  }

  onPass(src: string, { epoch, base, entries }: Pass): void {
    if (epoch < this.#journal.epoch) this.#configurations.refuse(src);
    if (src !== this.#predecessorIn(epoch) || base > this.#journal.length) return;
    if (this.#journal.accept(base, entries)) {
      this.#context.probe("a node cut updates that were not kept");
      this.#durable = Math.min(this.#durable, base);
      this.#cuts++;
      this.#versions = new Versions();
    }
    this.#take();
    this.#versions.settle(this.#committed);
    this.#sync();
  }

  #append(entry: Entry): void {
    this.#journal.append(entry);
    this.#take();
    this.#sync();
  }

  /** Versions of whatever is new in the log. */
  #take(): void {
    while (this.#versions.length < this.#journal.length) {
      const request = this.#journal.entry(this.#versions.length)?.request ?? null;
      const reply = this.#versions.take(request);
      if (reply !== undefined) this.#replies.set(this.#versions.length, reply);
    }
  }

  #sync(): void {
    const { length } = this.#journal;
    const cuts = this.#cuts;
    this.#journal.whenDurable(() => {
      if (cuts !== this.#cuts) return;
      this.#durable = Math.max(this.#durable, length);
      this.#progress();
    });
  }

  // Up the chain ------------------------------------------------------------------------------

  /** Passes on and commits what is durable by now, once the log has reached the epoch. */
  #progress(): void {
    if (!this.#isCurrent) return;
    for (const link of this.#links.values()) {
      if (!link.attached) link.connect();
      else if (link.held < this.#durable) link.pass(this.#durable);
    }
    if (this.isTail) this.#commit(this.#durable);
    this.#tellPredecessor();
  }

  onHeld(src: string, { epoch, length, committed }: Held): void {
    const link = this.#linkIn(src, epoch);
    if (link === undefined || !link.attached) return;
    link.onHeld(length);
    if (this.isTail) return;
    const reached = Math.min(link.inOurs(committed), this.#durable);
    if (reached <= this.#committed) return;
    this.#commit(reached);
    this.#tellPredecessor();
  }

  #commit(length: number): void {
    if (length <= this.#committed) return;
    if (this.isTail) this.#replyFor(this.#committed, length);
    for (let number = this.#committed + 1; number <= length; number++) this.#replies.delete(number);
    this.#committed = length;
    this.#stalled = 0;
    this.#versions.settle(length);
  }

  /** Replies for the entries between; only the last request of a client can still be waited for. */
  #replyFor(from: number, to: number): void {
    const replied = new Set<string>();
    for (let place = to; place > from; place--) {
      const update = this.#journal.entry(place - 1)?.request as Update | null;
      const reply = this.#replies.get(place);
      if (!update || reply === undefined || replied.has(update.client)) continue;
      const { client, number, via } = update;
      replied.add(client);
      const message: Result = { type: "result", client, number, reply };
      this.#context.send(via, message);
    }
  }

  #tellPredecessor(): void {
    const { active } = this.#configurations;
    const predecessor = active && this.#predecessorIn(active.epoch);
    if (!active || predecessor === undefined) return;
    const message: Held = {
      type: "held",
      epoch: active.epoch,
      length: this.#durable,
      committed: this.#committed,
    };
    this.#context.send(predecessor, message);
  }

  // Reads -------------------------------------------------------------------------------------

  /**
   * A read at this node, the tail or another (CRAQ). Undefined where it could not be answered; somebody
   * else may be asked then, or this node again.
   */
  async read(key: string): Promise<JsonObject | undefined> {
    const { active } = this.#configurations;
    const { bugs } = this.#context;
    if (active === undefined || !this.serves) return undefined;
    if (!this.isTail && bugs.has("reads-dirty")) return this.#versions.read(key);
    const isDirty = !this.isTail && this.#versions.isDirty(key);
    const [isLatest, number] = await Promise.all([
      bugs.has("old-tail-answers") || this.#confirmations.confirm(active.epoch),
      isDirty ? this.#askTail(active, key) : null,
    ]);
    if (!isLatest || number === undefined || this.#configurations.active !== active)
      return undefined;
    // 0: it had never been written, as far as the tail knew.
    if (number === null || number === 0) return this.#versions.clean(key);
    this.#context.probe("a dirty key was read with the tail's version");
    const version = this.#versions.exactly(key, number);
    if (version !== undefined) return version;
    this.#context.probe("a version was collected while a read was after it");
    if (bugs.has("collects-under-reads")) return { type: "read_ok", value: null };
    // What made it garbage was committed after the read began: it will do as well.
    return this.#versions.clean(key);
  }

  onConfirmed(src: string, message: Confirmed): void {
    this.#confirmations.onConfirmed(src, message);
  }

  /** The version of the key that is committed, told by the tail; undefined where this is not it. */
  versionAtTail({ epoch, key }: VersionQuery): number | undefined {
    const isAsked = this.#configurations.active?.epoch === epoch && this.isTail && this.serves;
    return isAsked ? this.#versions.cleanNumber(String(key)) : undefined;
  }

  async #askTail({ epoch, chain }: Configuration, key: string): Promise<number | undefined> {
    const message: VersionQuery = { type: "version", epoch, key };
    const answer = await answerOf(this.#context, chain.at(-1) ?? "", message, QUERY_MS);
    const number = answer?.["number"];
    return typeof number === "number" ? number : undefined;
  }

  // Places ------------------------------------------------------------------------------------

  /** In the chain, from 0 at the head; -1 for a spare, or while the configuration is not known. */
  get #place(): number {
    return this.#configurations.active?.chain.indexOf(this.#context.id) ?? -1;
  }

  /** Does the durable log reach into the epoch? Then it is a prefix of the head's. */
  get #isCurrent(): boolean {
    const { active } = this.#configurations;
    return active !== undefined && this.#journal.epochAt(this.#durable) === active.epoch;
  }

  /** Whom entries come from: the tail, for a spare. Undefined for the head, and in other epochs. */
  #predecessorIn(epoch: number): string | undefined {
    const { active } = this.#configurations;
    if (active?.epoch !== epoch) return undefined;
    return this.#place < 0 ? active.chain.at(-1) : active.chain[this.#place - 1];
  }

  #linkIn(peer: string, epoch: number): Link | undefined {
    return this.#configurations.active?.epoch === epoch ? this.#links.get(peer) : undefined;
  }

  #link(peer: string, replaces: boolean): void {
    const { active } = this.#configurations;
    if (active === undefined) return;
    const link = new Link(this.#context, this.#journal, peer, active, { replaces });
    this.#links.set(peer, link);
    link.connect();
  }

  #meetSpares({ chain }: Configuration): void {
    for (const peer of this.#context.peers) {
      if (chain.includes(peer) || this.#links.has(peer)) continue;
      if (this.#configurations.isInContact(peer)) this.#link(peer, false);
    }
  }
}
