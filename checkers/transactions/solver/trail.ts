/**
 * Choices among orders of versions, and what is learnt when they contradict: for every choice that
 * is not free it is known why the other way is closed. A refutation is a tree of cases with a
 * cycle at every leaf, and the earlier choices on which its cycles rest; going back skips those on
 * which none does (conflict-directed backjumping, Prosser 1993), which keeps the tree free of
 * them.
 */

import { assert } from "../../../src/base/errors.js";
import type { CaseTree } from "../dependencies.js";
import { edgeKinds } from "../dependencies.js";
import { choiceCause } from "./choices.js";
import { cycleOf } from "./event-cycles.js";
import { commitOf, type EventGraph, snapshotOf, wwTarget } from "./event-graph.js";
import { type IncrementalOrder, NO_CHOICE, type PathEdge } from "./incremental-order.js";
import type { OpenVersions } from "./open-versions.js";

export interface Refutation {
  tree: CaseTree;
  /** The numbers of the choices that it takes for granted. */
  uses: ReadonlySet<number>;
}

/**
 * A refutation that is worked out when it is needed: the second version cannot come first, because
 * this transaction reads it, or anyhow. By then everything added since is taken back again.
 */
export interface Reason {
  reader: number | undefined;
}

interface Choice {
  first: number;
  second: number;
  /** Why the second cannot come first; undefined when it was a guess. */
  because: Refutation | Reason | undefined;
  mark: number;
}

export class Trail {
  readonly #choices: Choice[] = [];
  readonly #numbers = new Map<number, number>();
  /** How many of the first choices are no guesses: those follow from the history alone. */
  #settled = 0;
  /** The numbers of the guesses among the choices. */
  readonly #guesses: number[] = [];
  conflicts = 0;

  constructor(
    readonly events: EventGraph,
    readonly order: IncrementalOrder,
    readonly versions: OpenVersions,
    readonly moved: (node: number) => void,
  ) {}

  /** The number of the choice that one version precedes another. */
  numberOf(first: number, second: number): number | undefined {
    return this.#numbers.get(first * this.versions.writer.length + second);
  }

  get length(): number {
    return this.#choices.length;
  }

  /** At least so many pairs of versions have an order that follows from the history alone. */
  get settled(): number {
    return this.#settled;
  }

  get guesses(): number {
    return this.#guesses.length;
  }

  /** Whether one version cannot precede another, given that this transaction reads the first. */
  isClosed(first: number, second: number, reader?: number): boolean {
    const ww = this.#ww(first, second, NO_CHOICE);
    if (ww.from === ww.to || this.order.reaches(ww.to, ww.from)) return true;
    if (reader === undefined) return false;
    const rw = this.#rw(reader, second, NO_CHOICE);
    return this.order.reaches(rw.to, rw.from);
  }

  /** Why one version cannot precede another, given that this transaction reads the first. */
  refute(first: number, second: number, reader?: number): Refutation | undefined {
    const ww = this.#ww(first, second, NO_CHOICE);
    if (this.order.reaches(ww.to, ww.from) || ww.from === ww.to) return this.#leaf(ww);
    if (reader === undefined) return undefined;
    const rw = this.#rw(reader, second, NO_CHOICE);
    return this.order.reaches(rw.to, rw.from) ? this.#leaf(rw) : undefined;
  }

  /** Both ways are closed. */
  contradiction(
    first: number,
    second: number,
    ways: readonly [Refutation, Refutation],
  ): Refutation {
    const { writer, open, keyOf } = this.versions;
    return {
      tree: {
        kind: "choice",
        key: open[keyOf[first]!]!.key,
        writers: [writer[first]!, writer[second]!],
        cases: [ways[0].tree, ways[1].tree],
      },
      uses: new Set([...ways[0].uses, ...ways[1].uses]),
    };
  }

