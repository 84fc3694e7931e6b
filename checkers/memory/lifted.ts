/**
 * Causal models of transactions on registers: a transaction reads and writes at once, what it reads of
 * its own aside. Causal convergence so lifted is transactional causal consistency.
 */

import type { Transactions } from "../../histories/transactions.js";
import type { Json } from "../../src/base/json.js";
import type { Anomaly, Verdict } from "../checker.js";
import { element, whichKey, whose } from "../transactions/describe.js";
import { type Accesses, isWrite } from "./accesses.js";
import { transactionAccesses } from "./causal/lift.js";
import { type Decide, type Relation, STEPS_MAX, type Violation } from "./decision.js";

export interface LiftedOptions {
  init?: Json;
  stepsMax?: number;
}

/** @throws UsageError for transactions on lists, and where the initial value is written. */
export function judgeLifted(
  transactions: Transactions,
  decide: Decide,
  { init = null, stepsMax = STEPS_MAX }: LiftedOptions = {},
): Verdict {
  const accesses = transactionAccesses(transactions, init);
  const decision = decide(accesses, { stepsMax });
  const notes = {
    sessions: accesses.sessions,
    keys: accesses.keys,
    transactions: transactions.size,
  };
  switch (decision.holds) {
    case true:
      return { valid: true, anomalies: [], notes };
    case "unknown":
      return { valid: "unknown", anomalies: [], reason: decision.reason, notes };
    default: {
      const teller = new Teller(transactions, accesses);
      return { valid: false, anomalies: [teller.anomaly(decision.violation)], notes };
    }
  }
}

const joints: { readonly [relation in Relation]: string } = {
  session: "; in the same session later ",
  "reads-from": "; having read that, ",
  overwrites: "; after that, ",
  replaced: ", which was before ",
  causes: "; knowing of that, ",
};

const verdicts: { readonly [type: string]: string } = {
  G1a: "which only a failed transaction wrote",
  G1b: "which its writer went on to replace",
  internal: "against what the transaction itself had read or written",
  ThinAirRead: "which nobody wrote",
  WriteCORead: "although that was overwritten before, as the reader could know",
  WriteCOInitRead: "although the key had been written before, as the reader could know",
};

class Teller {
  readonly #of: Int32Array;

  constructor(
    private readonly transactions: Transactions,
    private readonly accesses: Accesses,
  ) {
    const { size, from } = transactions;
    this.#of = new Int32Array(from[size]!);
    for (let t = 0; t < size; t++) this.#of.fill(t, from[t]!, from[t + 1]!);
  }

  anomaly({ type, path, accesses }: Violation): Anomaly {
    const { invoked } = this.transactions;
    const involved = new Set([...path.flatMap(({ from, to }) => [from, to]), ...accesses]);
    const ops = new Set([...involved].map((access) => invoked[this.#transactionOf(access)]!));
    return {
      type,
      message: `${this.#narrative(path, accesses)}: ${verdicts[type] ?? "each comes before the next, and the last before the first"}`,
      ops: [...ops].sort((a, b) => a - b),
    };
  }

  #narrative(path: Violation["path"], accesses: readonly number[]): string {
    const [first] = path;
    if (first === undefined)
      return accesses
        .slice(0, 3)
        .map((it) => this.#phrase(it))
        .join("; ");
    let text = this.#phrase(first.from);
    let at = first.from;
    const witnesses = new Set<number>();
    for (const { from, to, relation } of path) {
      if (from !== at) text += `; ${this.#phrase(from)}`;
      const shown = relation === "overwrites" ? this.#shownBy(from, to) : undefined;
      const since = shown === undefined ? "" : `since ${this.#phrase(shown)} knowing of it, `;
      if (shown !== undefined) witnesses.add(shown);
      text += `${joints[relation]}${since}${this.#phrase(to)}`;
      at = to;
    }
    // A path ends somewhere in the reader's transaction; the read itself stands last.
    const read = accesses.at(-1)!;
    const isTold = witnesses.has(read) || path.some(({ from, to }) => from === read || to === read);
    return isTold || isWrite(this.accesses.kind[read]!) ? text : `${text}, and ${this.#deed(read)}`;
  }

  /** A read of the second write by somebody who knew of the first; undefined where it follows otherwise. */
  #shownBy(first: number, second: number): number | undefined {
    const { source } = this.accesses;
    const readers = [...source.keys()].filter((access) => source[access] === second);
    return readers.find((reader) => this.#knew(reader, first));
  }

  /** Whether a transaction is in the causal past of another. O(accesses) */
  #knew(knower: number, known: number): boolean {
    const { source, session, starts, size } = this.accesses;
    const [own, wanted] = [this.#transactionOf(knower), this.#transactionOf(known)];
    if (own === wanted) return false;
    const seen = new Uint8Array(size);
    const open = [knower];
    for (let access = open.pop(); access !== undefined; access = open.pop()) {
      if (seen[access]) continue;
      seen[access] = 1;
      const transaction = this.#transactionOf(access);
      if (transaction === wanted) return true;
      if (source[access]! >= 0) open.push(source[access]!);
      if (access > starts[session[access]!]!) open.push(access - 1);
      // A transaction knows at once all that any of its reads does.
      if (access + 1 < size && this.#transactionOf(access + 1) === transaction)
        open.push(access + 1);
    }
    return false;
  }

  /** A write or read that is all of its transaction is called so. */
  #phrase(access: number): string {
    const { process, invoked, from } = this.transactions;
    const transaction = this.#transactionOf(access);
    const isAll = from[transaction + 1]! - from[transaction]! === 1;
    return isAll
      ? `process ${process[transaction]} ${this.#deed(access)} (event ${invoked[transaction]})`
      : `${whose(this.transactions, transaction)} ${this.#deed(access)}`;
  }

  /** "read key x = 1" */
  #deed(access: number): string {
    const { transactions, accesses } = this;
    const { key, value } = transactions;
    const micro = accesses.operation[access]!;
    const deed = isWrite(accesses.kind[access]!) ? "wrote" : "read";
    const what = `${whichKey(transactions, key[micro]!)} = ${element(transactions, value[micro]!)}`;
    return `${deed} ${what}`;
  }

  #transactionOf(access: number): number {
    return this.#of[this.accesses.operation[access]!]!;
  }
}
