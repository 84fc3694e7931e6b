/**
 * Why there is no view, in the words of the contract: a short cycle in what has to come before what,
 * with reads that a replaced value forces before its replacement. Only for violations already found;
 * O(accesses + derived edges) but for the search for a short cycle, which is bounded.
 */

import { type Accesses, INITIAL, isRead, isWrite, kinds, THIN_AIR } from "../accesses.js";
import type { Step, Violation } from "../decision.js";
import type { Agreement } from "./agreement.js";
import {
  type Edges,
  Graph,
  NONE,
  OVERWRITES,
  READS_FROM,
  REPLACED,
  relations,
  SESSION,
  Search,
} from "./graph.js";
import { isOneElement, keptEdges } from "./kept.js";
import type { Outline } from "./outline.js";
import type { ViewRules } from "./rules.js";
import type { View } from "./view.js";

export function thinAir(accesses: Accesses): Violation | undefined {
  const access = accesses.source.indexOf(THIN_AIR);
  return access < 0 ? undefined : { type: "ThinAirRead", path: [], accesses: [access] };
}

/** A read of what its own session writes only later. */
export function ownFuture(accesses: Accesses, type: string): Violation | undefined {
  const { source, session, size } = accesses;
  for (let a = 0; a < size; a++) {
    const write = source[a]!;
    if (write < a || session[write] !== session[a]) continue;
    const path: Step[] = [{ from: write, to: a, relation: "reads-from" }];
    if (write !== a) path.push({ from: a, to: write, relation: "session" });
    return { type, path, accesses: [a, write], view: session[a]! };
  }
  return undefined;
}

/** An edge between nodes that stand for the accesses `node % size`; `relation` as in Edges. */
export interface Link {
  from: number;
  to: number;
  relation: number;
}

export function linksOf(edges: Edges, walk: readonly number[]): Link[] {
  return walk.map((edge) => ({
    from: edges.from[edge]!,
    to: edges.to[edge]!,
    relation: edges.relation[edge]!,
  }));
}

/** The steps of a walk, closed or not: several of one session in a row are one. */
export function stepsOf(accesses: Accesses, walk: readonly Link[]): Step[] {
  const steps: Step[] = [];
  for (const link of walk) {
    const from = link.from % accesses.size;
    const to = link.to % accesses.size;
    if (from === to) continue;
    const relation = relations[link.relation]!;
    const last = steps.at(-1);
    if (last?.relation === "session" && relation === "session") last.to = to;
    else steps.push({ from, to, relation });
  }
  const [first, last] = [steps[0], steps.at(-1)];
  const isClosed = steps.length > 2 && last!.to === first!.from;
  if (isClosed && first!.relation === "session" && last!.relation === "session") {
    first!.from = last!.from;
    steps.pop();
  }
  return steps;
}

export function accessesOf(path: readonly Step[]): Set<number> {
  return new Set(path.flatMap((step) => [step.from, step.to]));
}

/** Two writes of a key in the order that a view needs, and an own read that is a reason. */
export interface Need {
  before: number;
  after: number;
  read: number;
}

/** What has to come before what in one view: nodes are writes, reads as sums of all before, reads. */
export class Account {
  readonly #accesses: Accesses;
  readonly #outline: Outline;
  readonly #rules: ViewRules;
  readonly #edges: Edges;
  readonly #session: number;

  constructor(accesses: Accesses, outline: Outline, rules: ViewRules, session: number) {
    this.#accesses = accesses;
    this.#outline = outline;
    this.#rules = rules;
    this.#session = session;
    this.#edges = keptEdges(accesses, outline, rules, session);
    for (let a = accesses.starts[session]!; a < accesses.starts[session + 1]!; a++) {
      if (isRead(accesses.kind[a]!)) this.#ownRead(a);
    }
  }

