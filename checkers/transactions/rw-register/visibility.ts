/**
 * Whether transactions see the effects of others as a whole. What the levels demand of registers:
 * when t3 read from t1 a key that t2 wrote, too, and has seen t2, then t2 comes before t1. Seen is
 * what an earlier read returned (monotonic-atomic-view), what any read did (read-atomic), or what
 * leads to the reader over any number of reads (causal; Biswas, Enea 2019, AWDIT 2025). Nothing of
 * this is a choice, so the order is exactly what ww, wr and these demands leave, or a
 * contradiction.
 *
 * The demands that disagree with an order at hand are the only ones looked for; the order is
 * repaired and those that it now disagrees with are looked for, key by key, until there are none.
 * A schedule in which writes wait for reads leaves few. Exact; work is counted in steps.
 */

import { microKinds } from "../../../histories/transactions.js";
import { type DependencyGraph, edgeKinds, NO_CAUSE } from "../dependencies.js";
import { whose } from "../describe.js";
import { FINDINGS_SHOWN_MAX, type Finding, type VisibilityLevel } from "../findings.js";
import { eventGraph } from "../solver/event-graph.js";
import { IncrementalOrder, NO_CHOICE } from "../solver/incremental-order.js";
import { deadlines, initialOrder } from "../solver/initial-order.js";
import { openVersions } from "../solver/open-versions.js";
import { deed } from "./anomalies.js";
import { initialPlace, placeOf, type Readings } from "./readings.js";
import { INITIAL, type RegisterVersions } from "./versions.js";

export interface VisibilityQuestion {
  level: VisibilityLevel;
  steps: number;
}

/** "unknown" when the steps do not suffice, or when the history is not read-committed. */
export function judgeVisibility(
  versions: RegisterVersions,
  readings: Readings,
  graph: DependencyGraph,
  question: VisibilityQuestion,
): true | Finding[] | "unknown" {
  const events = eventGraph(graph, { form: "ww-wr", order: "data" });
  const initial = initialOrder(graph, events, openVersions(graph), deadlines(graph));
  if (initial === undefined) return "unknown";
  const order = new IncrementalOrder(events, initial);
  return new Visibility(versions, readings, graph, order, question).judge();
}

/** A version that must come before the one that was read. */
interface Demand {
  version: number;
  /** The version that was read, or INITIAL. */
  before: number;
  read: number;
}

const types: Record<VisibilityLevel, string> = {
  "monotonic-atomic-view": "observed-transaction-vanishes",
  "read-atomic": "fractured-read",
  causal: "causal-violation",
};

class Visibility {
  readonly #queue: number[] = [];
  readonly #isQueued: Uint8Array;
  readonly #refused = new Set<number>();
  readonly #stamp: Int32Array;
  #now = 0;
  #steps = 0;

  constructor(
    readonly versions: RegisterVersions,
    readonly readings: Readings,
    readonly graph: DependencyGraph,
    readonly order: IncrementalOrder,
    readonly question: VisibilityQuestion,
  ) {
    this.#isQueued = new Uint8Array(versions.transactions.keys.length);
    this.#stamp = new Int32Array(versions.transactions.size);
  }

