/**
 * The smallest part of a history that fails in the same way, as a history of its own: the
 * transactions of a cycle (or those of another anomaly), the reads that prove the order of versions,
 * and of all of them only the micro-operations that matter. It begins with a claim that says what is
 * wrong, which `verifyClaim` checks from the rest alone.
 *
 * Candidates go from the least to the whole history; the first that holds is made smaller still.
 */

import type { HistoryEvent } from "../../../histories/history.js";
import { toHistory } from "../../../histories/pairing.js";
import type { Transactions } from "../../../histories/transactions.js";
import { transactionsOf } from "../../../histories/transactions-builder.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Step } from "../findings.js";
import { candidates, type Shown } from "./candidates.js";
import { type Claim, type ClaimedEdge, claimEvent, type Proof } from "./claim.js";
import { type Draft, eventsOfDraft, Projection } from "./draft.js";
import { minimise } from "./minimise.js";
import type { StepCases } from "./step-tree.js";
import { verifyClaim } from "./verify-claim.js";

export interface CertificateOptions {
  model?: string;
  /** Whose word the order of register versions rests on, where it is not the history's own. */
  authority?: string;
  /** The types of the anomalies of a history: what is certified must be among them again. */
  judge?: (events: readonly HistoryEvent[]) => Iterable<string>;
}

export interface Certificate {
  claim: Claim;
  /** The claim first; a history that fails in the same way. */
  events: HistoryEvent[];
  /** Where the events after the claim stood in the history. */
  positions: number[];
  /** That the claim follows from the events alone, and that they are judged so; or what is missing. */
  verified: true | string;
}

export function certificateOf(
  transactions: Transactions,
  shown: Shown,
  options: CertificateOptions = {},
): Certificate {
  const drafts = new Drafts(transactions, shown, options);
  let last: Certificate | undefined;
  for (const draft of candidates(transactions, shown)) {
    const { certificate, types } = drafts.judged(draft);
    last = certificate;
    if (certificate.verified !== true) continue;
    let least = certificate;
    minimise(transactions, draft, (smaller) => {
      const left = drafts.judged(smaller);
      const isSame = left.types.every((type) => types.includes(type));
      if (left.certificate.verified !== true || !isSame) return false;
      least = left.certificate;
      return true;
    });
    return least;
  }
  return last!;
}

/** Certificates made of parts of one history. */
class Drafts {
  readonly #transactions: Transactions;
  readonly #shown: Shown;
  readonly #options: CertificateOptions;

  constructor(transactions: Transactions, shown: Shown, options: CertificateOptions) {
    this.#transactions = transactions;
    this.#shown = shown;
    this.#options = options;
  }

  /** The types are those that it is judged to be of, once it is known to prove its claim. */
  judged(draft: Draft): { certificate: Certificate; types: readonly string[] } {
    const { judge } = this.#options;
    const { type } = this.#shown;
    const { events: part, positions } = eventsOfDraft(this.#transactions, draft, 1);
    const wording = new Wording(this.#transactions, draft, positions);
    const claim = wording.claim(this.#shown, this.#options);
    const events = [claimEvent(claim, part[0]?.time ?? 0), ...part];
    const proven = this.#proven(claim, events);
    const types = judge === undefined || proven !== true ? [type] : [...judge(events)];
    const isStill = types.includes(type) || `alone, it is not judged to be ${type}`;
    const verified = proven === true ? isStill : proven;
    return { certificate: { claim, events, positions, verified }, types };
  }

  /** What has too many cases to be written out is left to the judge. */
  #proven(claim: Claim, events: readonly HistoryEvent[]): true | string {
    const isLong = "tree" in this.#shown && "cycles" in this.#shown.tree;
    if (!isLong) return verifyClaim(transactionsOf(toHistory(events)), claim);
    return this.#options.judge !== undefined || "it has too many cases to be written out";
  }
}

/** Names transactions by their invocations in a draft, keys and values by themselves. */
class Wording {
  readonly #transactions: Transactions;
  readonly #projection: Projection;
  readonly #eventOf: ReadonlyMap<number, number>;
  readonly #positions: readonly number[];

  constructor(transactions: Transactions, draft: Draft, positions: readonly number[]) {
    this.#transactions = transactions;
    this.#positions = positions;
    this.#projection = new Projection(transactions, draft);
    this.#eventOf = new Map(positions.map((position, i) => [position, i + 1]));
  }

  claim(shown: Shown, { model, authority }: CertificateOptions): Claim {
    const { keys, values } = this.#transactions;
    const claim: Claim = { type: shown.type, positions: this.#positions };
    if (model !== undefined) claim.model = model;
    if (authority !== undefined) claim.authority = authority;
    if ("tree" in shown) {
      const { tree } = shown;
      return "cycles" in tree ? claim : { ...claim, proof: this.#proof(tree) };
    }
    const { key, transactions: concerned, values: ids } = shown.finding;
    const finding = {
      transactions: concerned.map((t) => this.#event(t)),
      values: ids.map((id) => values.value(id)),
    };
    if (key === undefined) return { ...claim, finding };
    return { ...claim, finding: { key: values.value(keys[key]!), ...finding } };
  }

  #proof(tree: StepCases): Proof {
    if ("steps" in tree) return { edges: tree.steps.map((step) => this.#edge(step)) };
    const { keys, values } = this.#transactions;
    const [first, second] = tree.writers;
    return {
      either: {
        key: values.value(keys[tree.key]!),
        first: this.#event(first),
        second: this.#event(second),
      },
      cases: [this.#proof(tree.cases[0]), this.#proof(tree.cases[1])],
    };
  }

  #edge(step: Step): ClaimedEdge {
    const { keys, values } = this.#transactions;
    const edge: ClaimedEdge = {
      from: this.#event(step.from),
      to: this.#event(step.to),
      kind: step.kind,
    };
    if (step.key === undefined) return edge;
    edge.key = values.value(keys[step.key]!);
    const value = this.#versionOf(step);
    if (value !== NULL_ID) edge.value = values.value(value);
    if (step.next !== undefined) edge.next = values.value(step.next);
    return edge;
  }

  /** That which a list read returned in the draft, where not all of its elements are. */
  #versionOf({ kind, value = NULL_ID, fromMicro }: Step): number {
    const isListRead = kind === "rw" && this.#transactions.service === "list-append";
    if (!isListRead || fromMicro === undefined) return value;
    return this.#projection.elements(fromMicro).at(-1) ?? NULL_ID;
  }

  /** 0, where the claim itself stands, of a transaction that is not in the draft. */
  #event(t: number): number {
    return this.#eventOf.get(this.#transactions.invoked[t]!) ?? 0;
  }
}