  /** The view is the one that was just found not to exist. */
  violation(type: string, view: View, agreement?: Agreement): Violation {
    const edges = this.#edges;
    if (agreement !== undefined) this.#follow(agreement);
    let graph = new Graph(3 * this.#accesses.size, edges);
    let cycle = graph.shortCycle();
    if (cycle === undefined) {
      this.#derive(view);
      graph = new Graph(3 * this.#accesses.size, edges);
      cycle = graph.shortCycle() ?? [];
    }
    const path = stepsOf(this.#accesses, linksOf(edges, cycle));
    const accesses = accessesOf(path);
    this.#reasons(graph, cycle, accesses);
    return { type, path, accesses: [...accesses].sort((a, b) => a - b), view: this.#session };
  }

  /**
   * Pairs of writes of one key in the order that the view needs, which was just found to exist; or
   * undefined where it cannot follow the agreement, because of what its reads come before. O(n²).
   */
  needs(view: View, agreement: Agreement): Need[] | undefined {
    this.#follow(agreement);
    this.#derive(view);
    const { size, kind, key } = this.#accesses;
    const graph = new Graph(3 * size, this.#edges);
    if (!graph.isAcyclic()) return undefined;
    const search = new Search(graph.nodes);
    const needs: Need[] = [];
    for (let before = 0; before < size; before++) {
      if (!isWrite(kind[before]!)) continue;
      graph.eachReached(before, search, (after) => {
        if (after >= size || key[after] !== key[before] || agreement.has(before, after)) return;
        needs.push({ before, after, read: this.#readBetween(search, before, after) });
      });
    }
    return needs;
  }

  /** An own read on the path just found, NONE without one. */
  #readBetween(search: Search, before: number, after: number): number {
    const { size } = this.#accesses;
    let read = NONE;
    for (let node = after; node !== before; node = this.#edges.from[search.via[node]!]!) {
      if (node >= 2 * size || this.#isOneElement(node % size)) read = node % size;
    }
    return read;
  }

  #derive(view: View): void {
    view.derived((before, after, read) => this.#edges.add(before, after, OVERWRITES, read));
  }

  /** What is agreed upon, and that own reads come before what is agreed to replace their source. */
  #follow(agreement: Agreement): void {
    const { kind, source, starts } = this.#accesses;
    agreement.addTo(this.#edges);
    const readsOf = new Map<number, number[]>();
    for (let a = starts[this.#session]!; a < starts[this.#session + 1]!; a++) {
      if (!isRead(kind[a]!) || source[a]! < 0) continue;
      const reads = readsOf.get(source[a]!);
      if (reads === undefined) readsOf.set(source[a]!, [a]);
      else reads.push(a);
    }
    for (let pair = 0; pair < agreement.count; pair++) {
      const after = agreement.after(pair);
      for (const read of readsOf.get(agreement.before(pair)) ?? []) {
        if (after !== read)
          this.#edges.add(this.#node(read), after, REPLACED, agreement.because(pair));
      }
    }
  }

  /** Derived edges hold because the earlier write is before a read of the later one. */
  #reasons(graph: Graph, cycle: readonly number[], accesses: Set<number>): void {
    const edges = this.#edges;
    const open = cycle.filter((edge) => edges.because[edge] !== NONE);
    const seen = new Set(open);
    for (let next = 0; next < open.length && next < 50; next++) {
      const edge = open[next]!;
      accesses.add(edges.because[edge]!);
      const path = graph.shortPath(edges.from[edge]!, this.#node(edges.because[edge]!)) ?? [];
      for (const step of path) {
        accesses.add(edges.from[step]! % this.#accesses.size);
        accesses.add(edges.to[step]! % this.#accesses.size);
        if (edges.because[step] === NONE || seen.has(step)) continue;
        seen.add(step);
        open.push(step);
      }
    }
  }

  /** The node of an own read itself. */
  #node(read: number): number {
    return this.#isOneElement(read) ? read : 2 * this.#accesses.size + read;
  }

  #isOneElement(access: number): boolean {
    return isOneElement(this.#accesses, this.#rules, this.#session, access);
  }

  #ownRead(read: number): void {
    const { size, source, key, starts } = this.#accesses;
    const { previousRead, previousOfKey, runStarts, runFrom, keyWrites } = this.#outline;
    const edges = this.#edges;
    const node = this.#node(read);
    edges.add(node, size + read, SESSION);
    const previous = previousRead[read]!;
    if (this.#rules.monotonicReads && previous !== NONE)
      edges.add(this.#node(previous), node, SESSION);
    if (this.#rules.readYourWrites) this.#ownWritesBefore(read, node, starts[this.#session]!);
    const write = source[read]!;
    if (write >= 0) edges.add(write, node, READS_FROM);
    const x = key[read]!;
    for (let run = runStarts[x]!; run < runStarts[x + 1]!; run++) {
      for (let i = runFrom[run]!; i < runFrom[run + 1]!; i++) {
        const other = keyWrites[i]!;
        if (other === read) continue;
        const isReplacement =
          write === INITIAL ? i === runFrom[run] : previousOfKey[other] === write;
        if (isReplacement) edges.add(node, other, REPLACED);
      }
    }
  }

  /** The own writes of the last block of writes before a read. */
  #ownWritesBefore(read: number, node: number, first: number): void {
    const { kind } = this.#accesses;
    let a = read - 1;
    while (a >= first && !isWrite(kind[a]!)) a--;
    for (; a >= first && kind[a] !== kinds.read; a--) {
      if (isWrite(kind[a]!)) this.#edges.add(a, node, SESSION);
      if (kind[a] === kinds.update) break;
    }
  }
}
