/** A cycle in one sentence, for verdicts. */

import type { Transactions } from "../../../histories/transactions.js";
import { stepTreeOf } from "../certificate/step-tree.js";
import type { CaseTree, Cycle } from "../dependencies.js";
import type { Analysis, Step } from "../findings.js";
import { clauseOf } from "./clauses.js";
import { phenomenonOf } from "./phenomena.js";

/** Of a longer cycle, so many steps are told. */
const STEPS_MAX = 4;

/** @param found with a contradiction where the cycle is only one of several cases. */
export function cycleMessage(
  analysis: Analysis,
  { cycle, contradiction }: { cycle: Cycle; contradiction?: CaseTree },
): string {
  const { transactions } = analysis;
  const tree = stepTreeOf(analysis, cycle);
  const steps = "steps" in tree ? tree.steps : [];
  const told = sentence(transactions, steps);
  if (contradiction !== undefined && contradiction.kind === "choice") {
    return `every order of the versions contradicts itself; in one of them, ${told}`;
  }
  const { name } = phenomenonOf(transactions, cycle.type, steps);
  return name === undefined ? told : `${name}: ${told}`;
}

function sentence(transactions: Transactions, steps: readonly Step[]): string {
  const names = new Map<number, string>();
  const nameOf = (t: number): string => {
    const known = names.get(t);
    if (known !== undefined) return known;
    const name = `T${names.size + 1}`;
    names.set(t, name);
    return `${name} (process ${transactions.process[t]}, event ${transactions.invoked[t]})`;
  };
  const told = steps.length <= STEPS_MAX + 1 ? steps : steps.slice(0, STEPS_MAX);
  const witnessOf = (t: number): string =>
    names.get(t) ?? `the one of event ${transactions.invoked[t]}`;
  const clauses = told.map((step) => clauseOf(transactions, step, { nameOf, witnessOf }));
  if (told.length < steps.length) {
    return `${clauses.join("; ")}; and so on, in ${steps.length - told.length} more steps, back to T1`;
  }
  const last = clauses.pop();
  return `${clauses.join("; ")}; but ${last}`;
}
