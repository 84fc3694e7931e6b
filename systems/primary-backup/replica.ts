/**
 * One node: a backup that follows, a candidate that asks for grants, or a primary that reigns.
 *
 * An epoch is entered by promising it, durably, and is never left but for a later one. What comes
 * from an earlier epoch is answered with "outdated": that is the fence behind which a deposed
 * primary finds itself, whether or not it has noticed.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { answerOf } from "../answers.js";
import { type InSync, isLater } from "./in-sync.js";
import { extentOf, Journal } from "./journal.js";
import { LocalReads } from "./local-reads.js";
import {
  type AskMark,
  type Claim,
  type Command,
  type Entry,
  type Forward,
  type Grant,
  type Mark,
  type Outdated,
  type PeerMessage,
  type Replicate,
  type Replicated,
  reachesFurther,
} from "./messages.js";
import { Primary } from "./primary.js";
import { type Rules, rulesOf } from "./rules.js";
import type { ReplicatedService } from "./state.js";

const HEARTBEAT_MS = 50;
/** A backup waits that long for its primary, a candidate for its grants; drawn anew each time. */
const SILENCE_MS = { min: 250, max: 500 };
/** How long a node tries to get a client's command answered: clients wait no longer. */
const PATIENCE_MS = 1000;
const FORWARD_MS = 400;
const RETRY_MS = 50;

interface Candidacy {
  epoch: number;
  granters: Set<string>;
  /** The latest in-sync set among those that the granters know. */
  inSync: InSync;
  /** The log that reaches furthest among the granters', unless it is our own. */
  furthest: Entry[] | null;
}

export class Replica implements Node {
  readonly #context: NodeContext;
  readonly #service: ReplicatedService;
  readonly #journal: Journal;
  readonly #rules: Rules;
  /** Undefined where only the primary answers reads. */
  readonly #localReads: LocalReads | undefined;
  readonly #asksForMarks: boolean;
  #reign: Primary | undefined;
  #candidacy: Candidacy | undefined;
  /** Whom to forward to, as far as we know. */
  #primary: string | undefined;
  #heardMs: number;
  #silenceMs: number;

  constructor(context: NodeContext, service: ReplicatedService) {
    this.#context = context;
    this.#service = service;
    this.#journal = new Journal(context.disk, context.nodes);
    if (context.bugs.has("truncates-to-watermark")) this.#journal.cutToWatermark();
    this.#rules = service.rules ?? rulesOf(context.options, context.nodes.length);
    const { reads = "primary" } = context.options;
    if (reads !== "primary") this.#localReads = new LocalReads(this.#journal, service);
    this.#asksForMarks = reads === "marked" && !context.bugs.has("no-freshness-mark");
    // A mark says how fresh a read must be. Without one, what was kept once may be older than what
    // this node has shown before.
    if (this.#asksForMarks) this.#localReads?.remember(this.#journal.watermark);
    this.#heardMs = context.clock.monotonicMs();
    this.#silenceMs = this.#drawSilence();
  }

  start(): void {
    if (this.#journal.length > 0) this.#context.probe("a node restarted with a log");
    this.#beat();
    this.#watch();
  }

  onMessage(message: Message): Promise<JsonObject | undefined> | undefined {
    const command = this.#service.command(message);
    if (command !== undefined) return this.#serve(command);
    return this.#onPeer(message.src, message.body as unknown as PeerMessage);
  }

  #onPeer(src: string, message: PeerMessage): Promise<JsonObject | undefined> | undefined {
    switch (message.type) {
      case "replicate":
        this.#onReplicate(src, message);
        return undefined;
      case "replicated":
        if (message.epoch === this.#reign?.epoch) this.#reign.onReplicated(src, message);
        return undefined;
      case "claim":
        this.#onClaim(src, message);
        return undefined;
      case "grant":
        this.#onGrant(src, message);
        return undefined;
      case "outdated":
        if (message.epoch > this.#journal.epoch) this.#enter(message.epoch, null);
        return undefined;
      case "forward":
        return this.#onForward(message);
      case "ask-mark":
        return this.#onAskMark();
      default:
        throw new Refusal(
          errorCodes.notSupported,
          `no operation "${String((message as { type: unknown }).type)}" here`,
        );
    }
  }

  // Clients -----------------------------------------------------------------------------------

  /** Tries here or at the primary until there is an answer; silent when time is up. */
  async #serve(command: Command): Promise<JsonObject | undefined> {
    const { clock, sleep } = this.#context;
    const untilMs = clock.monotonicMs() + PATIENCE_MS;
    for (let left = PATIENCE_MS; left > 0; left = untilMs - clock.monotonicMs()) {
      const reply =
        "key" in command && this.#localReads !== undefined
          ? await this.#readHere(this.#localReads, command.key, Math.min(left, FORWARD_MS))
          : this.#reign
            ? await this.#reign.execute(command)
            : await this.#forward(command, Math.min(left, FORWARD_MS));
      if (reply !== undefined) return reply;
      this.#context.probe("a command was tried again");
      await sleep(RETRY_MS);
    }
    return undefined;
  }

  async #readHere(
    localReads: LocalReads,
    key: Json,
    timeoutMs: number,
  ): Promise<JsonObject | undefined> {
    if (this.#asksForMarks) {
      const mark = await this.#mark(timeoutMs);
      if (mark === undefined) return undefined;
      this.#learnFromReign(localReads);
      await localReads.reach(mark);
      this.#context.probe("a read with a mark was answered here");
    }
    this.#learnFromReign(localReads);
    return localReads.read(key);
  }

  #learnFromReign(localReads: LocalReads): void {
    if (this.#reign === undefined) return;
    const { epoch, kept } = this.#reign;
    localReads.learn({ epoch, kept }, kept);
  }

  #mark(timeoutMs: number): Promise<Mark | undefined> {
    if (this.#reign !== undefined) return this.#reign.mark();
    const message: AskMark = { type: "ask-mark" };
    return this.#askPrimary(message, timeoutMs) as Promise<Mark | undefined>;
  }

  async #onAskMark(): Promise<JsonObject | undefined> {
    if (this.#reign === undefined) throw notPrimary();
    const mark = await this.#reign.mark();
    return mark === undefined ? undefined : { type: "ask-mark_ok", ...mark };
  }

  #forward(command: Command, timeoutMs: number): Promise<JsonObject | undefined> {
    const message: Forward = { type: "forward", command };
    return this.#askPrimary(message, timeoutMs);
  }

