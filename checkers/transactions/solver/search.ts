/**
 * Orders of the open keys' versions by repair: an order of all events is kept, which respects all
 * that is known and chosen, and every read that comes after the next version was written is put
 * right by one of two choices: the other version came before the one that was read, or after the
 * read. If one is impossible the other is no guess. Most histories need few repairs, and those
 * touch few events.
 *
 * It is the polygraph problem (Papadimitriou 1979), exponential at worst: `stepsMax` ends it.
 */

import type { CaseTree } from "../dependencies.js";
import type { EventGraph } from "./event-graph.js";
import { IncrementalOrder } from "./incremental-order.js";
import { type Breach, KeyOrders } from "./key-orders.js";
import type { OpenVersions } from "./open-versions.js";
import { type Reason, type Refutation, Trail } from "./trail.js";

export interface SearchTask {
  events: EventGraph;
  versions: OpenVersions;
  /** All nodes, so that all edges of `events` lead forwards. */
  initial: Int32Array;
  /** By transaction: when it took effect at the latest, as far as is known. */
  deadline: Float64Array;
  /** By transaction: position of its invocation. */
  invoked: Int32Array;
  stepsMax: number;
}

export type SearchResult =
  | { kind: "found"; versions: Int32Array[] }
  | { kind: "contradiction"; tree: CaseTree }
  | { kind: "unknown"; reason: string };

/** For the criteria whose cycles are the cycles of an event graph: any, snapshot and prefix. */
export function search(task: SearchTask): SearchResult {
  const run = new Search(task);
  for (;;) {
    if (run.isExhausted) return { kind: "unknown", reason: run.progress };
    const refutation = run.next();
    if (refutation === "done") return { kind: "found", versions: run.keys.orders() };
    if (refutation === undefined) continue;
    const last = run.trail.backjump(refutation);
    if (last !== undefined) return { kind: "contradiction", tree: last.tree };
  }
}

export class Search {
  readonly keys: KeyOrders;
  readonly trail: Trail;
  readonly order: IncrementalOrder;
  steps = 0;
  /** Versions with a breach that needs a guess, in order. */
  readonly #deferred: number[] = [];
  #firstDeferred = 0;
  readonly #isDeferred: Uint8Array;

  constructor(readonly task: SearchTask) {
    this.order = new IncrementalOrder(task.events, task.initial);
    this.keys = new KeyOrders(task.events, task.versions, this.order, task.initial);
    this.#isDeferred = new Uint8Array(task.versions.writer.length);
    const moved = (node: number) => this.keys.moved(node);
    this.trail = new Trail(task.events, this.order, task.versions, moved);
    // What every search must look at once is not counted.
    this.keys.steps = 0;
  }

  get isExhausted(): boolean {
    return this.order.steps + this.keys.steps + this.steps > this.task.stepsMax;
  }

  /** What was found out so far, in words. */
  get progress(): string {
    const { settled, guesses, conflicts } = this.trail;
    const pairs = (count: number) => `${count} ${count === 1 ? "pair" : "pairs"}`;
    return [
      `no answer within ${this.task.stepsMax} steps: no cycle is without a choice among orders of versions`,
      `the order of ${pairs(settled)} of versions is settled`,
      `that of ${pairs(guesses)} was guessed and not refuted`,
      `${conflicts} ${conflicts === 1 ? "contradiction was" : "contradictions were"} found`,
    ].join("; ");
  }

  /** Repairs what has to be repaired one way first, then guesses. */
  next(): Refutation | "done" | undefined {
    const breach = this.keys.nextBreach();
    if (breach !== undefined) return this.#repairOrReturn(breach, false);
    while (this.#firstDeferred < this.#deferred.length) {
      const version = this.#deferred[this.#firstDeferred++]!;
      this.#isDeferred[version] = 0;
      const left = this.keys.breachOf(version);
      if (left !== undefined) return this.#repairOrReturn(left, true);
    }
    this.#deferred.length = 0;
    this.#firstDeferred = 0;
    return "done";
  }

  /** What could not be repaired is to be looked at again, with other choices. */
  #repairOrReturn(breach: Breach, mayGuess: boolean): Refutation | undefined {
    const refutation = this.repair(breach, mayGuess);
    if (refutation !== undefined) this.keys.mark(breach.first);
    return refutation;
  }

  /** Chooses so that a rule holds again; why that is impossible, given the choices so far. */
  repair(breach: Breach, mayGuess: boolean): Refutation | undefined {
    const { trail } = this;
    const { first, second, reader } = breach;
    this.steps += 1;
    const known = trail.numberOf(first, second);
    if (known !== undefined && reader !== undefined) return trail.precede(known, reader);
    const isFirstClosed = trail.isClosed(first, second, reader);
    const isSecondClosed = trail.isClosed(second, first);
    if (isFirstClosed && isSecondClosed) {
      const ways = [trail.refute(first, second, reader), trail.refute(second, first)] as const;
      return trail.contradiction(first, second, [ways[0]!, ways[1]!]);
    }
    if (isFirstClosed) return trail.choose(second, first, { reader });
    if (isSecondClosed) return this.#putFirst(breach, { reader: undefined });
    if (!mayGuess) {
      if (this.#isDeferred[first] === 0) this.#deferred.push(first);
      this.#isDeferred[first] = 1;
      return undefined;
    }
    return this.#seemsFirst(breach) ? this.#putFirst(breach) : trail.choose(second, first);
  }

  /** The first precedes the second, and so does its reader. */
  #putFirst({ first, second, reader }: Breach, because?: Reason): Refutation | undefined {
    const number = this.trail.length;
    const refuted = this.trail.choose(first, second, because);
    if (refuted !== undefined || reader === undefined) return refuted;
    return this.trail.precede(number, reader);
  }

  /** The guess that real time suggests, whether or not it must be respected. */
  #seemsFirst({ first, second, reader }: Breach): boolean {
    const { deadline, invoked } = this.task;
    const { writer } = this.task.versions;
    const a = writer[first]!;
    const b = writer[second]!;
    if (deadline[a]! < invoked[b]!) return true;
    if (deadline[b]! < invoked[a]!) return false;
    if (reader === undefined) return deadline[a]! < deadline[b]!;
    if (deadline[b]! < invoked[reader]!) return false;
    return deadline[reader]! < deadline[b]!;
  }
}
