/**
 * The smallest story that still cannot be explained: delta debugging (Zeller & Hildebrandt 2002)
 * over the units of evidence.ts.
 *
 * The result is closed under reads-from (who found a value is kept with whoever may have put it
 * there, so that it proves the failure of the whole), fails under the same name, and is minimal:
 * each unit that is left was taken out on trial, with everything that depends on it, and the judge
 * then found no failure or another one. (What depends on what is worked out anew for what is left:
 * each step keeps a linearizable history linearizable, and so do all together.) Chunks of units leave first, half of them, a quarter and so
 * on: with k units left of n about 2 k log(n / k) judgements, each of a smaller history.
 */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { EvidenceOf } from "./evidence.js";
import { evidenceOf } from "./evidence-types.js";
import { type Node, nodesOf } from "./nodes.js";
import { SubHistory } from "./sub-history.js";

/** The name of a history's anomaly; undefined when it is linearizable, or undecided. */
export type Judge = (operations: readonly Operation[]) => string | undefined;

export interface MinimizeOptions {
  /** The object's type: register, queue … */
  type: string;
  init?: Json;
  judge: Judge;
  /** The anomaly to keep; the judge is asked when left out. */
  anomaly?: string;
  /** Positions of invocations that are probably enough, such as an anomaly's `ops`: tried first. */
  likely?: readonly number[];
  /**
   * Bounds the effort: every trial costs as many steps as there are operations left, and as many
   * again as it leaves to the judge. The default is four million and 64 per operation.
   */
  stepsMax?: number;
  /** For types of the user's own; that of the type's name when left out. */
  evidence?: EvidenceOf;
}

export interface MinimalHistory {
  operations: Operation[];
  /** Undefined when the judge found nothing wrong with the history; then nothing was taken out. */
  anomaly: string | undefined;
  /** False when `stepsMax` was spent before every unit had been tried on the result. */
  minimal: boolean;
  /** How often the judge was asked, and how many operations it judged in all. */
  judgements: number;
  judged: number;
}

/**
 * `operations` are those of one object in order of invocation, best cut after the breaking return
 * (see `prefixUntil`). They are not copied: the result holds the same objects.
 */
export function minimize(
  operations: readonly Operation[],
  options: MinimizeOptions,
): MinimalHistory {
  return new Minimization(operations, options).run();
}

class Minimization {
  #current: SubHistory;
  #anomaly: string | undefined;
  #judgements = 0;
  #judged = 0;
  #stepsLeft: number;
  readonly #options: MinimizeOptions;

  constructor(operations: readonly Operation[], options: MinimizeOptions) {
    this.#options = options;
    this.#stepsLeft = options.stepsMax ?? 4_000_000 + 64 * operations.length;
    this.#current = this.#weigh(operations);
    this.#anomaly = options.anomaly;
  }

  #weigh(operations: readonly Operation[]): SubHistory {
    const { type, init = null, evidence = evidenceOf(type) } = this.#options;
    const { nodes, initial } = nodesOf(operations, init, evidence);
    return new SubHistory(nodes, initial);
  }

  run(): MinimalHistory {
    this.#anomaly ??= this.#judge(this.#current.nodes);
    if (this.#anomaly !== undefined) {
      this.#tryLikely();
      this.#halve(true);
      this.#halve(false);
      do this.#current = this.#weigh(this.#current.operations);
      while (this.#sweep(1, false));
    }
    return {
      operations: this.#current.operations,
      anomaly: this.#anomaly,
      minimal: this.#anomaly !== undefined && this.#stepsLeft > 0,
      judgements: this.#judgements,
      judged: this.#judged,
    };
  }

  #tryLikely(): void {
    const likely = new Set(this.#options.likely);
    if (likely.size === 0) return;
    const candidate = this.#current.supporting(({ invoked }) => likely.has(invoked));
    this.#accept(candidate);
  }

  /** Takes out ever smaller chunks; `pure` ones first, since nothing else leaves with those. */
  #halve(pure: boolean): void {
    let size = this.#current.units(pure).length;
    while (size > 1) {
      size = Math.ceil(size / 2);
      this.#sweep(size, pure);
    }
  }

  /** Tries to take out each chunk of that many units; true when any left. */
  #sweep(size: number, pure: boolean): boolean {
    let units = this.#current.units(pure);
    let changed = false;
    for (let at = 0; at < units.length && this.#stepsLeft > 0; ) {
      this.#stepsLeft -= this.#current.nodes.length;
      const candidate = this.#current.without(units.slice(at, at + size));
      if (!this.#accept(candidate)) {
        at += size;
        continue;
      }
      changed = true;
      const isLeft = (unit: number): boolean => this.#current.has(unit);
      at = units.slice(0, at).filter(isLeft).length;
      units = units.filter(isLeft);
    }
    return changed;
  }

  #accept(candidate: readonly Node[] | undefined): boolean {
    if (candidate === undefined || this.#judge(candidate) !== this.#anomaly) return false;
    this.#current = new SubHistory(candidate, this.#current.initial);
    return true;
  }

  #judge(nodes: readonly Node[]): string | undefined {
    // Operations that are legal in every state are linearizable in any order.
    if (!nodes.some(({ testifies }) => testifies)) return undefined;
    this.#judgements += 1;
    this.#judged += nodes.length;
    this.#stepsLeft -= nodes.length;
    return this.#options.judge(nodes.map(({ operation }) => operation));
  }
}
