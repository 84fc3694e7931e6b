/** What all parts of a replica share: its view, its disk, its settings, and how to talk to others. */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { Certificates } from "./certificates.js";
import type { NewView, PeerMessage, Signed, Statement } from "./messages.js";
import { type Settings, settingsOf } from "./settings.js";
import { sign } from "./signatures.js";
import { Storage } from "./storage.js";
import type { Thresholds } from "./thresholds.js";

export class Replica {
  readonly context: NodeContext;
  readonly settings: Settings;
  readonly thresholds: Thresholds;
  readonly certificates: Certificates;
  readonly storage: Storage;
  /** What the present view began with; null until it has begun, and in view 0. */
  #newView: Signed<NewView> | null = null;
  #view = 0;

  constructor(context: NodeContext, thresholds: Thresholds) {
    this.context = context;
    this.settings = settingsOf(context.options);
    this.thresholds = context.bugs.has("small-quorum")
      ? { ...thresholds, quorum: thresholds.witness }
      : thresholds;
    const trusting = context.bugs.has("new-view-unverified");
    this.certificates = new Certificates(context.nodes, this.thresholds, trusting);
    this.storage = new Storage(context.disk, this.settings.checkpointEvery);
    const known = this.storage.view;
    if (known === undefined) return;
    this.#view = known.view;
    this.#newView = known.newView;
  }

  get id(): string {
    return this.context.id;
  }

  /** The view that it is in or, unless `isActive`, that it has asked for. */
  get view(): number {
    return this.#view;
  }

  get newView(): Signed<NewView> | null {
    return this.#newView;
  }

  /** The view has begun: it takes part in the agreement. */
  get isActive(): boolean {
    return this.#view === 0 || this.#newView !== null;
  }

  get primary(): string {
    return this.certificates.primaryOf(this.#view);
  }

  get isPrimary(): boolean {
    return this.isActive && this.primary === this.id;
  }

  /** From now on it takes no part in an earlier view. */
  askFor(view: number): void {
    this.#moveTo(view, null);
  }

  enter(newView: Signed<NewView>): void {
    this.#moveTo(newView.view, newView);
  }

  bug(name: string): boolean {
    return this.context.bugs.has(name);
  }

  nowMs(): number {
    return this.context.clock.monotonicMs();
  }

  sign<T extends Statement>(statement: T): Signed<T> {
    return sign(this.id, statement);
  }

  send(to: string, message: PeerMessage): void {
    this.context.send(to, message);
  }

  sendToPeers(message: PeerMessage): void {
    for (const peer of this.context.peers) this.send(peer, message);
  }

  #moveTo(view: number, newView: Signed<NewView> | null): void {
    this.#view = view;
    this.#newView = newView;
    this.storage.view = { view, newView };
  }
}
