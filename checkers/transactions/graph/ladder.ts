/**
 * Which class of cycle each component of a residue has, the worst first, and a witness of it.
 *
 * The rungs of the ladder are G0, G1c, G-single-item, G-nonadjacent-item and G2-item over data; then
 * the same with edges of processes; then with real time. Whatever a rung finds leaves the ladder, so
 * on each rung a component has no cycle of a worse class that is forbidden. Hence on a rung that
 * adds an order every forbidden cycle uses it, and on the rung of real time all else is acyclic.
 *
 * Every rung but one is decided in linear time: by the strongly connected components of the class's
 * automaton, or for real time by `reachesBack`. The one for a single rw edge is decided by
 * `findOneRw`, unless its budget ends; then the component falls to the next rung, whose cycles it
 * certainly has.
 *
 * Beside the worst class a component may have others that it does not imply: see `incomparable`.
 */

import type { CycleForm, RelationOrder } from "../dependencies.js";
import { type Automaton, kindsOf, nonadjacentOf, singleOf, wholeOf } from "./automaton.js";
import { type Components, strongComponents } from "./components.js";
import { contradictedEdge, reachesBack } from "./earliest.js";
import { besideWorst, COMPARED_MAX } from "./incomparable.js";
import { findOneRw, HAS_ONE_RW, UNDECIDED } from "./one-rw.js";
import { Parts } from "./part.js";
import { NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import { automatonOf, LEVELS, NONADJACENT, RUNGS, SINGLE } from "./rungs.js";
import { CycleSearch, type Target } from "./search.js";
import { StateGraph } from "./states.js";
import { Steps } from "./steps.js";
import { isNonadjacent, type Link, simplify } from "./walk.js";

const OPEN = 0xff;

export interface Climb {
  /**
   * Of each class, from as many components as were asked for: the worst cycle of a component and one
   * of each further class that nothing in it implies. Where these were not looked for, one that real
   * time closes of two transactions, if any, if the worst has more.
   */
  walks: (readonly Link[])[];
  /** By component: whether a forbidden cycle was found. */
  isAffected: Uint8Array;
  /** Components of which the budget left open whether they have a forbidden cycle. */
  undecided: number;
}

export interface ClimbBudget {
  /** For deciding on single rw edges; for shortest cycles; for further classes. */
  deciding: Steps;
  searching: Steps;
  comparing: Steps;
  /** Of one class; beside the worst one of each component there are others if `isAll`. */
  walksMax: number;
  isAll: boolean;
}

export function climb(
  residue: Residue,
  form: CycleForm,
  order: RelationOrder,
  budget: ClimbBudget,
): Climb {
  const ladder = new Ladder(residue, form, order, budget);
  ladder.level("data");
  if (order !== "data") ladder.level("process");
  if (order === "realtime") ladder.realtime();
  if (budget.isAll) ladder.beside();
  return ladder.end();
}

class Ladder {
  readonly #walks: (readonly Link[])[] = [];
  /** By walk: its component. */
  readonly #shown: number[] = [];
  readonly #rungs: readonly number[];
  /** By class: how many. */
  readonly #count = new Map<number, number>();
  /** By component: the class found, or OPEN, and on which of `LEVELS`. */
  readonly #found: Uint8Array;
  readonly #level: Uint8Array;
  readonly #isUndecided: Uint8Array;

  constructor(
    private readonly residue: Residue,
    private readonly form: CycleForm,
    private readonly order: RelationOrder,
    private readonly budget: ClimbBudget,
  ) {
    this.#rungs = RUNGS[form];
    this.#found = new Uint8Array(residue.components).fill(OPEN);
    this.#level = new Uint8Array(residue.components);
    this.#isUndecided = new Uint8Array(residue.components);
  }

  end(): Climb {
    const isAffected = this.#found.map((found) => (found === OPEN ? 0 : 1));
    let undecided = 0;
    isAffected.forEach((affected, c) => {
      if (affected === 0) undecided += this.#isUndecided[c]!;
    });
    return { walks: this.#walks, isAffected, undecided };
  }

  /** All rungs that one order adds to; that of processes includes data. */
  level(order: "data" | "process"): void {
    const whole = this.#componentsOf(wholeOf(this.form), order);
    if (whole.count === 0) return;
    for (const rung of this.#rungs) {
      if (rung === SINGLE) this.#single(order);
      else this.#rung(rung, order);
    }
  }

  realtime(): void {
    for (const rung of this.#rungs) {
      const automaton = automatonOf(rung, this.form);
      const states = this.#componentsOf(automaton, "data");
      const late = reachesBack(this.residue, automaton, states.sequence);
      this.#settle(rung, (t) => late[t] === 1, {
        automaton,
        order: "data",
        closing: "realtime",
        anchored: true,
      });
    }
  }

  #componentsOf(automaton: Automaton, order: "data" | "process"): Components {
    const { nodes, component } = this.residue;
    const { shift } = automaton;
    const isRoot = new Uint8Array(nodes << shift);
    for (let v = 0; v < nodes; v++)
      if (this.#found[component[v]!] === OPEN) isRoot.fill(1, v << shift, (v + 1) << shift);
    return strongComponents(new StateGraph(this.residue, automaton, order), isRoot);
  }

  #rung(rung: number, order: "data" | "process"): void {
    const automaton = automatonOf(rung, this.form);
    const { of, count } = this.#componentsOf(automaton, order);
    if (count === 0) return;
    const states = 1 << automaton.shift;
    const isOn = (t: number): boolean => {
      for (let q = 0; q < states; q++) if (of[(t << automaton.shift) | q] !== NONE) return true;
      return false;
    };
    this.#settle(rung, isOn, { automaton, order, closing: "edge", anchored: false, group: of });
  }

  #single(order: "data" | "process"): void {
    const walks = nonadjacentOf(this.form);
    const around = this.#componentsOf(walks, order);
    if (around.count === 0) return;
    const { component } = this.residue;
    const { tails, candidates, verdict } = findOneRw(
      this.residue,
      walks,
      around,
      order,
      this.budget.deciding,
    );
    this.#settle(
      SINGLE,
      (t) => verdict[component[t]!] === HAS_ONE_RW && candidates[t] === 1,
      { automaton: singleOf(this.form), order, closing: "edge", anchored: true },
      (t) => tails[t] === 1,
    );
    verdict.forEach((v, c) => {
      if (v === UNDECIDED) this.#isUndecided[c] = 1;
    });
  }

  /**
   * Takes the components off the ladder that have a start, and looks for their cycles. From a certain
   * start there is a cycle; without being told every start is certain.
   */
  #settle(
    rung: number,
    isStart: (t: number) => boolean,
    target: Target,
    isCertain: (t: number) => boolean = isStart,
  ): void {
    const { residue, budget } = this;
    let search: CycleSearch | undefined;
    for (let c = 0; c < residue.components; c++) {
      if (this.#found[c] !== OPEN) continue;
      const members = membersOf(residue, c);
      if (!members.some(isStart)) continue;
      const level = LEVELS.indexOf(target.closing === "edge" ? target.order : "realtime");
      this.#found[c] = rung;
      this.#level[c] = level;
      if (this.#isEnough(rung, level)) continue;
      search ??= new CycleSearch(residue, target, budget.searching);
      const walk = search.shortest(members.filter(isStart), members.find(isCertain) ?? NONE);
      if (walk === undefined) continue;
      this.#show(c, rung, level, this.#simple(rung, walk));
    }
  }

  #isEnough(rung: number, level: number): boolean {
    return (this.#count.get(LEVELS.length * rung + level) ?? 0) >= this.budget.walksMax;
  }

  #show(c: number, rung: number, level: number, walk: readonly Link[]): void {
    const name = LEVELS.length * rung + level;
    this.#count.set(name, (this.#count.get(name) ?? 0) + 1);
    this.#walks.push(walk);
    this.#shown.push(c);
  }

  /** What else there is in the components. One of them may spend a part of the budget only. */
  beside(): void {
    const { residue, budget } = this;
    const { comparing } = budget;
    const parts = new Parts(residue);
    const isCompared = new Uint8Array(residue.components);
    const shown = this.#shown.length;
    for (let c = 0; c < residue.components; c++) {
      const rung = this.#found[c]!;
      const size = residue.memberStart[c + 1]! - residue.memberStart[c]!;
      if (rung === OPEN || this.#isUndecided[c] === 1 || size > COMPARED_MAX) continue;
      const steps = new Steps(Math.min(comparing.limit >> 2, comparing.limit - comparing.spent));
      const worst = { rung, level: this.#level[c]! };
      const all = besideWorst(residue, parts, c, this.form, this.order, worst, steps);
      comparing.spent += steps.spent;
      isCompared[c] = all.isWhole ? 1 : 0;
      for (const other of all.found) {
        if (this.#isEnough(other.rung, other.level)) continue;
        this.#show(c, other.rung, other.level, other.walk);
      }
    }
    if (this.order === "realtime") this.#plainer(shown, isCompared);
  }

  /** What real time alone shows of components whose cycle takes more than two transactions. */
  #plainer(shown: number, isCompared: Uint8Array): void {
    const { residue, budget } = this;
    const kinds = kindsOf(this.form);
    this.#shown.slice(0, shown).forEach((c, i) => {
      if (isCompared[c] === 1 || this.#walks[i]!.length <= 2) return;
      const members = membersOf(residue, c);
      const walk = contradictedEdge(residue, members, kinds, budget.searching);
      if (walk !== undefined) this.#walks.push(walk);
    });
  }

  #simple(rung: number, walk: readonly Link[]): readonly Link[] {
    if (rung !== NONADJACENT) return walk;
    return simplify(walk, (part) => isNonadjacent(part, this.form === "prefix"));
  }
}

function membersOf(residue: Residue, c: number): Int32Array {
  return residue.members.subarray(residue.memberStart[c]!, residue.memberStart[c + 1]!);
}
