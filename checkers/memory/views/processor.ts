/**
 * Processor consistency (Goodman 1989, as Ahamad et al., SPAA 1993, define it): views of PRAM that
 * agree on one order of the writes of each key.
 *
 * Orders are guessed by running one copy along the recorded times, or taken from a sequentially
 * consistent explanation; if every session has a view that follows them, they are the proof. Otherwise
 * what one view needs of two writes of a key is shared with all, until no view needs more: a view that is
 * impossible then, or a cycle of sessions and shared orders, refutes, and new guesses follow what is
 * shared. While a guess fails, a pair of writes that nothing but the guess had ordered is taken both
 * ways: a search, exponential at worst (the problem is NP-hard), bounded by `stepsMax`.
 * A round costs as much as PRAM.
 */

import { HarnessError } from "../../../src/base/errors.js";
import { type Accesses, isRead, isWrite } from "../accesses.js";
import type { Decide, DecideOptions, Decision, MachineOrder, Violation } from "../decision.js";
import { sequential } from "../orders/index.js";
import { Account, accessesOf, linksOf, ownFuture, stepsOf, thinAir } from "./account.js";
import { Agreement } from "./agreement.js";
import { completion } from "./completion.js";
import { type Edges, Graph, NONE } from "./graph.js";
import { keptEdges } from "./kept.js";
import { Outline } from "./outline.js";
import { pramRules } from "./rules.js";
import { View } from "./view.js";

const TYPE = "non-processor";

/** Histories of this many accesses are always decided. */
const ALWAYS_DECIDED = 12;

/** Search steps for an explanation that may not exist. */
const SERIAL_STEPS_MAX = 1_000_000;

/** What a look at the whole graph costs, by access. */
const GRAPH_STEPS = 4;

/** In histories of this many accesses orders are also drawn from what a read comes before. */
const SMALL = 400;

export const processor: Decide = (accesses, options) => {
  const violation = thinAir(accesses) ?? ownFuture(accesses, TYPE);
  return violation === undefined
    ? new Search(accesses, options).decide()
    : { holds: false, violation };
};

/** The orders of the writes of each key in one order of all accesses. */
function ordersOf({ size, kind, key, keys }: Accesses, order: MachineOrder): Agreement {
  const orders = new Agreement(size);
  const latest = new Int32Array(keys).fill(NONE);
  for (const event of order) {
    const access = event >> 1;
    if ((event & 1) === 1 || !isWrite(kind[access]!)) continue;
    const x = key[access]!;
    if (latest[x] !== NONE) orders.add(latest[x]!, access);
    latest[x] = access;
  }
  return orders;
}

interface Choice {
  /** Pairs agreed upon before it. */
  agreed: number;
  /** The way not yet taken. */
  before: number;
  after: number;
}

class Search {
  readonly #accesses: Accesses;
  readonly #outline: Outline;
  readonly #readers: number[] = [];
  readonly #agreement: Agreement;
  readonly #view: View;
  readonly #stepsMax: number;
  #stepsOfGuesses = 0;