  /** Puts one version before another; why not, when that closes a cycle. */
  choose(first: number, second: number, because?: Refutation | Reason): Refutation | undefined {
    const number = this.#choices.length;
    this.#choices.push({ first, second, because, mark: this.order.mark });
    this.#numbers.set(first * this.versions.writer.length + second, number);
    if (because === undefined) this.#guesses.push(number);
    else if (this.#guesses.length === 0) this.#settled = Math.max(this.#settled, number + 1);
    return this.#add(this.#ww(first, second, number));
  }

  /**
   * A choice also puts a reader of its first version before its second; why not, when that closes a
   * cycle.
   */
  precede(number: number, reader: number): Refutation | undefined {
    return this.#add(this.#rw(reader, this.#choices[number]!.second, number));
  }

  /**
   * Turns the latest guess round that a refutation rests on; the refutation of everything when
   * there is none. What is learnt so is kept as early as it holds: guesses that it does not need
   * are taken back, too, but the order of events, which respects them, stays as it is.
   */
  backjump(refutation: Refutation): Refutation | undefined {
    this.conflicts += 1;
    let failed = refutation;
    while (this.#choices.length > 0) {
      const { first, second, because } = this.#choices.at(-1)!;
      const number = this.#choices.length - 1;
      this.#pop();
      if (!failed.uses.has(number)) continue;
      const rest = { tree: failed.tree, uses: without(failed.uses, number) };
      if (because !== undefined) {
        const other = "tree" in because ? because : this.refute(second, first, because.reader);
        assert(other !== undefined, "what was impossible is still");
        failed = this.contradiction(first, second, [rest, other]);
        continue;
      }
      this.#forgetGuessesAfter(latest(rest.uses));
      const next = this.choose(second, first, rest);
      if (next === undefined) return undefined;
      failed = next;
    }
    return failed;
  }

  #forgetGuessesAfter(number: number): void {
    for (
      let last = this.#guesses.at(-1);
      last !== undefined && last > number;
      last = this.#guesses.at(-1)
    )
      while (this.#choices.length > last) this.#pop();
  }

  #pop(): void {
    const { first, second, mark } = this.#choices.pop()!;
    this.order.undo(mark);
    this.#numbers.delete(first * this.versions.writer.length + second);
    if (this.#guesses.at(-1) === this.#choices.length) this.#guesses.pop();
  }

  #add(edge: PathEdge): Refutation | undefined {
    if (this.order.add(edge, this.moved)) return undefined;
    return this.#leaf(edge);
  }

  /** The cycle that an edge closes. */
  #leaf(edge: PathEdge): Refutation {
    return this.leafOf([edge, ...(this.order.path(edge.to, edge.from) ?? [])]);
  }

  leafOf(path: readonly PathEdge[]): Refutation {
    const choices = path.flatMap(({ choice }) => (choice === NO_CHOICE ? [] : [choice]));
    return { tree: { kind: "cycle", cycle: cycleOf(this.events, path) }, uses: new Set(choices) };
  }

  #ww(first: number, second: number, choice: number): PathEdge {
    const { writer } = this.versions;
    return {
      from: commitOf(this.events, writer[first]!),
      to: wwTarget(this.events, writer[second]!),
      ...{ kind: edgeKinds.ww, cause: this.#cause(first), choice },
    };
  }

  #rw(reader: number, second: number, choice: number): PathEdge {
    return {
      from: snapshotOf(this.events, reader),
      to: commitOf(this.events, this.versions.writer[second]!),
      ...{ kind: edgeKinds.rw, cause: this.#cause(second), choice },
    };
  }

  #cause(version: number): number {
    const { open, keyOf } = this.versions;
    return choiceCause(open[keyOf[version]!]!.key);
  }
}

function without(numbers: ReadonlySet<number>, number: number): Set<number> {
  const rest = new Set(numbers);
  rest.delete(number);
  return rest;
}

function latest(numbers: ReadonlySet<number>): number {
  let last = -1;
  for (const number of numbers) last = Math.max(last, number);
  return last;
}
