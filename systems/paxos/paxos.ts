/**
 * Single-decree Paxos, the Synod: many instances of consensus, each of which decides one value.
 *
 * Source: Lamport, "The Part-Time Parliament", ACM TOCS 1998; "Paxos Made Simple", 2001, whose names
 * are used here. Told backwards:
 *
 * - A value is chosen when a majority of acceptors has accepted it in the same ballot; whoever is
 *   told so by that majority has learnt it.                                            (tally.ts)
 * - Should it stay chosen, every higher ballot must propose the same value. So before it proposes, a
 *   proposer asks a majority what they have accepted, and takes over the value of the highest ballot
 *   among them: the two majorities overlap in an acceptor that knows.               (proposer.ts)
 * - What that acceptor said must not be overtaken: with its answer it promises to accept nothing of a
 *   lower ballot any more. Promises and accepts outlive crashes, or the overlap knows nothing.
 *                                                                                  (acceptor.ts)
 * - Ballots are totally ordered and each is one proposer's, who proposes one value in it. (ballots.ts)
 *
 * Every node is proposer, acceptor and learner. The service is one write-once register per key: a
 * proposal is answered with the value decided, whosesoever it was. `read` answers with what this node
 * has learnt, null where it has learnt nothing, which says nothing about what is decided.
 *
 * Safe under any loss, delay, duplication and crash; live while a majority can talk and proposers do
 * not outbid each other for ever. Cost: two round trips and two fsyncs a decision, N² messages for
 * the learners. Left out: a distinguished proposer, logs of instances (see multi-paxos), learners
 * that remember across crashes (an instance is run again to learn its value).
 */

import { majorityOf } from "../../src/base/majority.js";
import {
  errorCodes,
  type Json,
  type JsonObject,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { Acceptor } from "./acceptor.js";
import { Ballots } from "./ballots.js";
import type { PeerMessage } from "./messages.js";
import { Proposer } from "./proposer.js";
import { Tally } from "./tally.js";

/** Clients wait no longer. */
const REQUEST_TIMEOUT_MS = 1_000;

/** What one node knows of one instance, apart from its acceptor. */
interface Instance {
  tally: Tally<Json>;
  /** Boxed: any value may be decided. */
  decided?: { value: Json };
  proposer?: Proposer;
  waiting: { request: Message; untilMs: number }[];
}

export class PaxosNode implements Node {
  readonly #context: NodeContext;
  readonly #ballots: Ballots;
  readonly #acceptor: Acceptor;
  readonly #instances = new Map<string, Instance>();

  constructor(context: NodeContext) {
    this.#context = context;
    this.#ballots = new Ballots(context.nodes, { shared: context.bugs.has("ballots-collide") });
    this.#acceptor = new Acceptor(context, {
      send: (to, message) => this.#send(to, message),
      tellLearners: (message) => this.#sendTo(context.nodes, message),
    });
  }

  onMessage({ src, body, ...rest }: Message): JsonObject | undefined {
    if (this.#context.peers.includes(src)) {
      this.#receive(src, body as PeerMessage);
      return undefined;
    }
    const { type, key } = body;
    if (typeof key !== "string") throw malformed("key is a string");
    if (type === "read") return { type: "read_ok", value: this.#of(key).decided?.value ?? null };
    if (type !== "propose") {
      throw new Refusal(errorCodes.notSupported, `no operation ${JSON.stringify(type ?? null)}`);
    }
    const { value } = body;
    if (value === undefined || value === null) throw malformed("value is missing");
    return this.#propose({ src, body, ...rest }, key, value);
  }

  /** The reply where the value is known; later, when it is learnt, otherwise. */
  #propose(request: Message, key: string, value: Json): JsonObject | undefined {
    const instance = this.#of(key);
    if (instance.decided !== undefined) return reply(instance.decided.value);
    const untilMs = this.#context.clock.monotonicMs() + REQUEST_TIMEOUT_MS;
    instance.waiting.push({ request, untilMs });
    if (this.#isWanted(instance) > 1) return undefined;
    instance.proposer?.end();
    instance.proposer = new Proposer(
      this.#context,
      this.#ballots,
      { key, value },
      {
        promised: () => this.#acceptor.promised(key),
        send: (to, message) => this.#sendTo(to, message),
        wanted: () => this.#isWanted(instance) > 0,
      },
    );
    instance.proposer.begin();
    return undefined;
  }

  /** How many clients still wait for the decision. */
  #isWanted(instance: Instance): number {
    const nowMs = this.#context.clock.monotonicMs();
    instance.waiting = instance.waiting.filter(({ untilMs }) => nowMs < untilMs);
    return instance.waiting.length;
  }

  #receive(src: string, message: PeerMessage): void {
    const { key } = message;
    const instance = this.#of(key);
    switch (message.type) {
      case "prepare":
        if (instance.decided === undefined) this.#acceptor.prepare(src, key, message.ballot);
        else this.#send(src, { type: "decided", key, value: instance.decided.value });
        break;
      case "promise":
        instance.proposer?.onPromise(src, message.ballot, message.accepted);
        break;
      case "accept":
        this.#acceptor.accept(src, key, message.ballot, message.value);
        break;
      case "refused":
        instance.proposer?.onRefused(message.ballot, message.promised);
        break;
      case "accepted": {
        const chosen = instance.tally.count(src, message.ballot, message.value);
        if (instance.tally.contested)
          this.#context.probe("accepts of several ballots were counted");
        if (chosen !== undefined) this.#learn(key, instance, chosen.value);
        break;
      }
      case "decided":
        this.#context.probe("a proposer was told what had been decided");
        this.#learn(key, instance, message.value);
        break;
    }
  }

  #learn(key: string, instance: Instance, value: Json): void {
    if (instance.decided !== undefined) return;
    instance.decided = { value };
    this.#context.observe("decide", { slot: key, value });
    instance.proposer?.end();
    for (const { request } of instance.waiting) this.#context.reply(request, reply(value));
    instance.waiting = [];
  }

  #of(key: string): Instance {
    let instance = this.#instances.get(key);
    if (instance === undefined) {
      const addUp = this.#context.bugs.has("adds-up-ballots");
      const majority = majorityOf(this.#context.nodes.length);
      instance = { tally: new Tally({ majority, addUp }), waiting: [] };
      this.#instances.set(key, instance);
    }
    return instance;
  }

  #sendTo(nodes: readonly string[], message: PeerMessage): void {
    for (const node of nodes) this.#send(node, message);
  }

  /** A node is a peer of itself, without a network in between. */
  #send(to: string, message: PeerMessage): void {
    if (to === this.#context.id) this.#receive(to, message);
    else this.#context.send(to, message);
  }
}

function reply(value: Json): JsonObject {
  return { type: "propose_ok", value };
}

function malformed(text: string): Refusal {
  return new Refusal(errorCodes.malformedRequest, text);
}