  judge(): true | Finding[] | "unknown" {
    const findings: Finding[] = [];
    for (let key = 0; key < this.#isQueued.length; key++) this.#mark(key);
    for (const key of this.#queue) {
      this.#isQueued[key] = 0;
      for (const demand of this.#demands(key)) {
        if (this.#grant(demand) || this.#isRefused(demand)) continue;
        findings.push(this.#finding(demand));
        if (findings.length === FINDINGS_SHOWN_MAX) return findings;
      }
      if (this.#steps + this.order.steps > this.question.steps)
        return findings.length > 0 ? findings : "unknown";
    }
    return findings.length === 0 ? true : findings;
  }

  /** Whether it was before, too; from now on it is. */
  #isRefused({ version, before }: Demand): boolean {
    const pair = version * this.versions.writeOf.length + before;
    const isKnown = this.#refused.has(pair);
    this.#refused.add(pair);
    return isKnown;
  }

  #mark(key: number): void {
    if (this.#isQueued[key] === 1) return;
    this.#isQueued[key] = 1;
    this.#queue.push(key);
  }

  /** Adds to the order that a version precedes another one; whether that is possible. */
  #grant({ version, before }: Demand): boolean {
    if (before === INITIAL) return false;
    const [from, to] = [this.#writer(version), this.#writer(before)];
    if (this.order.position(from) < this.order.position(to)) return true;
    const edge = { from, to, kind: edgeKinds.ww, cause: NO_CAUSE, choice: NO_CHOICE };
    return this.order.add(edge, (node) => this.#moved(node));
  }

  #moved(node: number): void {
    const { from, key, size } = this.versions.transactions;
    if (node >= size) return;
    for (let m = from[node]!; m < from[node + 1]!; m++) this.#mark(key[m]!);
  }

  /** What reads of a key demand and the order does not have. */
  #demands(key: number): Demand[] {
    const { start } = this.versions;
    const count = start[key + 1]! - start[key]!;
    const sorted = Int32Array.from({ length: count }, (_, i) => start[key]! + i).sort(
      (a, b) => this.#position(a) - this.#position(b),
    );
    this.#steps += count;
    const demands: Demand[] = [];
    let live = this.#readUntil([], initialPlace(this.versions, key), INITIAL);
    for (const version of sorted) {
      const position = this.#position(version);
      live = live.filter(({ until }) => until > position);
      if (live.length > 0) this.#demandsOn(version, live, demands);
      live = this.#readUntil(live, placeOf(version, key), version);
    }
    return demands;
  }

  #demandsOn(version: number, live: readonly Live[], demands: Demand[]): void {
    const writer = this.#writer(version);
    if (this.question.level === "causal") {
      this.#follow(
        writer,
        live.reduce((last, { until }) => Math.max(last, until), 0),
      );
    }
    for (const { place, version: read } of live) {
      const end = this.readings.start[place + 1]!;
      for (let i = this.readings.start[place]!; i < end; i++) {
        const micro = this.readings.reads[i]!;
        const reader = this.versions.transactionOf[micro]!;
        this.#steps += 1;
        if (reader === writer || !this.#hasSeen(reader, writer, micro)) continue;
        demands.push({ version, before: read, read: micro });
        break;
      }
    }
  }

  #readUntil(live: Live[], place: number, version: number): Live[] {
    let until = -1;
    for (let i = this.readings.start[place]!; i < this.readings.start[place + 1]!; i++) {
      const reader = this.versions.transactionOf[this.readings.reads[i]!]!;
      until = Math.max(until, this.order.position(reader));
      this.#steps += 1;
    }
    if (until >= 0) live.push({ place, version, until });
    return live;
  }

  /**
   * Whether a transaction has seen another one when it reads as it does in this micro-operation.
   */
  #hasSeen(reader: number, writer: number, read: number): boolean {
    if (this.question.level === "causal") return this.#stamp[reader] === this.#now;
    const { transactions, transactionOf, source } = this.versions;
    const { from, kind, key, value } = transactions;
    const isOrdered = this.question.level === "monotonic-atomic-view";
    let isSeen = false;
    for (let m = from[reader]!; m < from[reader + 1]!; m++) {
      if (kind[m] !== microKinds.read) continue;
      this.#steps += 1;
      if (isSeen && key[m] === key[read] && value[m] === value[read]) return true;
      if (source[m]! < 0 || transactionOf[source[m]!] !== writer) continue;
      if (!isOrdered) return true;
      isSeen = true;
    }
    return false;
  }

  /** Stamps whatever observations lead to from a transaction, up to a position. */
  #follow(writer: number, limit: number): void {
    const { start, target, kind } = this.graph;
    const now = ++this.#now;
    const found = [writer];
    this.#stamp[writer] = now;
    for (const t of found) {
      for (let e = start[t]!; e < start[t + 1]!; e++) {
        const to = target[e]!;
        this.#steps += 1;
        if (kind[e] !== edgeKinds.wr || this.#stamp[to] === now) continue;
        if (this.order.position(to) > limit) continue;
        this.#stamp[to] = now;
        found.push(to);
      }
    }
  }

  #writer(version: number): number {
    return this.versions.transactionOf[this.versions.writeOf[version]!]!;
  }

  #position(version: number): number {
    return this.order.position(this.#writer(version));
  }

  #finding({ version, before, read }: Demand): Finding {
    const { transactions, transactionOf, writeOf } = this.versions;
    const missed = writeOf[version]!;
    const reader = transactionOf[read]!;
    const writer = transactionOf[missed]!;
    const level = this.question.level;
    const seen = level === "causal" ? "had seen effects, perhaps over others, of" : "saw";
    const first = before === INITIAL ? [] : [writeOf[before]!];
    return {
      type: types[level],
      key: transactions.key[read]!,
      transactions: [reader, writer, ...first.map((micro) => transactionOf[micro]!)],
      micros: [read, missed, ...first],
      values: [transactions.value[read]!, transactions.value[missed]!],
      message: `${whose(transactions, reader)} ${deed(transactions, read)}, although it ${seen} ${whose(transactions, writer)}, which ${deed(transactions, missed)} after that`,
    };
  }
}

interface Live {
  place: number;
  version: number;
  /** The position of the last reader. */
  until: number;
}
