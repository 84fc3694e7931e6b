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
 */

import { type CycleForm, edgeKinds, type RelationOrder } from "../dependencies.js";
import {
  type Automaton,
  anyEdges,
  kindsOf,
  nonadjacentOf,
  only,
  singleOf,
  wholeOf,
} from "./automaton.js";
import { type Components, strongComponents } from "./components.js";
import { contradictedEdge, reachesBack } from "./earliest.js";
import { findOneRw, HAS_ONE_RW, UNDECIDED } from "./one-rw.js";
import { NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import { CycleSearch, type Target } from "./search.js";
import { StateGraph } from "./states.js";
import type { Steps } from "./steps.js";
import { isNonadjacent, type Link, simplify } from "./walk.js";

/** Places in `CLASSES`. */
const G0 = 0;
const G1C = 1;
const SINGLE = 2;
const NONADJACENT = 3;
const G2 = 4;

/** The classes that a form forbids. */
const RUNGS: Record<CycleForm, readonly number[]> = {
  ww: [G0],
  "ww-wr": [G0, G1C],
  "one-rw": [G0, G1C, SINGLE],
  prefix: [G0, G1C, SINGLE, NONADJACENT],
  snapshot: [G0, G1C, SINGLE, NONADJACENT],
  any: [G0, G1C, SINGLE, NONADJACENT, G2],
};

const OPEN = 0xff;

export interface Climb {
  /**
   * Of as many components as were asked for, those of the worst classes: the worst cycle; and if it
   * has more than two transactions and real time counts, one of two that real time closes, if any.
   */
  walks: (readonly Link[])[];
  /** By component: whether a forbidden cycle was found. */
  isAffected: Uint8Array;
  /** Components of which the budget left open whether they have a forbidden cycle. */
  undecided: number;
}

export interface ClimbBudget {
  /** For deciding on single rw edges; for shortest cycles. */
  deciding: Steps;
  searching: Steps;
  walksMax: number;
}

export function climb(
  residue: Residue,
  form: CycleForm,
  order: RelationOrder,
  budget: ClimbBudget,
): Climb {
  const ladder = new Ladder(residue, form, budget);
  ladder.level("data");
  if (order !== "data") ladder.level("process");
  if (order === "realtime") ladder.realtime();
  return ladder.end();
}

class Ladder {
  readonly #walks: (readonly Link[])[] = [];
  /** By walk: its component. */
  readonly #shown: number[] = [];
  readonly #rungs: readonly number[];
  /** By component: the class found, or OPEN. */
  readonly #found: Uint8Array;
  readonly #isUndecided: Uint8Array;

  constructor(
    private readonly residue: Residue,
    private readonly form: CycleForm,
    private readonly budget: ClimbBudget,
  ) {
    this.#rungs = RUNGS[form];
    this.#found = new Uint8Array(residue.components).fill(OPEN);
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
      const automaton = this.#automatonOf(rung);
      const states = this.#componentsOf(automaton, "data");
      const late = reachesBack(this.residue, automaton, states.sequence);
      this.#settle(rung, (t) => late[t] === 1, {
        automaton,
        order: "data",
        closing: "realtime",
        anchored: true,
      });
    }
    this.#plainer();
  }

  #automatonOf(rung: number): Automaton {
    if (rung === G0) return only(edgeKinds.ww);
    if (rung === G1C) return only(edgeKinds.ww | edgeKinds.wr);
    if (rung === SINGLE) return singleOf(this.form);
    return rung === G2 ? anyEdges : nonadjacentOf(this.form);
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
    const automaton = this.#automatonOf(rung);
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
      this.#found[c] = rung;
      if (this.#walks.length >= budget.walksMax) continue;
      search ??= new CycleSearch(residue, target, budget.searching);
      const walk = search.shortest(members.filter(isStart), members.find(isCertain) ?? NONE);
      if (walk === undefined) continue;
      this.#walks.push(this.#simple(rung, walk));
      this.#shown.push(c);
    }
  }

  /** What real time alone shows of components whose cycle takes more than two transactions. */
  #plainer(): void {
    const { residue, budget } = this;
    const kinds = kindsOf(this.form);
    this.#shown.forEach((c, i) => {
      if (this.#walks[i]!.length <= 2) return;
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
