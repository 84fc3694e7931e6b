/**
 * One node of a pipelined group: a follower, a candidate whose turn it is, or the leader of its epoch.
 *
 * Everything is said in an epoch. What comes from an earlier one is answered with "outdated" and not taken:
 * two leaders use the same sequence numbers for different entries.
 */

import type { JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { answerOf } from "../answers.js";
import { extentOf, Journal } from "../primary-backup/journal.js";
import {
  type Claim,
  type Entry,
  type Forward,
  type Grant,
  type Outdated,
  type Request,
  reachesFurther,
} from "../primary-backup/messages.js";
import type { State } from "../primary-backup/state.js";
import { Leader } from "./leader.js";
import {
  type Ack,
  type Append,
  leaderOf,
  nameOf,
  type PeerMessage,
  type Start,
  type Turn,
} from "./messages.js";
import { ReceiveWindow } from "./receive-window.js";

const HEARTBEAT_MS = 50;
/** How long a follower waits for its leader, and a candidate for its grants; drawn anew each time. */
const SILENCE_MS = { min: 250, max: 500 };
/** How long a node tries to get a client's request answered: clients wait no longer. */
const PATIENCE_MS = 1000;
const FORWARD_MS = 400;
const RETRY_MS = 50;

interface Candidacy {
  epoch: number;
  granters: Set<string>;
  /** The log that reaches furthest among the granters', unless it is our own. */
  furthest: Entry[] | null;
}

export interface PipelinedService {
  state: State;
  /** A client's request; undefined for messages that are none of a client's. */
  request(message: Message): Request | undefined;
}

export class Replica implements Node {
  readonly #context: NodeContext;
  readonly #service: PipelinedService;
  readonly #journal: Journal;
  readonly #window: ReceiveWindow;
  #leader: Leader | undefined;
  #candidacy: Candidacy | undefined;
  /** The latest epoch that somebody was asked to lead. */
  #asked = 0;
  #applied = 0;
  /** Places of entries that were applied before those that they follow; the bug `applies-on-arrival`. */
  readonly #appliedEarly = new Set<number>();
  #steps = 0;
  #heardMs: number;
  #silenceMs: number;

  constructor(context: NodeContext, service: PipelinedService) {
    const { bugs, clock, disk, nodes, options } = context;
    this.#context = context;
    this.#service = service;
    this.#journal = new Journal(disk, nodes);
    const size = Number(options["window"]);
    this.#window = new ReceiveWindow(
      size,
      bugs.has("small-sequence-space") ? size + 1 : Number.POSITIVE_INFINITY,
    );
    this.#heardMs = clock.monotonicMs();
    this.#silenceMs = this.#drawSilence();
  }

  start(): void {
    if (this.#journal.length > 0) this.#context.probe("a node restarted with a log");
    this.#beat();
    this.#watch();
  }

  onMessage(message: Message): Promise<JsonObject | undefined> | undefined {
    const request = this.#service.request(message);
    if (request !== undefined) return this.#serve(request);
    return this.#onPeer(message.src, message.body as unknown as PeerMessage);
  }

  #onPeer(src: string, message: PeerMessage): Promise<JsonObject | undefined> | undefined {
    switch (message.type) {
      case "append":
        this.#onAppend(src, message);
        return undefined;
      case "start":
        this.#onStart(src, message);
        return undefined;
      case "beat":
        if (this.#follows(src, message.epoch)) this.#onBeat(src, message.committed);
        return undefined;
      case "ack":
        if (message.epoch === this.#leader?.epoch) this.#leader.onAck(src, message);
        return undefined;
      case "turn":
        if (message.epoch > this.#journal.epoch) this.#claim(message.epoch);
        return undefined;
      case "claim":
        this.#onClaim(src, message);
        return undefined;
      case "grant":
        this.#onGrant(src, message);
        return undefined;
      case "outdated":
        if (message.epoch > this.#journal.epoch) this.#enter(message.epoch);
        return undefined;
      case "forward":
        return this.#onForward(message);
      default:
        throw new Refusal(
          errorCodes.notSupported,
          `no operation "${String((message as { type: unknown }).type)}" here`,
        );
    }
  }

  // Clients -----------------------------------------------------------------------------------

  /** Tries here or at the leader until there is an answer; silent when time is up. */
  async #serve(request: Request): Promise<JsonObject | undefined> {
    const { clock, sleep } = this.#context;
    const untilMs = clock.monotonicMs() + PATIENCE_MS;
    for (let left = PATIENCE_MS; left > 0; left = untilMs - clock.monotonicMs()) {
      const reply = this.#leader
        ? await this.#leader.propose(request)
        : await this.#forward(request, Math.min(left, FORWARD_MS));
      if (reply !== undefined) return reply;
      await sleep(RETRY_MS);
    }
    return undefined;
  }

  /** Undefined when no answer came: the request may have been taken and be taken again. */
  async #forward(request: Request, timeoutMs: number): Promise<JsonObject | undefined> {
    const leader = leaderOf(this.#journal.epoch, this.#context.nodes);
    if (leader === this.#context.id) return undefined;
    const message: Forward = { type: "forward", command: { request } };
    return answerOf(this.#context, leader, message, timeoutMs);
  }

  #onForward({ command }: Forward): Promise<JsonObject | undefined> {
    if (this.#leader !== undefined && "request" in command) {
      return this.#leader.propose(command.request);
    }
    throw new Refusal(errorCodes.temporarilyUnavailable, "not the leader");
  }

  // Following ---------------------------------------------------------------------------------

  /** Takes the sender for the leader of the epoch, unless that is over. */
  #follows(src: string, epoch: number): boolean {
    if (epoch < this.#journal.epoch) {
      this.#context.probe("a leader of an earlier epoch was refused");
      const message: Outdated = { type: "outdated", epoch: this.#journal.epoch };
      this.#context.send(src, message);
      return false;
    }
    if (epoch > this.#journal.epoch) this.#enter(epoch);
    if (this.#leader !== undefined) return false;
    this.#candidacy = undefined;
    this.#hear();
    return true;
  }

  /** The log is a prefix of this epoch's leader's: it has the entry that opens the epoch. */
  get #isStarted(): boolean {
    const { epoch, length } = this.#journal;
    return length > 0 && this.#journal.epochAt(length) === epoch;
  }

  #onStart(src: string, { epoch, entries, committed }: Start): void {
    if (!this.#follows(src, epoch)) return;
    if (!this.#isStarted && this.#journal.accept(0, entries)) {
      this.#context.probe("a follower cut entries that differ from its leader's");
    }
    this.#apply(committed);
    this.#acknowledge(src);
  }

  #onBeat(src: string, committed: number): void {
    if (!this.#isStarted) return;
    this.#apply(committed);
    this.#acknowledge(src);
  }

  #onAppend(src: string, { epoch, sequence, request, committed }: Append): void {
    const isForeign = epoch < this.#journal.epoch && this.#context.bugs.has("epoch-unchecked");
    if (!isForeign && !this.#follows(src, epoch)) return;
    if (!this.#isStarted || this.#leader !== undefined) return;
    const journal = this.#journal;
    if (this.#context.bugs.has("applies-on-arrival") && sequence > journal.length) {
      if (sequence < committed) this.#applyEarly(sequence, request);
    }
    if (this.#window.put(journal.length, sequence, request) === undefined) {
      this.#context.probe("an entry came that was outside the window");
    }
    for (;;) {
      const next = this.#window.take(journal.length);
      if (next === undefined) break;
      journal.append({ epoch: journal.epoch, request: next });
    }
    if (!this.#window.isEmpty) this.#context.probe("an entry came before one that it follows");
    this.#apply(committed);
    this.#acknowledge(src);
  }

  /** Says how much is on disk without a gap, once it is. */
  #acknowledge(leader: string): void {
    const { epoch, length } = this.#journal;
    const reached = this.#context.bugs.has("acks-beyond-gaps")
      ? Math.max(length, this.#window.end)
      : length;
    const ack: Ack = { type: "ack", epoch, length: reached };
    this.#journal.whenDurable(() => this.#context.send(leader, ack));
  }

  // Applying ----------------------------------------------------------------------------------

  /** In order, as far as it is committed and here. */
  #apply(committed: number): void {
    const until = Math.min(committed, this.#journal.length);
    while (this.#applied < until) {
      const index = this.#applied++;
      if (this.#appliedEarly.has(index)) continue;
      const entry = this.#journal.entry(index);
      if (entry === undefined) continue;
      const reply = this.#take(entry.request);
      this.#leader?.applied(index, reply);
    }
  }

  #applyEarly(index: number, request: Request | null): void {
    if (this.#appliedEarly.has(index)) return;
    this.#appliedEarly.add(index);
    this.#take(request);
  }

  /** The reply, where there is one. */
  #take(request: Request | null): JsonObject | undefined {
    const slot = ++this.#steps;
    const { epoch } = this.#journal;
    const term = this.#leader && { entryTerm: this.#journal.epochAt(slot) ?? epoch, term: epoch };
    this.#context.observe("decide", { slot, value: nameOf(request), ...term });
    return request === null ? undefined : this.#service.state.apply(request);
  }

  // Epochs ------------------------------------------------------------------------------------

  #enter(epoch: number): void {
    this.#journal.promise(epoch, leaderOf(epoch, this.#context.nodes));
    this.#candidacy = undefined;
    this.#window.clear();
    this.#leader?.depose();
    this.#leader = undefined;
  }

  /** Asks for grants, it being this node's turn. */
  #claim(epoch: number): void {
    this.#enter(epoch);
    this.#hear();
    this.#journal.whenDurable(() => {
      if (epoch !== this.#journal.epoch) return;
      this.#candidacy = { epoch, granters: new Set(), furthest: null };
      this.#askForGrants(this.#candidacy);
      this.#onGrant(this.#context.id, { type: "grant", epoch, entries: null });
    });
  }

  #askForGrants({ epoch, granters }: Candidacy): void {
    const message: Claim = { type: "claim", epoch, extent: this.#journal.extent };
    for (const peer of this.#context.peers) {
      if (!granters.has(peer)) this.#context.send(peer, message);
    }
  }

  #onClaim(src: string, { epoch, extent }: Claim): void {
    if (!this.#follows(src, epoch)) return;
    const journal = this.#journal;
    journal.whenDurable(() => {
      if (epoch !== journal.epoch) return;
      const entries = reachesFurther(journal.extent, extent)
        ? journal.entries(0, journal.length)
        : null;
      const message: Grant = { type: "grant", epoch, entries };
      this.#context.send(src, message);
    });
  }

  #onGrant(src: string, { epoch, entries }: Grant): void {
    const candidacy = this.#candidacy;
    if (candidacy?.epoch !== epoch) return;
    candidacy.granters.add(src);
    const best = candidacy.furthest ? extentOf(candidacy.furthest) : this.#journal.extent;
    if (entries !== null && reachesFurther(extentOf(entries), best)) candidacy.furthest = entries;
    if (2 * candidacy.granters.size > this.#context.nodes.length) this.#takeOver(candidacy);
  }

  /** The granters have met every committed entry; the log that reaches furthest among theirs has all. */
  #takeOver({ epoch, furthest }: Candidacy): void {
    this.#candidacy = undefined;
    if (furthest !== null) {
      this.#context.probe("a new leader took over a longer log");
      this.#journal.accept(0, furthest);
    }
    const { length: last, starts: terms } = this.#journal;
    this.#context.observe("leader", { term: epoch });
    this.#context.observe("elected", { term: epoch, last, terms });
    this.#leader = new Leader({
      context: this.#context,
      journal: this.#journal,
      committed: (length) => this.#apply(length),
    });
  }

  // Time --------------------------------------------------------------------------------------

  #beat(): void {
    this.#context.after(HEARTBEAT_MS, () => this.#beat());
    if (this.#leader !== undefined) this.#leader.beat();
    else if (this.#candidacy !== undefined) this.#askForGrants(this.#candidacy);
  }

  /** When nothing is heard of a leader it is the next one's turn, and if not, that of the one after. */
  #watch(): void {
    const { clock, after } = this.#context;
    if (this.#leader !== undefined) this.#hear();
    else if (clock.monotonicMs() >= this.#heardMs + this.#silenceMs) this.#passOn();
    after(this.#heardMs + this.#silenceMs - clock.monotonicMs(), () => this.#watch());
  }

  #passOn(): void {
    const { id, nodes, send } = this.#context;
    const epoch = Math.max(this.#asked, this.#journal.epoch) + 1;
    this.#asked = epoch;
    this.#hear();
    const message: Turn = { type: "turn", epoch };
    const next = leaderOf(epoch, nodes);
    if (next === id) this.#claim(epoch);
    else send(next, message);
  }

  #hear(): void {
    this.#heardMs = this.#context.clock.monotonicMs();
    this.#silenceMs = this.#drawSilence();
  }

  #drawSilence(): number {
    return this.#context.random.between(SILENCE_MS.min, SILENCE_MS.max);
  }
}
