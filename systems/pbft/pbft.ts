/**
 * PBFT: a replicated state machine that works although some of its replicas lie.
 *
 * Source: Castro and Liskov, "Practical Byzantine Fault Tolerance", OSDI 1999; Castro's thesis, 2001.
 *
 * Of n >= 3f + 1 replicas f may do anything. Why 3f + 1: whoever waits for an answer cannot wait for
 * more than n - f, since f may be silent; but the f that were not heard may be honest and slow, and f
 * of those heard may lie. So honest ones must prevail among the heard: n - 2f > f. In the same way
 * every two quorums of 2f + 1 meet in f + 1 replicas, one of which is honest and does not say two things.
 *
 * - A primary gives each request a number; three phases make sure that all honest replicas agree on
 *   it, whatever the primary tells whom.                                  (agreement.ts, slot.ts)
 * - Statements are signed, so that others can be shown them: 2f + 1 that say the same are a certificate.
 *                                                              (signatures.ts, certificates.ts)
 * - A primary that does not do its work is replaced by the next in turn, who has to prove that what it
 *   proposes follows from what a quorum has prepared.                        (view-changes.ts)
 * - A quorum that has reached the same state lets everybody forget how; who lags behind is given the
 *   state.                                                    (checkpoints.ts, status messages)
 * - Requests are executed in order and once; f + 1 equal answers are believed. (executor.ts, client-library.ts)
 *
 * Safety rests on no clock; progress on one that makes patience grow (pending.ts, view-changes.ts).
 * Replicas may also crash and come back: what they have said, they keep (storage.ts). A replica that
 * crashes while f others lie may be missed, and nobody may be led astray.
 *
 * The contract of a client: any replica takes requests and plays the client's library for them
 * (client-library.ts). What Byzantine faults put into a replica's mouth is told to its peers, not to its clients,
 * and a client's request is signed before; a replica that lies to its own clients cannot be trusted by
 * them, whatever the others do.
 *
 * Cost: three phases, two fsyncs in a row and about 2n² messages a request. Left out: authenticators
 * (MACs in the place of signatures), batches, tentative execution, proactive recovery.
 */

import { isJsonObject } from "../../src/base/json.js";
import type { JsonObject, Message, Node, NodeContext } from "../../src/hosts/ts/node.js";
import { Agreement } from "./agreement.js";
import { isCount, isWord } from "./certificates.js";
import { Checkpoints } from "./checkpoints.js";
import { ClientLibrary } from "./client-library.js";
import { Executor } from "./executor.js";
import type { Request } from "./messages.js";
import { Pending } from "./pending.js";
import { Replica } from "./replica.js";
import { type Thresholds, thresholdsOf } from "./thresholds.js";
import { ViewChanges } from "./view-changes.js";

/** One replica: looks at what arrives, and hands it to its parts. */
export class PbftNode implements Node {
  readonly #replica: Replica;
  readonly #executor: Executor;
  readonly #checkpoints: Checkpoints;
  readonly #agreement: Agreement;
  readonly #viewChanges: ViewChanges;
  readonly #pending: Pending;
  readonly #library: ClientLibrary;

