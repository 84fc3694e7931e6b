/**
 * Reads of several keys at once, while others write the same keys one after the other.
 *
 * The keys come in groups. A session writes a group in order (publish), reads it (inspect), or reads it and
 * then writes a key of it (answer); it does all of one pattern without a pause, so that writes follow each
 * other as closely as they can. A read of a group is a transaction, and so is each write. Judged as
 * transactional causal consistency where a causal model is promised, else as the isolation that is.
 *
 * Requests: `{type: "get-transaction", keys}` -> `{type: "get-transaction_ok", values}`, in the order of
 * the keys, null where there is nothing; `{type: "write", key, value}` -> `write_ok`. Written values are unique.
 */

import { type Checker, ofSingleWrites, transactionalCausal } from "../checkers/index.js";
import type { Json } from "../src/base/json.js";
import type { Service } from "../systems/system.js";
import { listField, wrong } from "./maelstrom/replies.js";
import { chooser, type Mixable } from "./mix.js";
import { wholeNumber } from "./settings.js";
import { isolationAsPromised } from "./transactions.js";
import {
  type DraftedOperation,
  expectType,
  type OperationDraft,
  type Workload,
} from "./workload.js";

const GROUP = 3;
const TIME_LIMIT_US = 5_000_000;

const specs = {
  groups: { summary: "groups of three keys", default: 2, range: [1, 1_000] },
} as const;

const mixable: Mixable = {
  usual: () => ({ publish: 3, inspect: 5, answer: 2 }),
  needed: ["publish", "inspect"],
};

const causalModels = ["causal-convergence", "causal-memory", "causal"];

export const readTransactions: Workload = {
  name: "read-transactions",
  summary: "reads of several keys at once, from among writes that follow each other",
  requires: ["get-transaction", "write"],
  readOnly: ["get-transaction"],
  options: specs,
  placed: true,
  mixable,
  plan: (scope) => {
    const { random, clients, operations, options, timeLimitUs = TIME_LIMIT_US } = scope;
    const next = chooser(scope, mixable);
    const groups = wholeNumber(options, specs, "groups");
    const sessions = Array.from({ length: clients }, (): OperationDraft[] => []);
    return Array.from({ length: operations }, (_, i) => {
      const session = sessions[i % clients] as OperationDraft[];
      if (session.length === 0) {
        const atUs = Math.floor((i * timeLimitUs) / operations);
        const group = random.int(groups);
        session.push(...pattern(next(), keysOf(group)).map((draft) => ({ ...draft, atUs })));
      }
      const draft = session.shift() as OperationDraft;
      return { ...draft, client: i % clients, value: draft.f === "write" ? i + 1 : draft.value };
    });
  },
  finals: (drafts) => {
    const first = ({ f, key, value }: DraftedOperation): number =>
      f === "write" ? Number(key) : Number((value as Read[])[0]?.[1]);
    const groups = drafts.map((draft) => Math.floor(first(draft) / GROUP));
    return [...new Set(groups)].sort((a, b) => a - b).map((group) => reading(keysOf(group)));
  },
  invoke: ({ f, key = 0, value }) => {
    if (f === "write") return { value, body: { type: f, key, value } };
    return { value, body: { type: f, keys: (value as Read[]).map(([, one]) => one) } };
  },
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    if (f === "write") return value;
    const reads = value as Read[];
    const values = listField(reply, "values");
    if (values.length !== reads.length) throw wrong(reply, "values", "a value for each key");
    return reads.map(([, key], i): Read => ["r", key, values[i] ?? null]);
  },
  checkers: promisedOf,
};

/** What a get-transaction asks for, or has found. */
type Read = ["r", number, Json];

function promisedOf(service: Service): Checker[] {
  return causalModels.includes(service.consistency)
    ? [transactionalCausal]
    : isolationAsPromised(service).map(ofSingleWrites);
}

function pattern(name: string, keys: readonly number[]): OperationDraft[] {
  switch (name) {
    case "publish":
      return keys.map(writing);
    case "inspect":
      return [reading(keys), reading(keys.toReversed())];
    default:
      return [reading(keys), writing(keys[0] as number)];
  }
}

function keysOf(group: number): number[] {
  return Array.from({ length: GROUP }, (_, i) => group * GROUP + i);
}

function reading(keys: readonly number[]): OperationDraft {
  return { f: "get-transaction", value: keys.map((key): Read => ["r", key, null]) };
}

/** The value is given when its place in the plan is known. */
function writing(key: number): OperationDraft {
  return { f: "write", key, value: null };
}
