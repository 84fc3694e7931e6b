/**
 * Three-phase agreement on one request for each sequence number, within a view.
 *
 * The primary gives a request a number (pre-prepare). A backup accepts one request for a number in a
 * view, and says so to all (prepare): where a quorum, the primary included, has accepted the same, it
 * is prepared, and no other request can be prepared with that number in that view. That says nothing
 * about later views yet: so whoever has it prepared tells all (commit), and where a quorum has, it is
 * decided: every quorum of view changes has somebody in it who tells of it.
 *
 * Votes are counted by what they vote for, and none displaces another: a lie once told does no harm.
 */

import type { Checkpoints } from "./checkpoints.js";
import type { Executor } from "./executor.js";
import type {
  Certificate,
  Commit,
  PrePrepare,
  Prepare,
  Request,
  Signed,
  SlotNews,
} from "./messages.js";
import type { Replica } from "./replica.js";
import { digestOf, NULL_DIGEST } from "./signatures.js";
import { type Proposal, Slot } from "./slot.js";

export class Agreement {
  readonly #replica: Replica;
  readonly #executor: Executor;
  readonly #checkpoints: Checkpoints;
  readonly #slots = new Map<number, Slot>();
  /** The primary's last number. */
  #last = 0;
  /** Of each client the latest request that has a number in this view. */
  readonly #ordered = new Map<string, number>();

  constructor(replica: Replica, executor: Executor, checkpoints: Checkpoints) {
    this.#replica = replica;
    this.#executor = executor;
    this.#checkpoints = checkpoints;
  }

