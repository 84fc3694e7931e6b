/**
 * One proposer of one instance: it goes on, ballot after ballot, until the instance is decided or
 * nobody waits for that any more.
 *
 * Phase 1: it asks all acceptors to promise its ballot. Phase 2: once a majority has, it proposes the
 * value of the highest ballot that any of them had accepted; only where none had accepted anything it
 * is free to propose its own. That rule is the heart of Paxos: whatever a majority chose in a lower
 * ballot is met by every majority in phase 1, and is all that can be proposed from then on.
 *
 * Two proposers may outbid each other for ever (Fischer, Lynch, Paterson 1985), so they step back for
 * a random time that doubles; nothing but progress depends on it.
 */

import { majorityOf } from "../../src/base/majority.js";
import type { Json, NodeContext, Timer } from "../../src/hosts/ts/node.js";
import type { Ballots } from "./ballots.js";
import type { Accepted, PeerMessage } from "./messages.js";

/** A ballot has so long to be decided, doubled each time up to the limit; a random part is added. */
const PATIENCE_MS = 40;
const PATIENCE_MAX_MS = 640;
/** An outbid proposer steps back for up to so long, doubled likewise. */
const STEP_BACK_MS = 8;

export interface ProposerHooks {
  /** The highest ballot that this node's own acceptor has promised: survives a crash. */
  promised(): number;
  send(to: readonly string[], message: PeerMessage): void;
  /** Does anybody still wait for the decision? */
  wanted(): boolean;
}

export class Proposer {
  readonly #context: NodeContext;
  readonly #ballots: Ballots;
  readonly #key: string;
  readonly #own: Json;
  readonly #hooks: ProposerHooks;
  readonly #promises = new Map<string, Accepted | null>();
  #ballot = 0;
  #highestSeen = 0;
  #proposing = false;
  #attempts = 0;
  #timer: Timer | undefined;

  constructor(
    context: NodeContext,
    ballots: Ballots,
    proposal: { key: string; value: Json },
    hooks: ProposerHooks,
  ) {
    this.#context = context;
    this.#ballots = ballots;
    this.#key = proposal.key;
    this.#own = proposal.value;
    this.#hooks = hooks;
  }

  /**
   * Phase 1a, in a ballot higher than any that this node knows of. Its own acceptor is asked first: its
   * promise is durable before anybody hears of the ballot, which is so never used again after a crash.
   */
  begin(): void {
    const above = Math.max(this.#highestSeen, this.#ballot, this.#hooks.promised());
    this.#ballot = this.#ballots.after(above, this.#context.id);
    this.#proposing = false;
    this.#promises.clear();
    this.#again(Math.min(PATIENCE_MS << this.#attempts, PATIENCE_MAX_MS));
    this.#prepare([this.#context.id]);
  }

  onPromise(acceptor: string, ballot: number, accepted: Accepted | null): void {
    if (ballot !== this.#ballot || this.#proposing) return;
    const isFirst = this.#promises.size === 0;
    this.#promises.set(acceptor, accepted);
    if (isFirst) this.#prepare(this.#context.peers);
    if (this.#promises.size < majorityOf(this.#context.nodes.length)) return;
    this.#proposing = true;
    const value = this.#choose();
    this.#hooks.send(this.#context.nodes, { type: "accept", key: this.#key, ballot, value });
  }

  onRefused(ballot: number, promised: number): void {
    this.#highestSeen = Math.max(this.#highestSeen, promised);
    if (ballot !== this.#ballot) return;
    this.#context.probe("a proposer was outbid and stepped back");
    this.#again(STEP_BACK_MS << Math.min(this.#attempts, 4));
  }

  end(): void {
    this.#timer?.cancel();
  }

  #prepare(acceptors: readonly string[]): void {
    this.#hooks.send(acceptors, { type: "prepare", key: this.#key, ballot: this.#ballot });
  }

  /** What phase 2 must propose. */
  #choose(): Json {
    const accepted = [...this.#promises.values()].filter((proposal) => proposal !== null);
    const [first, ...others] = accepted;
    if (first === undefined || this.#context.bugs.has("keeps-own-value")) return this.#own;
    const highest = others.reduce((best, next) => (next.ballot > best.ballot ? next : best), first);
    this.#context.probe("a proposer took over a value that might have been chosen");
    return highest.value;
  }

  #again(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#context.after(delayMs + this.#context.random.int(delayMs), () => {
      if (!this.#hooks.wanted()) return;
      this.#attempts++;
      this.begin();
    });
  }
}
