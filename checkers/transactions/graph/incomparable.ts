/**
 * The classes of cycles that a component has beside its worst, as far as none of its other classes
 * implies them: the minimal ones in the order that `rungs` describes. A class is asked for only when
 * nothing that implies it was found, so any cycle whose edges it allows is one of it: where no cycle
 * of data has a single rw edge, one with edges of processes has such an edge, and so on.
 *
 * Linear where there can be no such cycle, by the strongly connected components of its walks. Else a
 * simple cycle is searched for, within a budget of steps; exact while that lasts.
 */

import type { CycleForm, RelationOrder } from "../dependencies.js";
import { edgeKinds } from "../dependencies.js";
import { anyEdges, fromRwOf, nonadjacentOf } from "./automaton.js";
import { type Components, strongComponents } from "./components.js";
import type { Parts } from "./part.js";
import { linksOutside } from "./part.js";
import { NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import { automatonOf, FAMILIES, familyOf, G2, LEVELS, RUNGS, SINGLE } from "./rungs.js";
import { type Behind, behind, ShortestSimple } from "./shortest-simple.js";
import { StateGraph } from "./states.js";
import type { Steps } from "./steps.js";
import type { Link } from "./walk.js";

/** The place of a class in its family, at one of `LEVELS`. */
export interface Standing {
  rung: number;
  level: number;
}

export interface Beside extends Standing {
  walk: readonly Link[];
}

/** In larger components only the worst class is looked for. */
export const COMPARED_MAX = 2_000;

/** `isWhole`: nothing is missing. */
export function besideWorst(
  residue: Residue,
  parts: Parts,
  c: number,
  form: CycleForm,
  order: RelationOrder,
  worst: Standing,
  steps: Steps,
): { found: Beside[]; isWhole: boolean } {
  const members = residue.members.subarray(residue.memberStart[c]!, residue.memberStart[c + 1]!);
  const found: Beside[] = [];
  const levels = levelsOf(residue, members, order).filter((level) => level >= worst.level);
  const best = FAMILIES.map(() => Number.POSITIVE_INFINITY);
  best[familyOf(worst.rung)] = worst.rung;
  let question: Question | undefined;
  for (const level of levels) {
    for (const [family, rungs] of FAMILIES.entries()) {
      // The worst class comes before all that is left at its level, but for the other family.
      if (level === worst.level && family <= familyOf(worst.rung)) continue;
      const left = rungs.filter((rung) => RUNGS[form].includes(rung) && rung < best[family]!);
      if (left.length === 0) continue;
      question ??= new Question(parts.cut(c), form, steps);
      // The mildest class with all orders has the walks of the others, too.
      if (question.starts(left.at(-1)!, levels.at(-1)!).length === 0) continue;
      for (const rung of left) {
        const walk = question.ask(rung, level);
        if (walk === "unknown") return { found, isWhole: false };
        if (walk === undefined) continue;
        best[family] = rung;
        found.push({ rung, level, walk });
        break;
      }
    }
  }
  return { found, isWhole: true };
}

/** The levels at which these transactions are ordered any further. */
function levelsOf(residue: Residue, members: Int32Array, order: RelationOrder): number[] {
  const { begin, end, next } = residue;
  const levels = [0];
  if (order === "data") return levels;
  if (members.some((t) => next[t] !== NONE)) levels.push(1);
  if (order === "process") return levels;
  const latest = begin[members[members.length - 1]!]!;
  if (members.some((t) => end[t]! <= latest)) levels.push(2);
  return levels;
}

class Question {
  readonly #walks = new Map<string, Components>();
  #behind: Behind | undefined;

  constructor(
    private readonly part: Residue,
    private readonly form: CycleForm,
    private readonly steps: Steps,
  ) {}

  ask(rung: number, level: number): readonly Link[] | "unknown" | undefined {
    const starts = this.starts(rung, level);
    if (starts.length === 0) return undefined;
    const { single, nonadjacent, all } = fromRwOf(this.form);
    const automaton =
      familyOf(rung) === 0
        ? automatonOf(rung, this.form)
        : rung === SINGLE
          ? single
          : rung === G2
            ? all
            : nonadjacent;
    this.#behind ??= behind(this.part);
    const search = new ShortestSimple(
      this.part,
      this.#behind,
      automaton,
      LEVELS[level]!,
      this.steps,
    );
    const walk = search.find(starts);
    return typeof walk === "object" ? linksOutside(this.part, walk) : walk;
  }

  /** All transactions from which such a cycle can be told, if there is one. */
  starts(rung: number, level: number): readonly number[] {
    return familyOf(rung) === 0 ? this.#around(rung, level) : this.#tails(rung, level);
  }

  #around(rung: number, level: number): number[] {
    const { of } = this.#components(rung, level);
    return [...this.part.members].filter((t) => of[t] !== NONE);
  }

  /** Those with an rw edge between states of one component. */
  #tails(rung: number, level: number): number[] {
    const { start, target, kind, members } = this.part;
    const isAny = rung === G2;
    const { shift } = isAny ? anyEdges : nonadjacentOf(this.form);
    const { of } = this.#components(isAny ? G2 : SINGLE, level);
    const landing = (1 << shift) - 1;
    return [...members].filter((a) => {
      const around = of[a << shift]!;
      if (around === NONE) return false;
      for (let e = start[a]!; e < start[a + 1]!; e++)
        if (kind[e] === edgeKinds.rw && of[(target[e]! << shift) | landing] === around) return true;
      return false;
    });
  }

  /** Of closed walks; those with a single rw edge lie within those without adjacent ones. */
  #components(rung: number, level: number): Components {
    const name = `${rung} ${level}`;
    const known = this.#walks.get(name);
    if (known !== undefined) return known;
    const automaton = rung === SINGLE ? nonadjacentOf(this.form) : automatonOf(rung, this.form);
    const isRoot = new Uint8Array(this.part.nodes << automaton.shift).fill(1);
    const graph = new StateGraph(this.part, automaton, LEVELS[level]!);
    const components = strongComponents(graph, isRoot);
    this.#walks.set(name, components);
    return components;
  }
}
