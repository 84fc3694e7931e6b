/**
 * The acceptors of one node, one for each instance: the memory of the protocol.
 *
 * An acceptor promises a ballot unless it has promised a higher one, and accepts in a ballot under the
 * same condition. Both must survive a crash: an answer waits until what it says is on disk. O(1).
 */

import type { Json, NodeContext } from "../../src/hosts/ts/node.js";
import type { Accepted, PeerMessage } from "./messages.js";

type State = { promised: number; accepted: Accepted | null };

const INITIAL: State = { promised: 0, accepted: null };

export interface AcceptorOutput {
  send(to: string, message: PeerMessage): void;
  tellLearners(message: PeerMessage): void;
}

export class Acceptor {
  readonly #context: NodeContext;
  readonly #output: AcceptorOutput;
  readonly #states = new Map<string, State>();

  constructor(context: NodeContext, output: AcceptorOutput) {
    this.#context = context;
    this.#output = output;
    for (const record of context.disk.records("acceptor")) {
      const { key, ...state } = record as State & { key: string };
      this.#states.set(key, state);
    }
    if (this.#states.size > 0) context.probe("an acceptor remembered what it had said");
  }

  /** The highest ballot promised in this instance. */
  promised(key: string): number {
    return this.#stateOf(key).promised;
  }

  prepare(proposer: string, key: string, ballot: number): void {
    const { promised, accepted } = this.#stateOf(key);
    if (ballot < promised) {
      this.#refuse(proposer, key, ballot);
      return;
    }
    const { bugs, disk } = this.#context;
    this.#states.set(key, { promised: ballot, accepted });
    if (!bugs.has("promise-not-durable"))
      disk.append("acceptor", { key, promised: ballot, accepted });
    disk.fsync(() => this.#output.send(proposer, { type: "promise", key, ballot, accepted }));
  }

  accept(proposer: string, key: string, ballot: number, value: Json): void {
    if (ballot < this.promised(key)) {
      this.#refuse(proposer, key, ballot);
      return;
    }
    const { disk } = this.#context;
    const state: State = { promised: ballot, accepted: { ballot, value } };
    this.#states.set(key, state);
    disk.append("acceptor", { key, ...state });
    disk.fsync(() => this.#output.tellLearners({ type: "accepted", key, ballot, value }));
  }

  #refuse(proposer: string, key: string, ballot: number): void {
    this.#context.probe("an acceptor refused: it had promised a higher ballot");
    const promised = this.promised(key);
    // The promise may not be durable yet; a refusal that a crash makes void does no harm.
    this.#output.send(proposer, { type: "refused", key, ballot, promised });
  }

  #stateOf(key: string): State {
    return this.#states.get(key) ?? INITIAL;
  }
}
