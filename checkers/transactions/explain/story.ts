/**
 * What there is to tell about an anomaly: who takes part, under short names, which of their
 * micro-operations matter, why each transaction comes before the next, and what it means.
 */

import type { HistoryEvent } from "../../../histories/history.js";
import { microKinds, type Transactions } from "../../../histories/transactions.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Shown } from "../certificate/candidates.js";
import { transactionOf } from "../certificate/draft.js";
import { allSteps, comparedIn } from "../certificate/step-tree.js";
import { type Phenomenon, phenomenonOf, phenomenonOfFinding } from "./phenomena.js";

export interface Role {
  /** T1, T2 … */
  name: string;
  transaction: number;
  /** Only what it read counts, as proof. */
  isWitness: boolean;
  /** Those that matter, in program order; the ids that matter in each. */
  micros: ReadonlyMap<number, readonly number[]>;
}

export interface TransactionStory {
  shown: Shown;
  transactions: Transactions;
  phenomenon: Phenomenon;
  /** Those of the cycle first, in its order; witnesses last. */
  roles: readonly Role[];
  /** Keys about whose versions reads disagree, where it matters. */
  contested: readonly number[];
  observations: readonly HistoryEvent[];
}

export function tellTransactions(transactions: Transactions, shown: Shown): TransactionStory {
  const cited = citations(transactions, shown);
  const involved = new Set(
    "finding" in shown
      ? shown.finding.transactions
      : [
          ...allSteps(shown.tree).map(({ from }) => from),
          ...comparedIn(shown.tree).map(({ writer }) => writer),
        ],
  );
  const witnesses = [...cited.keys()].filter((t) => !involved.has(t)).sort((a, b) => a - b);
  const roles = [...involved, ...witnesses].map((transaction, i): Role => {
    const micros = [...(cited.get(transaction) ?? [])].sort(([a], [b]) => a - b);
    return {
      name: `T${i + 1}`,
      transaction,
      isWitness: !involved.has(transaction),
      micros: new Map(micros),
    };
  });
  const steps = "tree" in shown ? allSteps(shown.tree) : [];
  const contested = steps.flatMap(({ contested: is, key }) =>
    is && key !== undefined ? [key] : [],
  );
  return {
    ...{ shown, transactions, roles, phenomenon: nameIt(transactions, shown) },
    contested: [...new Set(contested)].sort((a, b) => a - b),
    observations: transactions.observations ?? [],
  };
}

function nameIt(transactions: Transactions, shown: Shown): Phenomenon {
  if ("finding" in shown) return phenomenonOfFinding(shown.type);
  const { tree, type } = shown;
  return phenomenonOf(transactions, type, "steps" in tree ? tree.steps : []);
}

/** By transaction, the micro-operations that are told of, and the ids told of in each. */
function citations(transactions: Transactions, shown: Shown): Map<number, Map<number, number[]>> {
  const cited = new Map<number, Map<number, number[]>>();
  const cite = (micro: number | undefined, ...ids: (number | undefined)[]): void => {
    if (micro === undefined) return;
    const owner = transactionOf(transactions, micro);
    const micros = cited.get(owner) ?? new Map<number, number[]>();
    cited.set(owner, micros);
    const known = ids.filter((id) => id !== undefined && id !== NULL_ID) as number[];
    micros.set(micro, [...(micros.get(micro) ?? []), ...known]);
  };
  if ("finding" in shown) {
    for (const micro of shown.finding.micros) cite(micro, ...shown.finding.values);
    for (const [micro, ids] of differences(transactions, shown.finding.micros)) cite(micro, ...ids);
    return cited;
  }
  for (const { kind, fromMicro, toMicro, witness, value, next } of allSteps(shown.tree)) {
    cite(fromMicro, value);
    cite(toMicro, kind === "wr" ? value : next);
    cite(witness, value, next);
  }
  return cited;
}

/** Of each two lists of one key: the elements where they begin to differ, and those at their ends. */
function differences(
  { kind, key, value, length, chainStart, chainElements }: Transactions,
  micros: readonly number[],
): [read: number, ids: number[]][] {
  const lists = micros
    .filter((micro) => kind[micro] === microKinds.read && length[micro]! > 0)
    .map((read) => {
      const start = chainStart[value[read]!]!;
      return { read, elements: chainElements.subarray(start, start + length[read]!) };
    });
  return lists.flatMap((one, i) =>
    lists.slice(i + 1).flatMap((other): [number, number[]][] => {
      if (key[one.read] !== key[other.read]) return [];
      const at = one.elements.findIndex((id, place) => other.elements[place] !== id);
      const difference = at < 0 ? one.elements.length : at;
      return [one, other].map(({ read, elements }) => [
        read,
        [elements[Math.min(difference, elements.length - 1)]!, elements.at(-1)!],
      ]);
    }),
  );
}
