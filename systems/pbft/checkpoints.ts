/**
 * Checkpoints: which part of the log nobody will ask for again.
 *
 * After every so many requests each replica takes a snapshot and, when it is durable, says its digest.
 * Once a quorum has said the same, the checkpoint is stable: f + 1 honest replicas have the state and
 * can give it to whoever lags behind, and their statements prove it. Only then may the log before it
 * be dropped, and the window of requests under way moves on: it begins at the low watermark, which is
 * the last stable checkpoint, and is two stretches long for who proposes, three for who listens.
 */

import type { Json } from "../../src/base/json.js";
import type { Executor } from "./executor.js";
import type { Checkpoint, Signed, Stable } from "./messages.js";
import type { Replica } from "./replica.js";
import { digestOf } from "./signatures.js";
import type { Checkpoints as Kept } from "./storage.js";

export interface CheckpointEvents {
  /** Everything up to the low watermark may be forgotten. */
  advanced(): void;
  /** This replica has taken over the state of others. */
  transferred(): void;
}

export class Checkpoints {
  readonly #replica: Replica;
  readonly #executor: Executor;
  readonly #events: CheckpointEvents;
  readonly #kept: Kept;
  /** By seq, then by replica: the latest it has said. */
  readonly #said = new Map<number, Map<string, Signed<Checkpoint>>>();
  #low: number;
  /** Own checkpoints up to this one are durable. */
  #durable: number;

  constructor(replica: Replica, executor: Executor, events: CheckpointEvents) {
    this.#replica = replica;
    this.#executor = executor;
    this.#events = events;
    const none = { stable: { seq: 0, digest: 0, proof: [] }, own: [] };
    this.#kept = replica.storage.checkpoints ?? none;
    this.#low = this.#kept.stable.seq;
    const own = this.#kept.own.at(-1);
    this.#durable = own?.seq ?? 0;
    if (own === undefined) return;
    executor.restore(own.seq, own.snapshot);
    replica.context.probe("a replica restarted from a checkpoint");
  }

  get stable(): Stable {
    return this.#kept.stable;
  }

  /** Nothing up to here is agreed upon any more. */
  get low(): number {
    return this.#low;
  }

  /** Nothing beyond here is proposed yet. */
  get high(): number {
    return this.#low + 2 * this.#replica.settings.checkpointEvery;
  }

  /**
   * Nothing beyond here is listened to: one stretch more than is proposed, since a primary may know of a
   * stable checkpoint before a backup does, and what it proposes then would have to be asked for again.
   */
  get horizon(): number {
    return this.high + this.#replica.settings.checkpointEvery;
  }

  /** Everything up to `seq` is executed. */
  reached(seq: number): void {
    const { settings, storage } = this.#replica;
    if (seq % settings.checkpointEvery !== 0) return;
    const snapshot = this.#executor.machine.snapshot();
    this.#kept.own.push({ seq, digest: digestOf(snapshot), snapshot });
    storage.checkpoints = this.#kept;
    if (this.#replica.bug("watermarks-run-ahead")) this.#advance(seq);
    storage.whenDurable(() => {
      this.#durable = Math.max(this.#durable, seq);
      this.#tell(seq);
    });
  }

  onCheckpoint(statement: Signed<Checkpoint>): void {
    const { seq, by, digest } = statement;
    if (seq <= this.stable.seq) return;
    const said = this.#said.get(seq) ?? new Map<string, Signed<Checkpoint>>();
    this.#said.set(seq, said.set(by, statement));
    const proof = [...said.values()].filter((other) => other.digest === digest);
    if (proof.length >= this.#replica.thresholds.quorum) this.onStable({ seq, digest, proof });
  }

  /** Learns of a stable checkpoint; takes its state over where it has yet to come to it. */
  onStable(stable: Stable, snapshot: Json = null): void {
    const { seq, digest } = stable;
    const { context, storage } = this.#replica;
    if (seq <= this.stable.seq) return;
    const isBehind = this.#executor.executed < seq;
    if (isBehind) {
      if (snapshot === null || digestOf(snapshot) !== digest) return;
      context.probe("a replica that lagged behind took over the state");
      this.#executor.restore(seq, snapshot);
      this.#kept.own.push({ seq, digest, snapshot });
    }
    this.#kept.stable = stable;
    this.#kept.own = this.#kept.own.filter((own) => own.seq >= seq);
    storage.checkpoints = this.#kept;
    for (const earlier of this.#said.keys()) if (earlier <= seq) this.#said.delete(earlier);
    this.#advance(seq);
    if (isBehind) this.#events.transferred();
  }

  /** For a replica that stands there: what proves the stable checkpoint and, if needed, its state. */
  help(peer: string, stable: number, executed: number): void {
    if (stable >= this.stable.seq) {
      for (const { seq } of this.#kept.own) {
        if (seq > stable && seq <= this.#durable) this.#tell(seq, peer);
      }
      return;
    }
    const own = this.#kept.own.find(({ seq }) => seq === this.stable.seq);
    const snapshot = executed < this.stable.seq ? (own?.snapshot ?? null) : null;
    this.#replica.send(peer, { type: "state", stable: this.stable, snapshot });
  }

  #tell(seq: number, peer?: string): void {
    const own = this.#kept.own.find((one) => one.seq === seq);
    if (own === undefined) return;
    const { digest } = own;
    const statement = this.#replica.sign<Checkpoint>({ kind: "checkpoint", seq, digest });
    if (peer !== undefined) this.#replica.send(peer, { type: "checkpoint", statement });
    else {
      this.#replica.sendToPeers({ type: "checkpoint", statement });
      this.onCheckpoint(statement);
    }
  }

  #advance(seq: number): void {
    if (seq <= this.#low) return;
    this.#replica.storage.drop(this.#low, seq);
    this.#low = seq;
    this.#events.advanced();
  }
}