  /** Undefined when no answer came: a command may have been taken and be taken again. */
  async #askPrimary(
    message: Forward | AskMark,
    timeoutMs: number,
  ): Promise<JsonObject | undefined> {
    if (this.#primary === undefined) return undefined;
    return answerOf(this.#context, this.#primary, message, timeoutMs);
  }

  #onForward({ command }: Forward): Promise<JsonObject | undefined> {
    if (this.#reign !== undefined) return this.#reign.execute(command);
    throw notPrimary();
  }

  // Epochs ------------------------------------------------------------------------------------

  /** Is the sender's epoch over? Then it is told, and what it says does not count. */
  #fenced(src: string, epoch: number): boolean {
    if (epoch >= this.#journal.epoch || this.#context.bugs.has("no-fencing")) return false;
    this.#context.probe("a primary of an earlier epoch was refused");
    const message: Outdated = { type: "outdated", epoch: this.#journal.epoch };
    this.#context.send(src, message);
    return true;
  }

  #enter(epoch: number, promisedTo: string | null): void {
    this.#journal.promise(epoch, promisedTo);
    this.#candidacy = undefined;
    this.#primary = undefined;
    if (this.#context.bugs.has("no-fencing")) return;
    this.#reign?.depose();
    this.#reign = undefined;
  }

  #onReplicate(src: string, message: Replicate): void {
    if (this.#fenced(src, message.epoch)) return;
    if (message.epoch > this.#journal.epoch) this.#enter(message.epoch, src);
    if (this.#reign !== undefined) return;
    this.#candidacy = undefined;
    this.#primary = src;
    this.#hear();
    const { epoch, round, base, baseEpoch, entries, kept = 0, inSync } = message;
    const fits = this.#journal.fits(base, baseEpoch);
    if (fits && this.#journal.accept(base, entries)) {
      this.#context.probe("a backup cut entries that differ from its primary's");
    }
    const length = fits ? base + entries.length : this.#journal.retreat(base);
    if (fits) {
      this.#journal.checkpoint(Math.min(kept, length));
      this.#localReads?.learn({ epoch, kept }, length);
    }
    if (inSync !== undefined) this.#journal.register(inSync);
    const answer: Replicated = {
      ...{ type: "replicated", epoch, round, fits, length },
      ...(inSync === undefined ? {} : { version: inSync.version }),
    };
    if (this.#context.bugs.has("acks-unsynced")) this.#context.send(src, answer);
    else this.#journal.whenDurable(() => this.#context.send(src, answer));
  }

  #onClaim(src: string, { epoch, extent }: Claim): void {
    const journal = this.#journal;
    const isFree =
      journal.mayPromise(epoch, src) ||
      (this.#context.bugs.has("grants-whoever-asks") && epoch === journal.epoch);
    if (!isFree) {
      this.#context.probe("a claim was refused: the epoch is granted to another");
      const message: Outdated = { type: "outdated", epoch: journal.epoch };
      this.#context.send(src, message);
      return;
    }
    if (epoch > journal.epoch) this.#enter(epoch, src);
    else journal.promise(epoch, src);
    this.#hear();
    journal.whenDurable(() => {
      const entries = reachesFurther(journal.extent, extent)
        ? journal.entries(0, journal.length)
        : null;
      const message: Grant = {
        ...{ type: "grant", epoch, entries },
        ...(this.#rules.inSync > 0 ? { inSync: journal.inSync } : {}),
      };
      this.#context.send(src, message);
    });
  }

  /** Claims the next epoch, the claimant being its first granter. */
  #claim(): void {
    const epoch = this.#journal.epoch + 1;
    this.#enter(epoch, this.#context.id);
    this.#hear();
    const { inSync } = this.#journal;
    const candidacy: Candidacy = { epoch, granters: new Set(), furthest: null, inSync };
    this.#journal.whenDurable(() => {
      if (epoch !== this.#journal.epoch) return;
      this.#candidacy = candidacy;
      this.#askForGrants(candidacy);
      this.#onGrant(this.#context.id, { type: "grant", epoch, entries: null });
    });
  }

  #askForGrants({ epoch, granters }: Candidacy): void {
    const message: Claim = { type: "claim", epoch, extent: this.#journal.extent };
    for (const peer of this.#context.peers) {
      if (!granters.has(peer)) this.#context.send(peer, message);
    }
  }

  #onGrant(src: string, { epoch, entries, inSync }: Grant): void {
    const candidacy = this.#candidacy;
    if (candidacy?.epoch !== epoch) return;
    candidacy.granters.add(src);
    const best = candidacy.furthest ? extentOf(candidacy.furthest) : this.#journal.extent;
    if (entries !== null && reachesFurther(extentOf(entries), best)) candidacy.furthest = entries;
    if (inSync !== undefined && isLater(inSync, candidacy.inSync)) candidacy.inSync = inSync;
    if (candidacy.granters.size < this.#rules.grants) return;
    if (
      this.#rules.inSync > 0 &&
      !candidacy.inSync.members.some((m) => candidacy.granters.has(m))
    ) {
      this.#context.probe("a majority of grants, and nobody in sync among them");
      if (!this.#context.bugs.has("unclean-election")) return;
    }
    this.#takeOver(candidacy);
  }

  /** The granters have met every kept entry; the log that reaches furthest among theirs has all. */
  #takeOver({ epoch, furthest, inSync }: Candidacy): void {
    this.#candidacy = undefined;
    if (furthest !== null && !this.#context.bugs.has("promote-behind")) {
      this.#context.probe("a new primary took over a longer log");
      this.#journal.accept(0, furthest);
    }
    this.#primary = this.#context.id;
    this.#context.observe("leader", { term: epoch });
    const { length: last, starts: terms } = this.#journal;
    this.#context.observe("elected", { term: epoch, last, terms });
    this.#reign = new Primary({
      context: this.#context,
      journal: this.#journal,
      rules: this.#rules,
      state: this.#service.state(),
      inSync,
    });
  }

  // Time --------------------------------------------------------------------------------------

  #beat(): void {
    this.#context.after(HEARTBEAT_MS, () => this.#beat());
    if (this.#reign !== undefined) this.#reign.beat();
    else if (this.#candidacy !== undefined) this.#askForGrants(this.#candidacy);
  }

  /** Claims the next epoch when nothing was heard of a primary, or of a better candidate. */
  #watch(): void {
    const { clock, after } = this.#context;
    if (this.#reign !== undefined) this.#hear();
    else if (clock.monotonicMs() >= this.#heardMs + this.#silenceMs) this.#claim();
    after(this.#heardMs + this.#silenceMs - clock.monotonicMs(), () => this.#watch());
  }

  #hear(): void {
    this.#heardMs = this.#context.clock.monotonicMs();
    this.#silenceMs = this.#drawSilence();
  }

  #drawSilence(): number {
    return this.#context.random.between(SILENCE_MS.min, SILENCE_MS.max);
  }
}

function notPrimary(): Refusal {
  return new Refusal(errorCodes.temporarilyUnavailable, "not the primary");
}