  /** @param thresholds those of the protocol, unless somebody wants to see why they are needed. */
  constructor(context: NodeContext, thresholds: Thresholds = thresholdsOf(context.nodes.length)) {
    const replica = new Replica(context, thresholds);
    this.#replica = replica;
    this.#executor = new Executor(replica, {
      executed: (request, reply) => this.#executed(request, reply),
      reached: (seq) => this.#checkpoints.reached(seq),
    });
    this.#checkpoints = new Checkpoints(replica, this.#executor, {
      advanced: () => this.#windowMoved(),
      transferred: () => this.#pending.settle(),
    });
    this.#agreement = new Agreement(replica, this.#executor, this.#checkpoints);
    this.#pending = new Pending(replica, this.#executor);
    this.#viewChanges = new ViewChanges(replica, this.#agreement, this.#checkpoints, {
      begun: () => this.#viewBegun(),
    });
    this.#library = new ClientLibrary(replica, this.#executor, {
      requested: (request) => this.#onRequest(request),
    });
  }

  start(): void {
    this.#agreement.start();
    this.#viewChanges.start();
    this.#noteLeader();
    this.#tick();
  }

  onMessage(message: Message): void {
    const { src, body } = message;
    if (!this.#replica.context.peers.includes(src)) this.#library.receive(message);
    else if (!this.#receive(src, body)) this.#replica.context.probe("a message was not believed");
  }

  /** False for what no honest replica sends, or what was altered on its way. */
  #receive(src: string, body: JsonObject): boolean {
    const { certificates } = this.#replica;
    const { statement } = body;
    switch (body["type"]) {
      case "request":
        if (!certificates.isRequest(body["request"])) return false;
        this.#onRequest(body["request"]);
        return true;
      case "reply":
        return this.#onReply(src, body);
      case "read-only":
        if (!certificates.isRequest(body["request"])) return false;
        this.#library.onReadOnly(body["request"]);
        return true;
      case "pre-prepare":
        return this.#onProposal(body);
      case "prepare":
        if (!certificates.isPrepare(statement)) return false;
        this.#agreement.onPrepare(statement);
        return true;
      case "commit":
        return this.#onCommit(src, body);
      case "checkpoint":
        if (!certificates.isCheckpoint(statement)) return false;
        this.#checkpoints.onCheckpoint(statement);
        return true;
      case "view-change":
        if (!certificates.isViewChange(statement)) return false;
        this.#viewChanges.onViewChange(statement);
        return true;
      case "new-view":
        if (!certificates.isNewView(statement)) return false;
        this.#viewChanges.onNewView(statement);
        return true;
      case "status":
        return this.#onStatus(src, body);
      case "slots":
        return this.#onSlots(src, body);
      case "state":
        if (!certificates.isStable(body["stable"])) return false;
        this.#checkpoints.onStable(body["stable"], body["snapshot"] ?? null);
        return true;
      default:
        return false;
    }
  }

  #onRequest(request: Request): void {
    if (this.#pending.add(request)) this.#agreement.propose(request);
    else this.#answer(request, this.#executor.machine.replyTo(request));
  }

  #onReply(src: string, { client, requestId, reply }: JsonObject): boolean {
    if (typeof client !== "string" || !isCount(requestId) || !isJsonObject(reply)) return false;
    this.#library.onReply(src, client, requestId, reply);
    return true;
  }

  #onProposal({ statement, request = null }: JsonObject): boolean {
    const { certificates } = this.#replica;
    if (!certificates.isPrePrepare(statement)) return false;
    if (request !== null && !certificates.isRequest(request)) return false;
    this.#agreement.onPrePrepare({ statement, request });
    return true;
  }

  #onCommit(src: string, { view, seq, digest }: JsonObject): boolean {
    if (!isCount(view) || !isCount(seq) || !isWord(digest)) return false;
    this.#agreement.onCommit(src, { view, seq, digest });
    return true;
  }

  #onStatus(src: string, { view, active, executed, stable }: JsonObject): boolean {
    if (!isCount(view) || !isCount(executed) || !isCount(stable)) return false;
    this.#checkpoints.help(src, stable, executed);
    this.#viewChanges.help(src, view, active === true);
    const slots = this.#agreement.newsAfter(executed);
    if (slots.length > 0) this.#replica.send(src, { type: "slots", slots });
    return true;
  }

  #onSlots(src: string, { slots }: JsonObject): boolean {
    if (!Array.isArray(slots)) return false;
    let isSound = true;
    for (const slot of slots) {
      if (!isJsonObject(slot)) return false;
      const { proposal, prepare, commit } = slot;
      if (isJsonObject(proposal)) isSound = this.#onProposal(proposal) && isSound;
      if (this.#replica.certificates.isPrepare(prepare)) this.#agreement.onPrepare(prepare);
      if (isJsonObject(commit)) isSound = this.#onCommit(src, commit) && isSound;
    }
    return isSound;
  }

  #executed(request: Request, reply: JsonObject | undefined): void {
    this.#pending.executed(request);
    this.#viewChanges.progressed();
    this.#answer(request, reply);
  }

  #answer({ client, requestId, via }: Request, reply: JsonObject | undefined): void {
    if (reply === undefined) return;
    if (via === this.#replica.id) this.#library.onReply(via, client, requestId, reply);
    else this.#replica.send(via, { type: "reply", client, requestId, reply });
  }

  /** What found no room is to wait no longer than that: backups count the time. */
  #windowMoved(): void {
    const { isActive, isPrimary } = this.#replica;
    this.#agreement.forget();
    if (!isActive || !isPrimary) return;
    for (const { request } of this.#pending.all) this.#agreement.propose(request);
  }

  #viewBegun(): void {
    this.#noteLeader();
    this.#pending.restart();
    this.#library.primaryChanged();
    for (const { request } of this.#pending.all) this.#handOn(request);
    this.#tellStatus();
  }

  #noteLeader(): void {
    const { context, isPrimary, view } = this.#replica;
    if (isPrimary) context.observe("leader", { term: view });
  }

  #tick(): void {
    const { context, settings, isActive } = this.#replica;
    this.#viewChanges.checkClock();
    if (isActive) {
      for (const { request } of this.#pending.all) this.#handOn(request);
      if (this.#pending.isOverdue(this.#viewChanges.patienceMs)) {
        context.probe("a replica waited too long for its primary");
        this.#viewChanges.leave();
      }
    }
    this.#tellStatus();
    context.after(settings.statusMs, () => this.#tick());
  }

  /** To whoever has to give it a number. */
  #handOn(request: Request): void {
    const replica = this.#replica;
    if (replica.isPrimary) this.#agreement.propose(request);
    else if (replica.primary !== replica.id)
      replica.send(replica.primary, { type: "request", request });
  }

  #tellStatus(): void {
    const { view, isActive } = this.#replica;
    const { executed } = this.#executor;
    const stable = this.#checkpoints.stable.seq;
    this.#replica.sendToPeers({ type: "status", view, active: isActive, executed, stable });
  }
}
