/**
 * Is an epoch still the latest? A majority of all nodes is asked, after the read came in.
 *
 * A later epoch begins only with the promises of a majority. If a majority says, after the read began,
 * that it has made none, then no later epoch had begun when the read did. No clock is trusted.
 */

import { majorityOf } from "../../src/base/majority.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Confirm, Confirmed } from "./messages.js";

export class Confirmations {
  readonly #context: NodeContext;
  readonly #rounds = new Map<string, number>();
  #pending: { round: number; resolve(current: boolean): void }[] = [];
  /** Which boot of this node it is: an answer to a question of an earlier one says nothing now. */
  readonly #life: number;
  #isReady = false;
  #epoch = 0;
  #round = 0;

  constructor(context: NodeContext) {
    const { disk } = context;
    this.#context = context;
    this.#life = Number(disk.read("life") ?? 0) + 1;
    disk.write("life", this.#life);
    disk.fsync(() => {
      this.#isReady = true;
      this.ask();
    });
  }

  /** Resolves to false when the node has left the epoch first. */
  confirm(epoch: number): Promise<boolean> {
    this.#epoch = epoch;
    return new Promise((resolve) => {
      this.#pending.push({ round: ++this.#round, resolve });
      this.ask();
      this.#settle();
    });
  }

  /** Asks, or asks again, on behalf of all reads that wait. */
  ask(): void {
    if (this.#pending.length === 0 || !this.#isReady) return;
    const [epoch, life, round] = [this.#epoch, this.#life, this.#round];
    const message: Confirm = { type: "confirm", epoch, life, round };
    for (const peer of this.#context.peers) this.#context.send(peer, message);
  }

  onConfirmed(peer: string, { epoch, life, round }: Confirmed): void {
    if (epoch !== this.#epoch || life !== this.#life) return;
    this.#rounds.set(peer, Math.max(round, this.#rounds.get(peer) ?? 0));
    this.#settle();
  }

  /** The node has left the epoch. */
  leave(): void {
    for (const { resolve } of this.#pending) resolve(false);
    this.#pending = [];
    this.#rounds.clear();
  }

  #settle(): void {
    const others = majorityOf(this.#context.nodes.length) - 1;
    const rounds = [...this.#rounds.values()].sort((a, b) => b - a);
    const reached = others === 0 ? this.#round : (rounds[others - 1] ?? 0);
    for (const { round, resolve } of this.#pending) if (round <= reached) resolve(true);
    this.#pending = this.#pending.filter(({ round }) => round > reached);
  }
}
