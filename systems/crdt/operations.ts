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
 * a snapshot: the state, what of it is forgotten, and the log of the rest. It takes over all three, and
 * its own operations take effect on top. Whoever lacks nothing forgotten takes the log alone: what it
 * keeps in its own it can still tell others, and so nothing is forgotten that a living replica lacks,
 * nor do two that were apart come to miss what the other can no longer tell.
 */

import type { Update } from "./datatype.js";
import type { Arrival, Form, Local } from "./dissemination.js";
import type { Content, Entry, Requests } from "./memory.js";
import { covers, dotText, holds, joined, type Vector } from "./vector.js";

type Snapshot = Content & { forgotten: Vector; entries: Entry[] };

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
      const { forgotten, log } = kept;
      void tell(to, { type: "snapshot", ...content, forgotten, entries: [...log] });
      return;
    }
    const entries = kept.log.filter(({ dot }) => !holds(known, dot));
    if (entries.length > 0) void tell(to, { type: "operations", entries });
  }

  receive({ src, body, covered }: Arrival): void {
    const { tell } = this.#local;
    if (body["type"] === "delivered") return;
    if (body["type"] === "snapshot" && this.#needs(body as Snapshot, covered)) {
      this.#adopt(body as Snapshot, covered);
    } else {
      for (const entry of body["entries"] as Entry[]) this.#arrive(entry);
    }
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

  /** Does this replica lack what the other has forgotten, and not the other what this one has? */
  #needs({ forgotten }: Snapshot, covered: Vector): boolean {
    const { kept } = this.#local.memory;
    return !covers(kept.covered, forgotten) && covers(covered, kept.forgotten);
  }

  /** In one step, for a crash must not come between the state and the operations on top of it. */
  #adopt({ objects, requests, forgotten, entries }: Snapshot, covered: Vector): void {
    const { datatype, memory } = this.#local;
    const { kept } = memory;
    const own = kept.log.filter(({ dot }) => !holds(covered, dot));
    const whole = { ...objects };
    for (const { key, operation } of own) {
      whole[key] = datatype.operationBased.effect(whole[key] ?? {}, operation);
    }
    kept.log = [...entries, ...own];
    kept.forgotten = forgotten;
    memory.take({ objects: whole, requests }, covered);
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
    memory.touch();
  }
}
