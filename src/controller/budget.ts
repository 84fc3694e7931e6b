/**
 * How much may go wrong in a run: what a system promises to survive, as a budget that its plans keep
 * within. Beyond it a protocol owes nothing, and an anomaly proves nothing.
 *
 * Every system bears bad links, partitions, crashes with a sound disk, pauses, slowness, wrong wall
 * clocks and silent nodes. The rest is borne by those whose `survives` says so. What exceeds a count
 * is taken out, fault by fault in the order in which they begin, and the others stay as they are: a
 * fault that is left out shifts no draw. Where it is not known whom a fault will hit (whoever leads),
 * it counts as one more node. O(faults squared) where few nodes may be down, else O(faults).
 */

import type { Survives, System } from "../../systems/index.js";
import { majorityOf } from "../base/majority.js";
import {
  type Fault,
  type FaultKind,
  linkFaultKinds,
  lyingKinds,
  type Target,
} from "../plan/fault.js";
import type { Plan } from "../plan/plan.js";
import { inTime } from "./timing.js";

const usualKinds: readonly FaultKind[] = [
  "partition",
  ...linkFaultKinds.filter((kind) => kind !== "corrupt"),
  "crash",
  "pause",
  "slow",
  "slow-disk",
  "clock-step",
  "clock-rate",
  "clock-strobe",
  "clock-slew",
  "clock-leap",
  "mute",
];

export interface Budget {
  /** Kinds of fault that are borne at all. */
  kinds: ReadonlySet<FaultKind>;
  /** Nodes that may be down, paused or cut off at one time. */
  down: number;
  /** How often a node may come back with an empty disk. */
  wiped: number;
  /** Nodes that may send what they please, over the whole run. */
  byzantine: number;
  driftPpmMax: number;
}

/** What a plan may exceed, beside the kinds of fault that are not borne. */
export const excesses = ["drift", "down", "wiped", "byzantine", "membership", "timing"] as const;
/** One of them, or a kind of fault. */
export type Excess = (typeof excesses)[number] | FaultKind;

/** The kinds that are spoken of by what they use up. */
const spends: ReadonlyMap<FaultKind, Excess> = new Map<FaultKind, Excess>([
  ["wipe", "wiped"],
  ...lyingKinds.map((kind): [FaultKind, Excess] => [kind, "byzantine"]),
  ["leave", "membership"],
  ["join", "membership"],
]);

/** What a system bears on so many nodes; an external program, that says nothing, the usual. */
export function budgetOf(
  system: Pick<System, "survives" | "driftPpmMax"> | undefined,
  nodeCount: number,
): Budget {
  const survives: Survives = system?.survives ?? {};
  const wiped = survives.wiped?.(nodeCount) ?? 0;
  const byzantine = survives.byzantine?.(nodeCount) ?? 0;
  const kinds = new Set<FaultKind>([...usualKinds, ...(survives.kinds ?? [])]);
  const bears = (borne: boolean, ...which: FaultKind[]): void => {
    for (const kind of which) if (borne) kinds.add(kind);
  };
  bears(wiped > 0, "wipe");
  bears(byzantine > 0, ...lyingKinds);
  bears(survives.membership === true, "leave", "join");
  return {
    kinds,
    down: survives.down?.(nodeCount) ?? Number.POSITIVE_INFINITY,
    wiped,
    byzantine,
    driftPpmMax: system?.driftPpmMax ?? 0,
  };
}

/** The plan with what it keeps of its faults within the promise, unless it goes beyond on purpose. */
export function keepingPromise(plan: Plan, system: System | undefined): Plan {
  if (plan.beyond) return plan;
  const budget = budgetOf(system, plan.nodes.length);
  const faults = plan.faults.flatMap((fault) => inTime(fault, plan) ?? []);
  return { ...plan, faults: withinBudget(faults, plan, budget) };
}

/** What stays of the faults of a plan's first phase, and all of its second, within the budget. */
export function withinBudget(
  faults: readonly Fault[],
  plan: Pick<Plan, "nodes" | "timeLimitUs">,
  budget: Budget,
): Fault[] {
  const spending = new Spending(plan, budget);
  return faults.flatMap((planned) => {
    const fault = slowedTo(budget.driftPpmMax, planned);
    if (spending.exceededBy(fault).length > 0) return [];
    spending.take(fault);
    return [fault];
  });
}

/** In what a plan goes beyond the budget; sorted, each once. */
export function excessesOf(
  { faults, ...plan }: Pick<Plan, "nodes" | "timeLimitUs" | "faults">,
  budget: Budget,
): Excess[] {
  const spending = new Spending(plan, budget);
  const found = new Set<Excess>();
  for (const fault of faults) {
    for (const excess of spending.exceededBy(fault)) found.add(excess);
    spending.take(fault);
  }
  return [...found].sort();
}

function slowedTo(driftPpmMax: number, fault: Fault): Fault {
  if (fault.kind !== "clock-rate" || Math.abs(fault.ppm) <= driftPpmMax) return fault;
  return { ...fault, ppm: fault.ppm < 0 ? -driftPpmMax : driftPpmMax };
}

/** Nodes that are away for a while: those named, so many that are not known, and who is cut off. */
interface Absence {
  atUs: number;
  untilUs: number;
  nodes: readonly string[];
  unknown: number;
  /** Whether two nodes cannot talk both ways: several such cuts may leave a node with nobody. */
  parts?(one: string, other: string): boolean;
}

