/**
 * View changes: another primary, and nothing that may have been decided is lost.
 *
 * A replica that waits too long for a request, or hears from f + 1 others that they do, leaves its view
 * and tells what it has prepared. The primary of the next view needs a quorum of such statements; what
 * it has to propose follows from them, so that everybody can check it (certificates.ts). A view that
 * does not begin in time is given up for the next one, with twice the patience.
 *
 * The clock of a view change starts once a quorum has asked for that view or a later one: sooner, a
 * replica that is alone with its complaint would run ahead of the others for ever.
 */

import type { Agreement } from "./agreement.js";
import { chooseAs, newestOf } from "./certificates.js";
import type { Checkpoints } from "./checkpoints.js";
import type { NewView, Signed, ViewChange } from "./messages.js";
import type { Replica } from "./replica.js";
import { PATIENCE_MAX } from "./settings.js";

export interface ViewChangeEvents {
  /** Another view has begun. */
  begun(): void;
}

export class ViewChanges {
  readonly #replica: Replica;
  readonly #agreement: Agreement;
  readonly #checkpoints: Checkpoints;
  readonly #events: ViewChangeEvents;
  /** By view, then by replica. */
  readonly #asked = new Map<number, Map<string, Signed<ViewChange>>>();
  /** What this replica has told, once it was durable. */
  #own: Signed<ViewChange> | undefined;
  /** When it gives up the view that it asked for. */
  #deadlineMs: number | undefined;
  /** How much longer it waits, after views that failed. */
  #patience = 1;

  constructor(
    replica: Replica,
    agreement: Agreement,
    checkpoints: Checkpoints,
    events: ViewChangeEvents,
  ) {
    this.#replica = replica;
    this.#agreement = agreement;
    this.#checkpoints = checkpoints;
    this.#events = events;
  }

  /** Called once, at boot. */
  start(): void {
    if (!this.#replica.isActive) this.#ask(this.#replica.view);
  }

  /** How long a request may wait in this view. */
  get patienceMs(): number {
    return this.#patience * this.#replica.settings.viewChangeTimeoutMs;
  }

  /** A request has been executed: the primary does its work. */
  progressed(): void {
    if (this.#replica.isActive) this.#patience = 1;
  }

  /** Is the view that it has asked for overdue? */
  checkClock(): void {
    if (this.#deadlineMs === undefined || this.#replica.nowMs() < this.#deadlineMs) return;
    this.#replica.context.probe("a view was given up before it began");
    this.leave();
  }

  /** Asks for the next primary. */
  leave(): void {
    this.#patience = Math.min(2 * this.#patience, PATIENCE_MAX);
    this.#ask(this.#replica.view + 1);
  }

  onViewChange(statement: Signed<ViewChange>): void {
    const { view, by } = statement;
    const replica = this.#replica;
    if (view < replica.view || (view === replica.view && replica.isActive)) return;
    const asked = this.#asked.get(view) ?? new Map<string, Signed<ViewChange>>();
    this.#asked.set(view, asked.set(by, statement));
    this.#follow();
    this.#startClock();
    this.#lead();
  }

  onNewView(statement: Signed<NewView>): void {
    const replica = this.#replica;
    const { view, viewChanges } = statement;
    if (view < replica.view || (view === replica.view && replica.isActive)) return;
    this.#checkpoints.onStable(newestOf(viewChanges));
    this.#begin(statement, () => undefined);
  }

  /** For somebody who stands at that view. */
  help(peer: string, view: number, isActive: boolean): void {
    const replica = this.#replica;
    if (view > replica.view || (view === replica.view && isActive)) return;
    if (replica.newView !== null) {
      replica.send(peer, { type: "new-view", statement: replica.newView });
    } else if (this.#own !== undefined) {
      replica.send(peer, { type: "view-change", statement: this.#own });
    }
  }

  #ask(view: number): void {
    const replica = this.#replica;
    replica.askFor(view);
    this.#own = undefined;
    this.#deadlineMs = undefined;
    for (const earlier of [...this.#asked.keys()]) if (earlier < view) this.#asked.delete(earlier);
    const prepared = replica.bug("forgets-prepared") ? [] : this.#agreement.certificates;
    const { stable } = this.#checkpoints;
    const statement = replica.sign<ViewChange>({ kind: "view-change", view, stable, prepared });
    replica.storage.whenDurable(() => {
      if (replica.view !== view || replica.isActive) return;
      this.#own = statement;
      replica.sendToPeers({ type: "view-change", statement });
      this.onViewChange(statement);
    });
  }

  /** The latest view that each has asked for. */
  #latest(): Map<string, number> {
    const latest = new Map<string, number>();
    for (const [view, asked] of this.#asked) {
      for (const by of asked.keys()) latest.set(by, Math.max(view, latest.get(by) ?? 0));
    }
    return latest;
  }

  /** One of f + 1 is honest, and has waited too long. */
  #follow(): void {
    const { view, thresholds, id, context } = this.#replica;
    const later = [...this.#latest()].filter(([by, asked]) => by !== id && asked > view);
    if (later.length < thresholds.witness) return;
    context.probe("a replica joined a view change that others had begun");
    this.#ask(Math.min(...later.map(([, asked]) => asked)));
  }

  #startClock(): void {
    const replica = this.#replica;
    if (replica.isActive || this.#deadlineMs !== undefined) return;
    const here = [...this.#latest().values()].filter((asked) => asked >= replica.view);
    if (here.length < replica.thresholds.quorum) return;
    this.#deadlineMs = replica.nowMs() + this.patienceMs;
  }

  /** As the primary of the view that it has asked for: begins it, if a quorum has asked. */
  #lead(): void {
    const replica = this.#replica;
    const { view, id } = replica;
    const asked = this.#asked.get(view);
    if (asked === undefined || replica.isActive || replica.primary !== id) return;
    if (!asked.has(id) || asked.size < replica.thresholds.quorum) return;
    const viewChanges = replica.context.nodes
      .flatMap((node) => asked.get(node) ?? [])
      .slice(0, replica.thresholds.quorum);
    this.#checkpoints.onStable(newestOf(viewChanges));
    const prePrepares = chooseAs(id, view, viewChanges);
    if (prePrepares.length > 0) replica.context.probe("a new view began with earlier requests");
    const statement = replica.sign<NewView>({ kind: "new-view", view, viewChanges, prePrepares });
    this.#begin(statement, () => replica.sendToPeers({ type: "new-view", statement }));
  }

  #begin(statement: Signed<NewView>, whenDurable: () => void): void {
    const replica = this.#replica;
    replica.enter(statement);
    this.#own = undefined;
    this.#deadlineMs = undefined;
    for (const view of [...this.#asked.keys()])
      if (view <= statement.view) this.#asked.delete(view);
    this.#agreement.begin(statement.prePrepares);
    replica.storage.whenDurable(whenDurable);
    this.#events.begun();
  }
}
