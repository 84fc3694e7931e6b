/**
 * One transactional history before the models: each is decided at most once, by the rule in
 * rules.ts, from one analysis. A decision that something holds carries an order of the transactions
 * wherever one proves it; a decision that it does not carries everything found that shows so.
 */

import { forbidden, modelEntry, type Standing, standing } from "../lattice/lattice.js";
import type { CaseTree, Cycle, CycleForm, GraphDecision, RelationOrder } from "./dependencies.js";
import type { Analysis, Finding } from "./findings.js";
import { type Rule, rules } from "./rules.js";
import { solveGraph } from "./solver/solve.js";

/** Steps for each question put to a graph: fixed, so that a verdict is the same everywhere. */
export const STEPS_MAX = 200_000_000;

/** Steps for a serial order where less is asked for: it is worth having only when it is cheap. */
const PROOF_STEPS = 1_000_000;

/** The forms whose orders explain what every read returned. */
const REPLAYABLE: ReadonlySet<CycleForm> = new Set(["any", "prefix", "snapshot"]);

export type ModelDecision =
  | { valid: true; order?: ProvenOrder }
  | { valid: false; findings: readonly Finding[]; cycles: readonly CycleFound[] }
  | { valid: "unknown"; reason: string };

/** What proves a history valid: see `GraphDecision`. */
export interface ProvenOrder {
  form: CycleForm;
  relation: RelationOrder;
  order: Int32Array;
}

export interface CycleFound {
  cycle: Cycle;
  /** Why no order of the open versions helps; then the cycle is one of its leaves. */
  contradiction?: CaseTree;
  /** Components with such a cycle, and the transactions in them. */
  components: number;
  affected: number;
}

/** Whether a model of the lattice is one that can be decided for transactions. */
export function isDecided(model: string): boolean {
  return rules.has(modelEntry(model)?.name ?? model);
}

export class TransactionJudge {
  readonly #analysis: Analysis;
  readonly #stepsMax: number;
  readonly #graphs = new Map<string, GraphDecision>();
  readonly #decisions = new Map<string, ModelDecision>();

  constructor(analysis: Analysis, stepsMax: number = STEPS_MAX) {
    this.#analysis = analysis;
    this.#stepsMax = stepsMax;
  }

  /** The decision on a model that has a rule, by the lattice's name for it. */
  decide(model: string): ModelDecision {
    let decision = this.#decisions.get(model);
    if (decision === undefined) {
      decision = this.#decide(model, rules.get(model)!);
      this.#decisions.set(model, decision);
    }
    return decision;
  }

  /** Where the history stands with every model of the lattice. */
  standing(): Standing & { reasons: ReadonlyMap<string, string> } {
    const satisfied = new Set<string>();
    const violated = new Map<string, readonly string[]>();
    const reasons = new Map<string, string>();
    // The strongest first: most histories satisfy it, and then everything is said.
    const order = ["strict-serializable", ...rules.keys()];
    let known = standing(satisfied, violated);
    for (const model of order) {
      if (known.satisfied.has(model) || (known.violated.has(model) && violated.has(model)))
        continue;
      if (known.violated.has(model)) continue;
      const decision = this.decide(model);
      if (decision.valid === true) satisfied.add(model);
      else if (decision.valid === "unknown") reasons.set(model, decision.reason);
      else violated.set(model, namesIn(decision));
      known = standing(satisfied, violated);
    }
    return { ...known, reasons };
  }

  #decide(model: string, rule: Rule): ModelDecision {
    const forbids = forbidden(model);
    const findings = this.#analysis.findings.filter(({ type }) => forbids.has(type));
    const graph = this.#graph(rule.form, rule.order);
    const cycles = graph.holds === false ? found(graph) : [];
    if (findings.length > 0 || cycles.length > 0) return { valid: false, findings, cycles };
    if (graph.holds === "unknown") return { valid: "unknown", reason: graph.reason };
    // A serial order keeps every rule for reads: then none of them need be looked at.
    const isLocal = rule.visibility !== undefined || rule.cursor === true;
    if (isLocal && this.#ask("any", rule.order, PROOF_STEPS).holds !== true)
      return this.#local(rule);
    return { valid: true, ...this.#proof(rule) };
  }

  /** What needs no cycle, once the history is known to be read-committed. */
  #local({ visibility, cursor }: Rule): ModelDecision {
    const seen =
      visibility === undefined ? true : this.#analysis.visibility(visibility, this.#stepsMax);
    const answer = seen === true && cursor === true ? this.#analysis.cursor() : seen;
    if (answer === true) return { valid: true };
    if (answer !== "unknown") return { valid: false, findings: answer, cycles: [] };
    const reason = `no answer within ${this.#stepsMax} steps`;
    return { valid: "unknown", reason: `${reason}, though the history is read-committed` };
  }

  /**
   * Whether there is no cycle of a form. A serial order answers for all forms at once, and can be
   * replayed: so that is looked for first.
   */
  #graph(form: CycleForm, order: RelationOrder): GraphDecision {
    if (form !== "any") {
      const serial = this.#ask("any", order, PROOF_STEPS);
      if (serial.holds === true) return serial;
    }
    return this.#ask(form, order);
  }

  #ask(form: CycleForm, order: RelationOrder, steps: number = this.#stepsMax): GraphDecision {
    const stepsMax = Math.min(steps, this.#stepsMax);
    const question = (patience: number): string => `${form} ${order} ${patience}`;
    const known = this.#graphs.get(question(stepsMax));
    if (known !== undefined) return known;
    const decision = solveGraph(this.#analysis.graph, { form, order }, { stepsMax });
    this.#graphs.set(question(stepsMax), decision);
    // What was decided needs no second question with more patience.
    if (decision.holds !== "unknown") this.#graphs.set(question(this.#stepsMax), decision);
    return decision;
  }

  /**
   * By now decided, hence at hand. Where reads contradict themselves or what they are of, and the
   * model allows that, no order explains them: that there is no cycle is all that is to be said.
   */
  #proof({ form, order: relation }: Rule): { order?: ProvenOrder } {
    if (Object.keys(this.#analysis.counts).length > 0) return {};
    for (const tried of ["any", form] as const) {
      if (!REPLAYABLE.has(tried)) continue;
      const decision = this.#graphs.get(`${tried} ${relation} ${this.#stepsMax}`);
      if (decision?.holds !== true || decision.order === undefined) continue;
      return { order: { form: tried, relation, order: decision.order } };
    }
    return {};
  }
}

function found(decision: GraphDecision & { holds: false }): CycleFound[] {
  const { cycles, components, affected, contradiction } = decision;
  if (contradiction === undefined) return cycles.map((cycle) => ({ cycle, components, affected }));
  const [cycle] = cycles;
  return cycle === undefined ? [] : [{ cycle, components, affected, contradiction }];
}

/** The names of everything that a decision rests on, each once. */
export function namesIn({ findings, cycles }: ModelDecision & { valid: false }): string[] {
  const names = [...findings.map(({ type }) => type), ...cycles.map(({ cycle }) => cycle.type)];
  return [...new Set(names)].sort();
}
