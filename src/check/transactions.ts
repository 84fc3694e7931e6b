/** A judged transactional history as it is told: anomalies with proofs, pages, certificates. */

import { closeSync, openSync, writeSync } from "node:fs";
import {
  type ConsistencyModel,
  type Evidence,
  evidenceOf,
  explanation,
  type ModelOptions,
  orderCertificate,
  type TransactionVerdict,
  transactionPage,
  transactionTimeline,
} from "../../checkers/index.js";
import { formatEvent, type HistoryEvent, type TransactionsResult } from "../../histories/index.js";
import { UsageError } from "../base/errors.js";
import { makeFolder } from "../store/files.js";
import type { PageWriter, Told } from "./stories.js";

/** Transactions of a cycle up to which it is drawn and proven alone: more nobody looks at. */
const DRAWN_MAX = 200;

export interface Telling {
  told: Told[];
  /** That of the first anomaly. */
  certificate?: Evidence["certificate"];
}

/** Why each anomaly is one, with the part of the history that shows it alone. */
export function tellTransactions(
  verdict: TransactionVerdict,
  model: ConsistencyModel,
  options: ModelOptions,
  write: PageWriter,
): Telling {
  let first: Evidence["certificate"] | undefined;
  const told = verdict.anomalies.map((anomaly, i): Told => {
    if (anomaly.ops.length > DRAWN_MAX) return anomaly;
    const { story, certificate } = evidenceOf(verdict, verdict.found[i]!, model.name, options);
    if (i === 0) first = certificate;
    return {
      ...anomaly,
      explanation: explanation(story),
      timeline: transactionTimeline(story),
      certified: certificate.verified,
      ...write(transactionPage(story, { model: model.name, certificate })),
    };
  });
  return first === undefined ? { told } : { told, certificate: first };
}

/**
 * Saves what proves the verdict, itself a history. Where nothing does: why.
 * @throws UsageError when it cannot write.
 */
export function saveCertificate(
  file: string,
  { transactions }: TransactionsResult,
  verdict: TransactionVerdict,
  certificate: Evidence["certificate"] | undefined,
): string | undefined {
  if (certificate !== undefined) writeLines(file, certificate.events);
  else if (verdict.valid === true && verdict.proof !== undefined) {
    writeLines(file, orderCertificate(transactions, verdict.proof));
  } else if (verdict.valid === "unknown") return "the verdict is unknown";
  else if (verdict.valid) return "no single order was needed to find the history valid";
  else return `the anomaly has more than ${DRAWN_MAX} transactions`;
  return undefined;
}

const PIECE_LENGTH = 1 << 20;

function writeLines(file: string, events: Iterable<HistoryEvent>): void {
  const slash = file.lastIndexOf("/");
  if (slash > 0) makeFolder(file.slice(0, slash));
  let descriptor: number;
  try {
    descriptor = openSync(file, "w");
  } catch (error) {
    throw new UsageError(`${file}: cannot write: ${(error as NodeJS.ErrnoException).code}`);
  }
  let piece = "";
  for (const event of events) {
    piece += `${formatEvent(event)}\n`;
    if (piece.length < PIECE_LENGTH) continue;
    writeSync(descriptor, piece);
    piece = "";
  }
  writeSync(descriptor, piece);
  closeSync(descriptor);
}
