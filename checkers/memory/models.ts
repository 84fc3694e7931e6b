/**
 * The memory models, and the guarantees of a session, as checkers: what each is called, what it is in
 * a sentence, and what decides it.
 */

import { type Columns, columnsOf } from "../../histories/columns.js";
import type { Transactions } from "../../histories/transactions.js";
import { UsageError } from "../../src/base/errors.js";
import type { Checker, Verdict } from "../checker.js";
import { modelEntry } from "../lattice/lattice.js";
import { causal, causalConvergence, causalMemory, releaseAcquire } from "./causal/index.js";
import type { Decide } from "./decision.js";
import { judgeMemory, type MemoryOptions, type MemoryVerdict } from "./judge.js";
import { judgeLifted } from "./lifted.js";
import { coherence, pso, sequential, tso } from "./orders/index.js";
import type { MemoryRule } from "./rule.js";
import { sessionSetsOf } from "./session-sets.js";
import {
  decideInEveryReading,
  decideSessions,
  type Guarantee,
  guarantees,
  type Reading,
} from "./sessions/index.js";
import { pram, processor, slow } from "./views/index.js";

/** A memory model to hold histories of reads and writes against. */
export interface MemoryModel {
  name: string;
  checker(options?: MemoryModelOptions): Checker;
  judge(columns: Columns, options?: MemoryModelOptions): MemoryVerdict;
  /** Of those that say something of transactions on registers, too. */
  judgeLifted?(transactions: Transactions, options?: MemoryModelOptions): Verdict;
}

export interface MemoryModelOptions extends MemoryOptions {
  /** Memory models are about registers: other types are refused. */
  type?: string;
  /** Of session guarantees: what a read may see. Both must forbid what is violated when left out. */
  reading?: Reading;
}

type RuleOf = (options: MemoryModelOptions) => MemoryRule;

const rows: readonly (readonly [
  name: string,
  what: string,
  decide: Decide,
  machine?: MemoryRule["machine"],
])[] = [
  ["sequential", "sequential consistency", sequential, "sequential"],
  ["tso", "total store order", tso, "tso"],
  ["pso", "partial store order", pso, "pso"],
  ["processor", "processor consistency", processor],
  ["causal-memory", "causal memory", causalMemory],
  ["causal-convergence", "causal convergence", causalConvergence],
  ["release-acquire", "release/acquire consistency", releaseAcquire],
  ["causal", "causal consistency", causal],
  ["coherence", "coherence", coherence],
  ["pram", "PRAM consistency", pram],
  ["slow", "slow memory", slow],
];

/** What causality means for transactions is told in lifted.ts. */
const lifted: { readonly [name: string]: Decide } = {
  causal,
  "causal-convergence": causalConvergence,
};

const plain: readonly MemoryModel[] = rows.map(([name, what, decide, machine]) =>
  modelOf(name, () => ({ name, what, decide, ...(machine === undefined ? {} : { machine }) })),
);

/** Guarantees of a session that must hold together, as a model. */
export function sessionSet(set: readonly Guarantee[], reading?: Reading): MemoryModel {
  const chosen = guarantees.filter((guarantee) => set.includes(guarantee));
  const name = chosen.join("+");
  const model = modelOf(name, (options) => {
    const by = options.reading ?? reading;
    const decide: Decide = (accesses, limits) =>
      by === undefined
        ? decideInEveryReading(accesses, chosen, limits)
        : decideSessions(accesses, chosen, by, limits);
    return { name, what: chosen.join(" and ").replaceAll("-", " "), decide };
  });
  const judge: MemoryModel["judge"] = (columns, options = {}) => {
    const verdict = model.judge(columns, options);
    if (verdict.valid !== false && columns.size > SETS_MAX) return verdict;
    const sets = sessionSetsOf(columns, options);
    if (sets === undefined) return verdict;
    return { ...verdict, notes: { ...verdict.notes, cannotHoldTogether: sets } };
  };
  return { ...model, judge };
}

/** Operations up to which it is told what cannot hold together, though what was asked for holds. */
const SETS_MAX = 20_000;

/** By name, in the order of the lattice. */
export const memoryModels: ReadonlyMap<string, MemoryModel> = new Map(
  [...plain, ...guarantees.map((guarantee) => sessionSet([guarantee]))].map((model) => [
    model.name,
    model,
  ]),
);

/** "read-your-writes+MR": guarantees by any of their names, joined; undefined where one is none. */
export function parseSessionSet(text: string): MemoryModel | undefined {
  const names = text.split("+").map((name) => modelEntry(name)?.name ?? name);
  const known = names.filter((name): name is Guarantee =>
    (guarantees as readonly string[]).includes(name),
  );
  return known.length === names.length ? sessionSet(known) : undefined;
}

function modelOf(name: string, ruleOf: RuleOf): MemoryModel {
  const judge = (columns: Columns, options: MemoryModelOptions = {}): MemoryVerdict => {
    refuseType(options.type);
    return judgeMemory(columns, ruleOf(options), options);
  };
  const decide = lifted[name];
  return {
    name,
    judge,
    ...(decide === undefined
      ? {}
      : { judgeLifted: (transactions, options) => judgeLifted(transactions, decide, options) }),
    checker: (options = {}) => {
      refuseType(options.type);
      return {
        name,
        summary: `reads and writes under ${ruleOf(options).what}`,
        check: (history, given) => {
          const { valid, anomalies, reason, notes } = judge(columnsOf(history), {
            ...options,
            ...given,
          });
          return {
            valid,
            anomalies,
            ...(reason === undefined ? {} : { reason }),
            ...(notes === undefined ? {} : { notes }),
          };
        },
      };
    },
  };
}

function refuseType(type: string | undefined): void {
  if (type === undefined || ["register", "cas-register", "kv"].includes(type)) return;
  throw new UsageError(`memory models are about registers, not about a ${type}: leave --type out`);
}