/** What the faults taken so far use up. */
class Spending {
  readonly #plan: Pick<Plan, "nodes" | "timeLimitUs">;
  readonly #budget: Budget;
  readonly #absences: Absence[] = [];
  readonly #liars = new Set<string>();
  #unknownLiars = 0;
  #wiped = 0;

  constructor(plan: Pick<Plan, "nodes" | "timeLimitUs">, budget: Budget) {
    this.#plan = plan;
    this.#budget = budget;
  }

  /** What of the budget a fault would exceed beside those taken. */
  exceededBy(fault: Fault): Excess[] {
    const { kinds, wiped, byzantine, driftPpmMax } = this.#budget;
    const found: Excess[] = [];
    if (!kinds.has(fault.kind)) found.push(spends.get(fault.kind) ?? fault.kind);
    if (fault.kind === "clock-rate" && Math.abs(fault.ppm) > driftPpmMax) found.push("drift");
    if (wipes(fault) && this.#wiped >= wiped) found.push("wiped");
    if (lies(fault) && this.#liarsWith(fault.target) > byzantine) found.push("byzantine");
    if (this.#exceedsDown(fault)) found.push("down");
    return found;
  }

  take(fault: Fault): void {
    if (wipes(fault)) this.#wiped++;
    if (lies(fault)) {
      if (typeof fault.target === "string") this.#liars.add(fault.target);
      else this.#unknownLiars++;
    }
    const absence = this.#absenceIn(fault);
    if (absence !== undefined) this.#absences.push(absence);
  }

  #liarsWith(target: Target): number {
    const isNew = typeof target !== "string" || !this.#liars.has(target);
    return this.#liars.size + this.#unknownLiars + (isNew ? 1 : 0);
  }

  #exceedsDown(fault: Fault): boolean {
    const { down } = this.#budget;
    const absence = down === Number.POSITIVE_INFINITY ? undefined : this.#absenceIn(fault);
    if (absence === undefined) return false;
    const beside = this.#absences.filter(
      ({ atUs, untilUs }) => atUs <= absence.untilUs && untilUs >= absence.atUs,
    );
    // As many as ever are away at once are so at a moment at which one of them leaves.
    const moments = [absence.atUs, ...beside.map(({ atUs }) => Math.max(atUs, absence.atUs))];
    return moments.some((now) => {
      const away = beside.filter(({ atUs, untilUs }) => atUs <= now && now <= untilUs);
      return countOf([...away, absence], this.#plan.nodes) > down;
    });
  }

  /** Who is away because of a fault; the second phase keeps its own promise. */
  #absenceIn(fault: Fault): Absence | undefined {
    const { timeLimitUs } = this.#plan;
    if (fault.atUs >= timeLimitUs) return undefined;
    const away = awayIn(fault);
    if (away === undefined) return undefined;
    // One that waits for a moment may lie at any time until all is healed.
    const untilUs = fault.on === undefined ? fault.untilUs : timeLimitUs;
    return { atUs: fault.atUs, untilUs, ...away };
  }
}

/** Whoever is named, and whoever all the cuts together keep from a majority that it is part of. */
function countOf(absences: readonly Absence[], nodes: readonly string[]): number {
  const away = new Set(absences.flatMap((absence) => absence.nodes));
  const cuts = absences.flatMap(({ parts }) => parts ?? []);
  const majority = majorityOf(nodes.length);
  for (const node of cuts.length === 0 ? [] : nodes) {
    const reached = nodes.filter(
      (other) => other === node || !cuts.some((parts) => parts(node, other)),
    );
    if (reached.length < majority) away.add(node);
  }
  return absences.reduce((sum, { unknown }) => sum + unknown, away.size);
}

type Away = Omit<Absence, "atUs" | "untilUs">;

function awayIn(fault: Fault): Away | undefined {
  switch (fault.kind) {
    case "crash":
    case "wipe":
    case "pause":
    case "clock-freeze":
      return whoever(fault.target);
    case "mute":
      return fault.to === undefined ? whoever(fault.target) : undefined;
    case "partition":
      return cutOffBy(fault);
    default:
      return undefined;
  }
}

function whoever(target: Target): Away {
  return typeof target === "string" ? { nodes: [target], unknown: 0 } : { nodes: [], unknown: 1 };
}

function cutOffBy(partition: Extract<Fault, { kind: "partition" }>): Away {
  if ("isolate" in partition) {
    const { isolate } = partition;
    const parts = (one: string, other: string): boolean => one === isolate || other === isolate;
    return { ...whoever(isolate), parts };
  }
  return { nodes: [], unknown: 0, parts: partedBy(partition) };
}

function partedBy(
  partition: Exclude<Extract<Fault, { kind: "partition" }>, { isolate: Target }>,
): NonNullable<Absence["parts"]> {
  if ("pairs" in partition) {
    const pairs = new Set(partition.pairs.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
    return (one, other) => pairs.has(`${one} ${other}`);
  }
  const groupOf = new Map<string, number>();
  partition.groups.forEach((group, i) => {
    for (const node of group) groupOf.set(node, i);
  });
  return (one, other) => {
    const [a, b] = [groupOf.get(one), groupOf.get(other)];
    return a !== undefined && b !== undefined && a !== b;
  };
}

/** Who has been removed first is no member when its disk is lost: that is a matter of membership. */
function wipes(fault: Fault): boolean {
  return fault.kind === "wipe";
}

type Lie = Extract<Fault, { kind: "equivocate" | "lie" }>;

function lies(fault: Fault): fault is Lie {
  return (lyingKinds as readonly FaultKind[]).includes(fault.kind);
}