  constructor(accesses: Accesses, { stepsMax, orders }: DecideOptions) {
    this.#accesses = accesses;
    this.#outline = new Outline(accesses);
    this.#agreement = new Agreement(accesses.size);
    this.#view = new View(accesses, this.#outline, pramRules, this.#agreement);
    this.#stepsMax = accesses.size <= ALWAYS_DECIDED ? Number.POSITIVE_INFINITY : stepsMax;
    for (let a = 0; a < accesses.size; a++) {
      const session = accesses.session[a]!;
      if (isRead(accesses.kind[a]!) && this.#readers.at(-1) !== session)
        this.#readers.push(session);
    }
    for (const order of orders ?? [])
      for (let i = 1; i < order.length; i++) this.#agreement.add(order[i - 1]!, order[i]!);
  }

  decide(): Decision {
    if (this.#agreement.count === 0 && this.#isEasy()) return { holds: true };
    const violation = this.#violation();
    if (violation !== undefined) return { holds: false, violation };
    const choices: Choice[] = [];
    for (;;) {
      const orders = this.#completed();
      const failed = this.#failsOf(orders);
      if (failed === undefined) return { holds: true };
      this.#choose(choices, orders, failed);
      while (!this.#isPossible()) {
        const choice = choices.pop();
        if (choice === undefined) return { holds: false, violation: this.#searched() };
        if (this.#isSpent()) break;
        this.#agreement.cutTo(choice.agreed);
        this.#agreement.add(choice.before, choice.after);
      }
      if (this.#isSpent())
        return { holds: "unknown", reason: `undecided after ${this.#stepsMax} steps` };
    }
  }

  #isSpent(): boolean {
    return this.#view.steps + this.#stepsOfGuesses > this.#stepsMax;
  }

  /** Whether a first guess will do, or the orders of a serial explanation, where there is one. */
  #isEasy(): boolean {
    if (this.#failsOf(this.#completed()) === undefined) return true;
    const stepsMax = Math.min(this.#stepsMax, SERIAL_STEPS_MAX);
    const serial = sequential(this.#accesses, { stepsMax });
    if (serial.holds !== true || serial.order === undefined) return false;
    return this.#failsOf(ordersOf(this.#accesses, serial.order)) === undefined;
  }

  #completed(): Agreement {
    return completion(this.#accesses, this.#agreement);
  }

  /** The first session without a view that follows these orders. */
  #failsOf(orders: Agreement): number | undefined {
    const view = new View(this.#accesses, this.#outline, pramRules, orders);
    const failed = this.#readers.find((session) => !view.exists(session));
    this.#stepsOfGuesses += view.steps + this.#accesses.size;
    return failed;
  }

  /** Shares what views need until none needs more; NONE where all go together, else a session without a view. */
  #saturate(): number {
    const agreement = this.#agreement;
    for (let agreed = NONE; agreed !== agreement.count; ) {
      agreed = agreement.count;
      for (const session of this.#readers) {
        if (!this.#view.exists(session)) return session;
        this.#view.derivedAnew((before, after, read) => this.#share(before, after, read));
        this.#view.beforeOwnWrites((before, after, read) => this.#share(before, after, read));
      }
      if (agreed !== agreement.count || this.#accesses.size > SMALL) continue;
      for (const session of this.#readers) if (!this.#shareAll(session)) return session;
    }
    return NONE;
  }

  /** Shares all that a view needs, as far as paths tell; false where that contradicts itself. */
  #shareAll(session: number): boolean {
    if (!this.#view.exists(session)) return false;
    const account = new Account(this.#accesses, this.#outline, pramRules, session);
    const needs = account.needs(this.#view, this.#agreement);
    for (const { before, after, read } of needs ?? []) this.#share(before, after, read);
    return needs !== undefined;
  }

  #share(before: number, after: number, read: number): void {
    const { session } = this.#accesses;
    if (session[before] !== session[after] || before > after)
      this.#agreement.add(before, after, read);
  }

  #isPossible(): boolean {
    return this.#saturate() === NONE && this.#graph().isAcyclic();
  }

  #violation(): Violation | undefined {
    const session = this.#saturate();
    if (session !== NONE) {
      const account = new Account(this.#accesses, this.#outline, pramRules, session);
      return account.violation(TYPE, this.#view, this.#agreement);
    }
    const graph = this.#graph();
    const cycle = graph.shortCycle();
    if (cycle === undefined) return undefined;
    const path = stepsOf(this.#accesses, linksOf(graph.edges, cycle));
    const accesses = accessesOf(path);
    for (const edge of cycle) {
      const read = graph.edges.because[edge]!;
      if (read !== NONE) accesses.add(read);
    }
    return { type: TYPE, path, accesses: [...accesses].sort((a, b) => a - b) };
  }

  /** Sessions' writes and the shared orders. */
  #graph(): Graph {
    this.#stepsOfGuesses += GRAPH_STEPS * (this.#accesses.size + this.#agreement.count);
    const edges: Edges = keptEdges(this.#accesses, this.#outline, pramRules, NONE);
    this.#agreement.addTo(edges);
    return new Graph(2 * this.#accesses.size, edges);
  }

  #searched(): Violation {
    const { size, kind } = this.#accesses;
    const all = Array.from({ length: size }, (_, a) => a);
    const accesses = all.filter((a) => isRead(kind[a]!) || isWrite(kind[a]!));
    return { type: TYPE, path: [], accesses };
  }

  /** Takes a pair that only the completion ordered, first the other way round. */
  #choose(choices: Choice[], orders: Agreement, failed: number): void {
    const [before, after] = this.#guessed(orders, failed);
    choices.push({ agreed: this.#agreement.count, before, after });
    this.#agreement.add(after, before);
  }

  #guessed(orders: Agreement, failed: number): [number, number] {
    const view = new View(this.#accesses, this.#outline, pramRules, orders);
    view.exists(failed);
    const account = new Account(this.#accesses, this.#outline, pramRules, failed);
    const { path } = account.violation(TYPE, view, orders);
    const reaches = this.#graph();
    const isOpen = (before: number, after: number): boolean => {
      this.#stepsOfGuesses += GRAPH_STEPS * this.#accesses.size;
      return reaches.shortPath(before, after) === undefined;
    };
    for (const { from, to, relation } of path)
      if (relation === "overwrites" && orders.has(from, to) && isOpen(from, to)) return [from, to];
    for (let pair = 0; pair < orders.count; pair++) {
      const before = orders.before(pair);
      const after = orders.after(pair);
      if (isOpen(before, after)) return [before, after];
    }
    throw new HarnessError("complete orders that views agreed upon were refuted");
  }
}
