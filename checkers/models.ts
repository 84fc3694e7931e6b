/** The consistency models that a history can be held against, by name. */

import type { Columns } from "../histories/columns.js";
import type { Transactions } from "../histories/transactions.js";
import { assert } from "../src/base/errors.js";
import type { Checker, Verdict } from "./checker.js";
import { modelEntry } from "./lattice/lattice.js";
import { modelEntries } from "./lattice/models.js";
import {
  judgeColumns,
  judgeColumnsWith,
  type LinearizableOptions,
  linearizable,
  type Searcher,
} from "./linearizability/linearizable.js";
import { eventual, strongConvergence } from "./memory/convergence/index.js";
import type { MemoryVerdict } from "./memory/judge.js";
import {
  type MemoryModel,
  type MemoryModelOptions,
  memoryModels,
  parseSessionSet,
} from "./memory/models.js";
import {
  type DeltaAtomicOptions,
  deltaAtomic,
  type KAtomicOptions,
  kAtomic,
} from "./staleness/models.js";
import {
  judgeTransactions,
  refuseOptionsOfObjects,
  type TransactionOptions,
  type TransactionVerdict,
  transactional,
} from "./transactions/transactional.js";

/** A consistency model that `faultline check --model` can hold a history against. */
export interface ConsistencyModel {
  name: string;
  /** Other names of the same model. */
  aliases?: readonly string[];
  /** One line for `faultline list models`. */
  summary: string;
  /** @throws UsageError for a type that the model does not know. */
  checker(options?: ModelOptions): Checker;
  /** The same verdict on a big history, which needs no objects; not every model offers it. */
  judge?(columns: Columns, options: ModelOptions, searcher?: Searcher): Promise<Verdict>;
  /** Of memory models: the verdict on columns, with its evidence. */
  judgeMemory?(columns: Columns, options: ModelOptions): MemoryVerdict;
  /** Of memory models that say something of transactions on registers. */
  judgeLifted?(transactions: Transactions, options: ModelOptions): Verdict;
  /** Of models of transactions: the verdict on columns, with all that it stands on. */
  judgeTransactions?(transactions: Transactions, options: ModelOptions): TransactionVerdict;
}

export type ModelOptions = LinearizableOptions &
  KAtomicOptions &
  DeltaAtomicOptions &
  MemoryModelOptions &
  TransactionOptions;

const ofOperations: readonly ConsistencyModel[] = [
  {
    name: "linearizable",
    summary:
      "one copy: every operation takes effect at one moment between invocation and completion",
    checker: linearizable,
    judge: (columns, options, searcher) =>
      searcher === undefined
        ? Promise.resolve(judgeColumns(columns, options))
        : judgeColumnsWith(searcher, columns, options),
  },
  {
    name: "k-atomic",
    summary: "every read returns one of the last k values, for the smallest k",
    checker: kAtomic,
  },
  {
    name: "delta-atomic",
    summary:
      "every read returns a value that was current at most Delta ago, for the smallest Delta",
    checker: deltaAtomic,
  },
];

const ofTransactions: readonly ConsistencyModel[] = modelEntries
  .filter(({ family }) => family === "transactions")
  .map(({ name, aliases, summary }) => ({
    name,
    aliases,
    summary: `transactions: ${summary}`,
    checker: (options = {}) => {
      refuseOptionsOfObjects(options);
      return transactional(name, options);
    },
    judgeTransactions: (transactions, options) => {
      refuseOptionsOfObjects(options);
      return judgeTransactions(transactions, name, options);
    },
  }));

const ofMemory: readonly ConsistencyModel[] = [...memoryModels.values()].map(asConsistencyModel);

const ofReplicas: readonly ConsistencyModel[] = [
  { name: "strong-convergence", checker: strongConvergence },
  { name: "eventual", checker: eventual },
].map(({ name, checker }) => {
  const { aliases, summary } = modelEntry(name)!;
  return {
    name,
    aliases,
    summary,
    checker: (options: ModelOptions = {}) => {
      const { init, stepsMax } = options;
      return checker({
        ...(init === undefined ? {} : { init }),
        ...(stepsMax === undefined ? {} : { stepsMax }),
      });
    },
  };
});

function asConsistencyModel(model: MemoryModel): ConsistencyModel {
  const { name, checker, judge, judgeLifted } = model;
  const entry = modelEntry(name);
  return {
    name,
    ...(entry === undefined ? {} : { aliases: entry.aliases }),
    summary: entry?.summary ?? checker().summary,
    checker,
    judgeMemory: judge,
    ...(judgeLifted === undefined ? {} : { judgeLifted }),
  };
}

export const models: ReadonlyMap<string, ConsistencyModel> = new Map(
  [...ofOperations, ...ofMemory, ...ofReplicas, ...ofTransactions].map((model) => [
    model.name,
    model,
  ]),
);

/** A model's checker by the model's own name. */
export function modelChecker(name: string, options?: ModelOptions): Checker {
  const model = models.get(name);
  assert(model !== undefined, `${name} is no model`);
  return model.checker(options);
}

/**
 * The model of this name or alias; guarantees of a session that must hold together are joined by "+".
 * Undefined for a stranger.
 */
export function findModel(name: string): ConsistencyModel | undefined {
  const known = models.get(modelName(name));
  if (known !== undefined || !name.includes("+")) return known;
  const set = parseSessionSet(name);
  return set === undefined ? undefined : asConsistencyModel(set);
}

/** The model's own name, for any of its names; others stay as they are. */
export function modelName(name: string): string {
  return modelEntry(name)?.name ?? name;
}
