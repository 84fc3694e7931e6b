/**
 * Dissemination by operation: causal broadcast, exactly once (Birman, Schiper, Stephenson 1991; what
 * Shapiro et al. 2011 presuppose for operation-based CRDTs).
 *
 * Each operation has a dot, the nth of its replica, and the vector of what that replica had covered
 * before it. Another lets it take effect when it covers that vector and the operations before it of
 * the same replica; what comes too early waits, and what it covers already is dropped: numbers turn
 * at-least-once into exactly-once. Operations stay in the log until every replica is known to cover
 * them, and are sent again until then, by whoever has them: their origin may be gone.
 *
 * A replica that starts with an empty disk may lack operations which nobody has any more. It is sent
 * a snapshot: the state and what that covers; its own operations take effect on top of it. A snapshot
 * without something that this replica has covered and forgotten is of no use to it.
 */

import type { Update } from "./datatype.js";
import type { Arrival, Form, Local } from "./dissemination.js";
import type { Content, Entry, Requests } from "./memory.js";
import { covers, dotText, holds, joined, type Vector } from "./vector.js";

export class OperationForm implements Form {
  readonly #local: Local;
  /** Arrived, but not yet preceded by all that they must follow; by dot. */
  readonly #early = new Map<string, Entry>();

  constructor(local: Local) {
    this.#local = local;
  }

  take(key: string, update: Update, requests: Requests): void {
    const { datatype, memory } = this.#local;
    const dot = memory.nextDot();
    const operation = datatype.operationBased.prepare(memory.object(key), update, dot);
    this.#deliver({ dot, after: { ...memory.kept.covered }, key, operation, requests });
  }

  announce(): void {
    for (const peer of this.#local.context.peers) this.push(peer);
  }

  push(to: string): void {
    const { context, memory, peers, tell } = this.#local;
    this.#forgetStable();
    const { kept, content } = memory;
    const known = peers.coveredBy(to);
    if (!covers(known, kept.forgotten)) {
      context.probe("a replica was sent a snapshot");
      void tell(to, { type: "snapshot", ...content });
    }
    const entries = kept.log.filter(({ dot }) => !holds(known, dot));
    if (entries.length > 0) void tell(to, { type: "operations", entries });
  }

  receive({ src, body, covered }: Arrival): void {
    const { memory, tell } = this.#local;
    if (body["type"] === "delivered") return;
    if (body["type"] === "snapshot") this.#adopt(body as Content, covered);
    else for (const entry of body["entries"] as Entry[]) this.#arrive(entry);
    memory.save();
    void tell(src, { type: "delivered" });
  }

  forget(): void {
    // All that is known of another replica here is what it covers.
  }

  #arrive(entry: Entry): void {
    const { context, memory } = this.#local;
    if (holds(memory.kept.covered, entry.dot)) {
      context.probe("an operation came again");
      if (context.bugs.has("at-least-once")) this.#effect(entry);
      return;
    }
    this.#early.set(dotText(entry.dot), entry);
    this.#deliverWhatIsDue();
  }

  /** O(early²) at worst; there are few. */
  #deliverWhatIsDue(): void {
    const { kept } = this.#local.memory;
    for (;;) {
      const due = [...this.#early.values()].find((entry) => covers(kept.covered, entry.after));
      if (due === undefined) return;
      this.#early.delete(dotText(due.dot));
      if (!holds(kept.covered, due.dot)) this.#deliver(due);
    }
  }

  #deliver(entry: Entry): void {
    const { memory } = this.#local;
    memory.kept.log.push(entry);
    this.#effect(entry);
  }

  #effect({ dot, key, operation, requests }: Entry): void {
    const { datatype, memory } = this.#local;
    const state = datatype.operationBased.effect(memory.object(key), operation);
    memory.take({ objects: { [key]: state }, requests }, { [dot.replica]: dot.n });
  }

  #adopt(snapshot: Content, covered: Vector): void {
    const { memory } = this.#local;
    const { kept } = memory;
    if (covers(kept.covered, covered) || !covers(covered, kept.forgotten)) return;
    const own = kept.log.filter(({ dot }) => !holds(covered, dot));
    kept.objects = { ...snapshot.objects };
    kept.log = own;
    kept.forgotten = covered;
    memory.take({ objects: {}, requests: snapshot.requests }, covered);
    for (const entry of own) this.#effect(entry);
    this.#deliverWhatIsDue();
  }

  /** What every replica covers, nobody needs to be told. */
  #forgetStable(): void {
    const { memory, peers } = this.#local;
    const { kept } = memory;
    const stable = peers.stable(kept.covered);
    if (covers(kept.forgotten, stable)) return;
    kept.log = kept.log.filter(({ dot }) => !holds(stable, dot));
    kept.forgotten = joined(kept.forgotten, stable);
    memory.save();
  }
}
