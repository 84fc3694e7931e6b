/**
 * A bank: clients move money between random accounts and read all of them at once.
 *
 * Requests: `{type: "transfer", from, to, amount, opening}`, answered by `transfer_ok`, or refused
 * with error 22 where `from` holds less than the amount; and a transaction of reads, `{type: "txn",
 * txn: [["r", "account-0", null] …]}`, answered by `txn_ok` with the balances in it. An account that
 * was never written holds `opening`, so that nobody has to open it. As Jepsen's bank test.
 */

import { bankWith } from "../checkers/index.js";
import type { JsonObject } from "../src/base/json.js";
import { listField, wrong } from "./maelstrom/replies.js";
import { chooser, type Mixable } from "./mix.js";
import { heldFrom } from "./promises.js";
import { wholeNumber } from "./settings.js";
import { expectType, type Workload, type WorkloadOptions } from "./workload.js";

const specs = {
  accounts: { summary: "accounts of the bank", default: 8, range: [2, 1_000] },
  opening: {
    summary: "what every account holds in the beginning",
    default: 10,
    range: [0, 1_000_000],
  },
  amountMax: { summary: "the most that is moved at once", default: 5, range: [1, 1_000_000] },
} as const;

const mixable: Mixable = {
  usual: () => ({ read: 2, transfer: 3 }),
  needed: ["read", "transfer"],
};

interface Bank {
  accounts: number;
  opening: number;
}

/** Of a transfer and, without its own part, of a read. */
interface Draft extends Bank {
  from?: string;
  to?: string;
  amount?: number;
}

function bankOf(options: WorkloadOptions): Bank {
  return {
    accounts: wholeNumber(options, specs, "accounts"),
    opening: wholeNumber(options, specs, "opening"),
  };
}

function namesOf({ accounts }: Bank): string[] {
  return Array.from({ length: accounts }, (_, i) => `account-${i}`);
}

export const bank: Workload = {
  name: "bank",
  summary: "a bank: transfers between accounts, reads of all of them",
  requires: ["transfer", "read"],
  readOnly: ["read"],
  options: specs,
  mixable,
  plan: (scope) => {
    const { random, operations, options } = scope;
    const next = chooser(scope, mixable);
    const bank = bankOf(options);
    const amountMax = wholeNumber(options, specs, "amountMax");
    const names = namesOf(bank);
    return Array.from({ length: operations }, () => {
      if (next() === "read") return { f: "read", value: { ...bank } };
      const [from, to] = random.sample(names, 2) as [string, string];
      return { f: "transfer", value: { ...bank, from, to, amount: random.between(1, amountMax) } };
    });
  },
  finals: ([first]) => {
    if (first === undefined) return [];
    const { accounts, opening } = first.value as unknown as Draft;
    return [{ f: "read", value: { accounts, opening } }];
  },
  invoke: ({ f, value }) => {
    const { accounts, opening, ...transfer } = value as JsonObject & Bank;
    if (f === "transfer")
      return { value: transfer, body: { type: "transfer", ...transfer, opening } };
    const txn = namesOf({ accounts, opening }).map((name) => ["r", name, null]);
    return { value: null, body: { type: "txn", txn } };
  },
  complete: (draft, value, reply) => {
    if (draft.f === "transfer") {
      expectType(reply, "transfer_ok");
      return value;
    }
    return balances(draft.value as unknown as Bank, reply);
  },
  checkers: ({ consistency }, options) => {
    const { accounts, opening } = bankOf(options);
    const names = namesOf({ accounts, opening });
    const opened = Object.fromEntries(names.map((name) => [name, opening]));
    return [heldFrom("snapshot-isolation", consistency, bankWith({ balances: opened }))];
  },
};

/** `{account: balance}` of a transaction of reads. @throws BadReply */
function balances({ opening }: Bank, reply: JsonObject): JsonObject {
  expectType(reply, "txn_ok");
  const result: JsonObject = {};
  for (const micro of listField(reply, "txn")) {
    const [, account, balance] = Array.isArray(micro) ? micro : [];
    if (typeof account !== "string") throw wrong(reply, "txn", "a list of reads");
    result[account] = balance ?? opening;
  }
  return result;
}
