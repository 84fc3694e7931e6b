/**
 * What a verdict on transactions stands on, for people and for whoever wants to check it alone: the
 * story of each anomaly and its certificate, a part of the history that fails in the same way; and
 * for a valid history, the order that explains it.
 */

import { outcomes } from "../../histories/columns.js";
import type { HistoryEvent } from "../../histories/history.js";
import { toHistory } from "../../histories/pairing.js";
import { eventsOfTransactions } from "../../histories/transaction-events.js";
import type { Transactions } from "../../histories/transactions.js";
import { transactionsOf } from "../../histories/transactions-builder.js";
import type { Shown } from "./certificate/candidates.js";
import { type Certificate, certificateOf } from "./certificate/certificate.js";
import { CERTIFICATE } from "./certificate/claim.js";
import { stepTreeOf } from "./certificate/step-tree.js";
import { type TransactionStory, tellTransactions } from "./explain/story.js";
import type { ProvenOrder } from "./judge.js";
import {
  type Found,
  judgeTransactions,
  type TransactionOptions,
  type TransactionVerdict,
} from "./transactional.js";

export interface Evidence {
  story: TransactionStory;
  certificate: Certificate;
}

/** Steps for judging a certificate again: it is small. */
const CERTIFICATE_STEPS = 2_000_000;

/** @param model the one that the verdict is about. */
export function evidenceOf(
  { analysis }: TransactionVerdict,
  found: Found,
  model: string,
  options: TransactionOptions = {},
): Evidence {
  const { transactions } = analysis;
  const shown = shownOf(analysis, found);
  const { assume, claimed } = options;
  const authority = assume?.join(", ") ?? (claimed === undefined ? undefined : "the claimed order");
  const limits = { stepsMax: CERTIFICATE_STEPS, ...(assume === undefined ? {} : { assume }) };
  const judge = (events: readonly HistoryEvent[]): string[] => {
    const part = transactionsOf(toHistory(events));
    return judgeTransactions(part, model, limits).anomalies.map(({ type }) => type);
  };
  // What a claimed order says of the whole it does not say of a part, whose numbers are others.
  const again = claimed === undefined ? { judge } : {};
  const certificate = certificateOf(transactions, shown, {
    model,
    ...again,
    ...(authority === undefined ? {} : { authority }),
  });
  return { story: tellTransactions(transactions, shown), certificate };
}

function shownOf(analysis: TransactionVerdict["analysis"], found: Found): Shown {
  if ("finding" in found) return { type: found.finding.type, finding: found.finding };
  const { cycle, contradiction } = found.found;
  return { type: cycle.type, tree: stepTreeOf(analysis, cycle, contradiction) };
}

/**
 * A valid history with the order that explains it, as one more observation: the positions of the
 * invocations, one after another; or `snapshot` and `commit` of each.
 */
export function* orderCertificate(
  transactions: Transactions,
  { form, relation, order }: ProvenOrder,
): Generator<HistoryEvent> {
  const { invoked, outcome } = transactions;
  const events = eventsOfTransactions(transactions);
  yield* events;
  const isSerial = form !== "snapshot" && form !== "prefix";
  const happened = (t: number): boolean => outcome[t] !== outcomes.fail;
  const places = Array.from(order, (entry) => {
    const t = isSerial ? entry : entry >> 1;
    if (isSerial) return happened(t) ? invoked[t]! : -1;
    return [entry % 2 === 0 ? "snapshot" : "commit", invoked[t]!];
  }).filter((entry) => entry !== -1);
  yield {
    index: events.length,
    time: events.at(-1)?.time ?? 0,
    process: CERTIFICATE,
    type: "info",
    f: isSerial ? "serial-order" : `${form}-order`,
    value: { relation, order: places },
  };
}
