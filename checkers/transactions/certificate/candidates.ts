/**
 * Parts of a history that may show an anomaly alone, the smallest first: the micro-operations that
 * make it up; those and all that wrote what they read; whole transactions and all that wrote what
 * these read; and at last the whole history, unless it is long. Each contains the one before it.
 *
 * O(micro-operations) each, and O(elements of the lists that are kept).
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions, UNKNOWN } from "../../../histories/transactions.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Finding } from "../findings.js";
import { type Draft, draftOf, stranger, transactionOf } from "./draft.js";
import { allSteps, comparedIn, type StepTree } from "./step-tree.js";

/** What is to be shown: a cycle, or an anomaly that is none. */
export type Shown = { type: string; tree: StepTree } | { type: string; finding: Finding };

/** Longer histories are not judged again as a whole. */
const TRANSACTIONS_MAX = 200;

export function* candidates(transactions: Transactions, shown: Shown): Generator<Draft> {
  const { micros, concerned, values } = coreOf(transactions, shown);
  const parts = new Parts(transactions);
  const { from, size } = transactions;
  const drafted = (kept: Set<number>): Draft => ({
    ...draftOf(transactions, kept, concerned),
    strangers: parts.strangers(kept),
  });
  const { key: place } = "finding" in shown ? shown.finding : { key: undefined };
  const named = new Set(values.map((id) => stranger(place ?? 0, id)));
  const some = parts.complete(micros, (ids) => ids.filter((id) => values.includes(id)));
  yield { ...draftOf(transactions, some, concerned), strangers: named };
  yield drafted(parts.complete(micros, (ids) => ids));
  const wholes = concerned.flatMap((t) => range(from[t]!, from[t + 1]!));
  yield drafted(parts.complete([...micros, ...wholes], (ids) => ids));
  if (size > TRANSACTIONS_MAX) return;
  const all = new Set(range(0, from[size]!));
  yield { ...draftOf(transactions, all, range(0, size)), strangers: parts.strangers(all) };
}

interface Core {
  micros: number[];
  /** Transactions that stay, whether or not anything of them does. */
  concerned: number[];
  /** Ids of elements whose appends matter. */
  values: number[];
}

function coreOf(transactions: Transactions, shown: Shown): Core {
  const { from, key, kind } = transactions;
  const accesses = (t: number, k: number | undefined): number[] =>
    range(from[t]!, from[t + 1]!).filter((micro) => key[micro] === k);
  if ("finding" in shown) {
    const { finding } = shown;
    const own = finding.transactions.flatMap((t) => accesses(t, finding.key));
    const micros = [...finding.micros, ...own];
    return { micros, concerned: finding.transactions, values: finding.values };
  }
  const steps = allSteps(shown.tree);
  const compared = comparedIn(shown.tree).flatMap(({ key: k, writer }) =>
    accesses(writer, k).filter((micro) => kind[micro] !== microKinds.read),
  );
  const cited = steps.flatMap((step) => [step.fromMicro, step.toMicro, step.witness]);
  return {
    micros: [...cited.filter((micro) => micro !== undefined), ...compared],
    concerned: steps.flatMap(({ from: one, to }) => [one, to]),
    values: [],
  };
}

/** Adds to micro-operations what they need in order to be a history. */
class Parts {
  readonly #transactions: Transactions;

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
  }

  /**
   * With the writes of what was read (of the elements of lists, only those wanted), and for every
   * transaction of unknown outcome somebody who shows that it happened.
   */
  complete(micros: readonly number[], wanted: (ids: number[]) => number[]): Set<number> {
    const kept = new Set(micros);
    let fresh = [...kept];
    while (fresh.length > 0) {
      const written = this.#writesOf(fresh.map((read) => [read, this.#idsRead(read, wanted)]));
      fresh = [...written, ...this.#sightings(kept)].filter((micro) => !kept.has(micro));
      for (const micro of fresh) kept.add(micro);
    }
    return kept;
  }

  /** Elements in what was read of which nobody here is the author. */
  strangers(kept: ReadonlySet<number>): Set<string> {
    const { kind, key, value } = this.#transactions;
    const micros = [...kept];
    const read = micros.flatMap((micro) =>
      this.#idsRead(micro, (ids) => ids).map((id) => stranger(key[micro]!, id)),
    );
    const written = micros
      .filter((micro) => kind[micro] !== microKinds.read)
      .map((micro) => stranger(key[micro]!, value[micro]!));
    const authored = new Set(written);
    return new Set(read.filter((one) => !authored.has(one)));
  }

  #idsRead(read: number, wanted: (ids: number[]) => number[]): number[] {
    const { kind, value, length, service, chainStart, chainElements } = this.#transactions;
    if (kind[read] !== microKinds.read || value[read] === UNKNOWN) return [];
    if (service === "rw-register") return value[read] === NULL_ID ? [] : [value[read]!];
    if (length[read]! <= 0) return [];
    const start = chainStart[value[read]!]!;
    return wanted(Array.from(chainElements.subarray(start, start + length[read]!)));
  }

  /** The micro-operations that wrote what was read of the keys of these reads. */
  #writesOf(reads: [read: number, ids: number[]][]): number[] {
    const { kind, key, value, keys } = this.#transactions;
    const wanted = new Array<Set<number> | undefined>(keys.length);
    let isAny = false;
    for (const [read, ids] of reads) {
      if (ids.length === 0) continue;
      isAny = true;
      const ofKey = (wanted[key[read]!] ??= new Set());
      for (const id of ids) ofKey.add(id);
    }
    const writes: number[] = [];
    if (!isAny) return writes;
    for (let micro = 0; micro < kind.length; micro++) {
      if (kind[micro] === microKinds.read) continue;
      if (wanted[key[micro]!]?.has(value[micro]!) === true) writes.push(micro);
    }
    return writes;
  }

  /** For each transaction of unknown outcome, the first read of something it wrote, and that write. */
  #sightings(kept: ReadonlySet<number>): number[] {
    const transactions = this.#transactions;
    const { outcome, from, kind, key, value } = transactions;
    const owners = new Set([...kept].map((micro) => transactionOf(transactions, micro)));
    const sightings: number[] = [];
    for (const t of owners) {
      if (outcome[t] !== outcomes.info) continue;
      const writes = range(from[t]!, from[t + 1]!).filter((m) => kind[m] !== microKinds.read);
      for (let read = 0, found = false; read < kind.length && !found; read++) {
        if (kind[read] !== microKinds.read) continue;
        const onKey = writes.filter((write) => key[write] === key[read]);
        if (onKey.length === 0) continue;
        const ids = new Set(this.#idsRead(read, (all) => all));
        const seen = onKey.find((write) => ids.has(value[write]!));
        if (seen === undefined) continue;
        sightings.push(seen, read);
        found = true;
      }
    }
    return sightings;
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