  /** Reads the log; called once, at boot. */
  start(): void {
    const { low, high } = this.#checkpoints;
    const { storage, view, isActive, newView } = this.#replica;
    for (const record of storage.recordsAfter(low, high)) {
      if ("proposal" in record) this.#recallProposal(record.proposal);
      else this.#recallCertificate(record.prepared);
    }
    if (isActive) this.#count(newView?.prePrepares ?? []);
    // A crash may have left the new view on the disk without all that it begins with.
    for (const statement of newView?.prePrepares ?? []) {
      if (this.#slots.get(statement.seq)?.proposal?.statement.view !== view)
        this.#reaccept(statement);
    }
    for (const [seq, { proposal }] of this.#slots) {
      if (proposal?.statement.view !== view) continue;
      this.#last = Math.max(this.#last, seq);
      if (proposal.request !== null) this.#noteOrdered(proposal.request);
    }
  }

  /** Whether the primary can give another number. */
  get hasRoom(): boolean {
    return Math.max(this.#last, this.#checkpoints.low) < this.#checkpoints.high;
  }

  /** As the primary: gives the request a number, unless it or a later one of its client has one. */
  propose(request: Request): void {
    const { client, requestId } = request;
    if (!this.#replica.isPrimary || (this.#ordered.get(client) ?? -1) >= requestId) return;
    if (!this.hasRoom) {
      this.#replica.context.probe("a request waited for the window to move on");
      return;
    }
    this.#noteOrdered(request);
    const seq = Math.max(this.#last, this.#checkpoints.low) + 1;
    this.#last = seq;
    const { view } = this.#replica;
    const digest = digestOf(request);
    const statement = this.#replica.sign<PrePrepare>({ kind: "pre-prepare", view, seq, digest });
    const proposal = { statement, request };
    this.#slot(seq).learn(digest, request);
    this.#accept(proposal, () => {
      this.#replica.sendToPeers({ type: "pre-prepare", ...proposal });
      this.#advance(seq);
    });
  }

  onPrePrepare(proposal: Proposal): void {
    const { statement, request } = proposal;
    const { view, seq, digest } = statement;
    const replica = this.#replica;
    if (!this.#isInWindow(seq)) return;
    if (!replica.bug("digest-unmatched") && digestOf(request) !== digest) {
      replica.context.probe("a request did not match its digest");
      return;
    }
    const slot = this.#slot(seq);
    slot.learn(digest, request);
    this.#decideAwaited(seq, slot);
    // In a later view than the first null requests come from a new view alone.
    if (request === null || view !== replica.view || !replica.isActive || replica.isPrimary) return;
    const known = slot.proposal?.statement;
    if (known?.view === view) {
      if (known.digest !== digest) replica.context.probe("a primary proposed two requests");
      return;
    }
    this.#accept(proposal, () => this.#sayPrepared(statement));
  }

  onPrepare(statement: Signed<Prepare>): void {
    const { seq } = statement;
    if (!this.#isInWindow(seq)) return;
    this.#slot(seq).addPrepare(statement);
    this.#advance(seq);
  }

  onCommit(replica: string, { view, seq, digest }: Omit<Commit, "type">): void {
    if (!this.#isInWindow(seq)) return;
    const slot = this.#slot(seq);
    const votes = slot.addCommit(replica, { view, digest });
    if (votes < this.#replica.thresholds.quorum || slot.decided.has(digest)) return;
    slot.awaited.add(digest);
    this.#decideAwaited(seq, slot);
  }

  /** What is prepared beyond the low watermark, for a view change. */
  get certificates(): Certificate[] {
    const bySeq = [...this.#slots].sort(([a], [b]) => a - b);
    return bySeq.flatMap(([, { certificate }]) => certificate ?? []);
  }

  /** A view has begun: what it begins with is accepted again. */
  begin(prePrepares: readonly Signed<PrePrepare>[]): void {
    this.#ordered.clear();
    this.#count(prePrepares);
    for (const statement of prePrepares) this.#reaccept(statement);
  }

  /** Forgets what is covered by the low watermark. */
  forget(): void {
    for (const seq of [...this.#slots.keys()]) {
      if (seq <= this.#checkpoints.low) this.#slots.delete(seq);
    }
  }

  /** What helps somebody who has executed all up to there. */
  newsAfter(executed: number): SlotNews[] {
    const news: SlotNews[] = [];
    for (const [seq, slot] of this.#slots) {
      const { proposal, prepare, commit } = slot;
      if (seq <= executed || proposal === undefined) continue;
      const { statement } = proposal;
      const request = slot.request(statement.digest);
      news.push({
        proposal: request === undefined ? null : { statement, request },
        prepare: prepare ?? null,
        commit: commit ?? null,
      });
    }
    return news;
  }

  /** Its request may be known from an earlier view; if not, somebody who has prepared it knows it. */
  #reaccept(statement: Signed<PrePrepare>): void {
    const { seq, digest } = statement;
    if (!this.#isInWindow(seq)) return;
    const request = this.#slot(seq).request(digest) ?? null;
    if (request !== null) this.#noteOrdered(request);
    this.#accept({ statement, request }, () => {
      if (this.#replica.isPrimary) this.#advance(seq);
      else this.#sayPrepared(statement);
    });
  }

  #accept(proposal: Proposal, then: () => void): void {
    const { storage, view } = this.#replica;
    const { statement } = proposal;
    const slot = this.#slot(statement.seq);
    slot.proposal = proposal;
    storage.append(statement.seq, { proposal });
    storage.whenDurable(() => {
      if (this.#replica.view === view) then();
    });
  }

  #sayPrepared({ view, seq, digest }: PrePrepare): void {
    const statement = this.#replica.sign<Prepare>({ kind: "prepare", view, seq, digest });
    const slot = this.#slots.get(seq);
    if (slot === undefined) return;
    slot.prepare = statement;
    this.#replica.sendToPeers({ type: "prepare", statement });
    this.onPrepare(statement);
  }

  /** Is it prepared now, in this view? */
  #advance(seq: number): void {
    const { view, isActive, storage, thresholds } = this.#replica;
    const slot = this.#slots.get(seq);
    const prePrepare = slot?.proposal?.statement;
    if (slot === undefined || prePrepare === undefined || !isActive) return;
    if (prePrepare.view !== view || slot.certificate?.prePrepare.view === view) return;
    const others = slot.preparesOf(prePrepare, prePrepare.by);
    if (others.length + 1 < thresholds.quorum) return;
    const prepares = others.slice(0, thresholds.quorum - 1);
    slot.certificate = { prePrepare, prepares };
    storage.append(seq, { prepared: slot.certificate });
    storage.whenDurable(() => this.#sayCommitted(prePrepare));
  }

  #sayCommitted({ view, seq, digest }: PrePrepare): void {
    const slot = this.#slots.get(seq);
    if (slot === undefined) return;
    slot.commit = { view, seq, digest };
    this.#replica.sendToPeers({ type: "commit", view, seq, digest });
    this.onCommit(this.#replica.id, slot.commit);
  }

  #decideAwaited(seq: number, slot: Slot): void {
    for (const digest of slot.awaited) {
      const request = slot.request(digest);
      if (request === undefined) continue;
      slot.awaited.delete(digest);
      slot.decided.add(digest);
      this.#executor.decide(seq, request);
    }
  }

  #recallProposal(proposal: Proposal): void {
    const { statement, request } = proposal;
    if (!this.#isInWindow(statement.seq)) return;
    const slot = this.#slot(statement.seq);
    if (request !== null || statement.digest === NULL_DIGEST) slot.learn(statement.digest, request);
    slot.proposal = proposal;
    const { view, seq, digest } = statement;
    if (statement.by === this.#replica.id) return;
    slot.prepare = this.#replica.sign<Prepare>({ kind: "prepare", view, seq, digest });
    slot.addPrepare(slot.prepare);
  }

  #recallCertificate(certificate: Certificate): void {
    const { view, seq, digest } = certificate.prePrepare;
    if (!this.#isInWindow(seq)) return;
    const slot = this.#slot(seq);
    slot.certificate = certificate;
    slot.commit = { view, seq, digest };
    slot.addCommit(this.#replica.id, slot.commit);
  }

  #isInWindow(seq: number): boolean {
    return seq > this.#checkpoints.low && seq <= this.#checkpoints.horizon;
  }

  #count(prePrepares: readonly PrePrepare[]): void {
    this.#last = Math.max(this.#checkpoints.low, ...prePrepares.map(({ seq }) => seq));
  }

  #noteOrdered({ client, requestId }: Request): void {
    this.#ordered.set(client, Math.max(requestId, this.#ordered.get(client) ?? -1));
  }

  #slot(seq: number): Slot {
    let slot = this.#slots.get(seq);
    if (slot === undefined) {
      slot = new Slot();
      this.#slots.set(seq, slot);
    }
    return slot;
  }
}
