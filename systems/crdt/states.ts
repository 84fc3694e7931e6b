/**
 * Dissemination by state: whole (Shapiro et al. 2011), or what has changed since a peer's last
 * acknowledgement (delta-intervals, Almeida, Shoker, Baquero 2018, algorithm 2).
 *
 * A state may come late, twice, or by way of others; the merge does not mind. A message says what its
 * sender covered, so that one which brings nothing new is recognised without looking into it. Deltas
 * that were lost would be missed for ever if later ones made up for them: a delta-interval therefore
 * begins no later than what its receiver has acknowledged, and where the buffer does not reach back
 * so far (after a restart) the whole state goes. What arrives is put into the buffer too: a replica
 * passes on what it learns. A delta-interval is good for the replica that acknowledged what goes
 * before it and for no other, and says for whom it is: a new one in that one's place would take
 * itself to cover what it never got.
 *
 * `changes` counts what went into the buffer and is durable, since acknowledgements name it; the
 * buffer and the acknowledgements are volatile, and their loss only costs bytes.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { Update } from "./datatype.js";
import { type Arrival, Collector, type Form, type Local } from "./dissemination.js";
import type { Content, Requests } from "./memory.js";
import { covers, joined, type Vector } from "./vector.js";

export class StateForm implements Form {
  readonly #local: Local;
  readonly #collector: Collector;
  readonly #sendsDeltas: boolean;
  /** The latest changes, oldest first; always empty where whole states are sent. */
  #buffer: Content[] = [];
  /** How many of our changes each peer has confirmed to have, since our boot. */
  readonly #confirmed = new Map<string, number>();

  constructor(local: Local, sendsDeltas: boolean) {
    this.#local = local;
    this.#collector = new Collector(local);
    this.#sendsDeltas = sendsDeltas;
  }

  take(key: string, update: Update, requests: Requests): void {
    const { datatype, memory } = this.#local;
    const { mutate } = datatype.stateBased;
    const dot = memory.nextDot();
    const delta = mutate(memory.object(key), update, dot);
    this.#merge({ objects: { [key]: delta }, requests }, { [dot.replica]: dot.n });
  }

  announce(): void {
    const { context } = this.#local;
    if (context.peers.length > 0) this.push(context.random.pick(context.peers));
  }

  push(to: string): void {
    const { context, memory, peers, tell } = this.#local;
    this.#collector.collect();
    if (covers(peers.coveredBy(to), memory.kept.covered)) return;
    const { changes } = memory.kept;
    const delta = this.#sendsDeltas ? this.#deltaFor(to) : undefined;
    const news = delta ?? { type: "state", ...memory.content };
    if (context.bugs.has("dropped-unacknowledged")) this.#confirmed.set(to, changes);
    void tell(to, { ...news, changes });
  }

  receive({ src, body, sender, covered }: Arrival): void {
    const { context, memory, tell } = this.#local;
    if (body["type"] === "merged") {
      if (body["of"] === memory.kept.replica) this.#confirm(src, Number(body["changes"]));
      return;
    }
    if (body["type"] === "delta" && body["whom"] !== memory.kept.replica) {
      context.probe("a delta for a lost replica was left alone");
      void tell(src, { type: "hello" });
      return;
    }
    if (this.#collector.refuses(covered)) return;
    if (covers(memory.kept.covered, covered)) context.probe("a state brought nothing new");
    else this.#merge(body as Content, covered);
    void tell(src, { type: "merged", of: sender, changes: body["changes"] });
  }

  forget(node: string): void {
    this.#confirmed.delete(node);
  }

  #merge(news: Content, covered: Vector): void {
    const { datatype, memory } = this.#local;
    const objects = mergedObjects(datatype.stateBased.merge, memory.kept.objects, news.objects);
    memory.take({ objects, requests: news.requests }, covered);
    if (this.#sendsDeltas) this.#buffer.push({ objects: news.objects, requests: news.requests });
  }

  /** The changes that the peer has not confirmed; undefined where the buffer does not reach back. */
  #deltaFor(to: string): JsonObject | undefined {
    const { context, datatype, memory } = this.#local;
    const whom = memory.kept.lives[to];
    const confirmed = this.#confirmed.get(to);
    const start = memory.kept.changes - this.#buffer.length;
    if (whom === undefined || confirmed === undefined || confirmed < start) {
      context.probe("a peer was sent the whole state in place of deltas");
      return undefined;
    }
    const news = allOf(datatype.stateBased.merge, this.#buffer.slice(confirmed - start));
    const { refresh = (delta: JsonObject) => delta } = datatype.stateBased;
    const fresh = Object.entries(news.objects).map(([key, delta]) => [
      key,
      refresh(delta, memory.object(key)),
    ]);
    return { type: "delta", whom, objects: Object.fromEntries(fresh), requests: news.requests };
  }

  #confirm(node: string, changes: number): void {
    const { context, memory } = this.#local;
    this.#confirmed.set(node, Math.max(changes, this.#confirmed.get(node) ?? 0));
    const everywhere = Math.min(...context.peers.map((peer) => this.#confirmed.get(peer) ?? 0));
    const start = memory.kept.changes - this.#buffer.length;
    if (everywhere > start) this.#buffer = this.#buffer.slice(everywhere - start);
  }
}

type Merge = (left: JsonObject, right: JsonObject) => JsonObject;

/** Changes in one: neighbours first, or what is large would be copied for each that is small. */
function allOf(merge: Merge, changes: readonly Content[]): Content {
  const [first, second] = changes;
  if (first === undefined || second === undefined) return first ?? { objects: {}, requests: {} };
  const middle = changes.length >> 1;
  const earlier = allOf(merge, changes.slice(0, middle));
  const later = allOf(merge, changes.slice(middle));
  const merged = mergedObjects(merge, earlier.objects, later.objects);
  return {
    objects: { ...earlier.objects, ...merged },
    requests: joined(earlier.requests, later.requests),
  };
}

/** The merges of those objects that are in `news`. */
function mergedObjects(
  merge: Merge,
  known: Content["objects"],
  news: Content["objects"],
): Content["objects"] {
  return Object.fromEntries(
    Object.entries(news).map(([key, state]) => [key, merge(known[key] ?? {}, state)]),
  );
}
