/** Certificates are small histories that fail in the same way, and prove what they claim alone. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Shown } from "../../../../checkers/transactions/certificate/candidates.js";
import {
  type Certificate,
  certificateOf,
} from "../../../../checkers/transactions/certificate/certificate.js";
import { claimOf } from "../../../../checkers/transactions/certificate/claim.js";
import { allSteps } from "../../../../checkers/transactions/certificate/step-tree.js";
import { verifyClaim } from "../../../../checkers/transactions/certificate/verify-claim.js";
import type { CycleForm, RelationOrder } from "../../../../checkers/transactions/dependencies.js";
import type { HistoryEvent } from "../../../../histories/history.js";
import { formatJsonl, readJsonl } from "../../../../histories/jsonl.js";
import { toHistory } from "../../../../histories/pairing.js";
import type { TransactionService } from "../../../../histories/transactions.js";
import { transactionsOf } from "../../../../histories/transactions-builder.js";
import { eventsOf, type NotationOptions } from "../notation.js";
import { anyTransactions } from "../oracle/random-transactions.js";
import { foundIn, judgeFor } from "./shown.js";

/** The certificates of all that is wrong with a history in one line, by type. */
function certified(text: string, options: NotationOptions = {}): Map<string, Certificate> {
  return certificatesOf(eventsOf(text, options), "any", "realtime");
}

function certificatesOf(
  events: readonly HistoryEvent[],
  form: CycleForm,
  order: RelationOrder,
): Map<string, Certificate> {
  const { transactions, shown } = foundIn(events, form, order);
  const judge = judgeFor({ form, order });
  return new Map(
    shown
      .filter(isUncontested)
      .map((one) => [one.type, certificateOf(transactions, one, { judge })]),
  );
}

/** Where reads disagree about a key, a step rests on the longest list, whatever else was read. */
function isUncontested(shown: Shown): boolean {
  return "finding" in shown || allSteps(shown.tree).every(({ contested }) => contested !== true);
}

/** The micro-operations of the completions. */
function told({ events }: Certificate): string[] {
  return events
    .filter(({ process, type }) => typeof process === "number" && type !== "invoke")
    .map(({ type, value }) => `${type} ${JSON.stringify(value).replaceAll('"', "")}`);
}

describe("a certificate", () => {
  it("holds the transactions of the cycle, only with what matters of them", () => {
    const text = "rx1az9ry | ax1 | ry1az10 | ax2ay1 | rx12az11";
    const certificate = certified(`${text} | rx1ry1`).get("G-single-item")!;
    expect(certificate.verified).toBe(true);
    expect(told(certificate)).toEqual([
      "ok [[append,x,2],[append,y,1]]",
      "ok [[r,x,[]],[r,y,[1]]]",
    ]);
    expect(certificate.positions).toEqual([3, 5, 9, 11]);
  });

  it("holds the read that proves which write came first", () => {
    const certificate = certified("ax1ay1 | ax2ay2 | rx12 | ry21 | rx1ry2").get("G0")!;
    expect(told(certificate)).toEqual([
      "ok [[append,x,1],[append,y,1]]",
      "ok [[append,x,2],[append,y,2]]",
      "ok [[r,x,[1,2]]]",
      "ok [[r,y,[2,1]]]",
    ]);
  });

  it("keeps the events in their order, where real time matters", () => {
    const certificate = certified("az1 ; ax1 ; ay1 ; rx").get("G-single-item-realtime")!;
    expect(certificate.positions).toEqual([2, 3, 6, 7]);
    expect(certificate.claim.proof).toEqual({
      edges: [
        { from: 1, to: 3, kind: "realtime" },
        { from: 3, to: 1, kind: "rw", key: "x", next: 1 },
      ],
    });
  });

  it("keeps who shows that a transaction of unknown outcome happened", () => {
    const certificate = certified("info ax1 ; rx1 ; rx").get("G-single-item-realtime")!;
    expect(certificate.verified).toBe(true);
    expect(certificate.events).toHaveLength(6);
  });

  it("keeps both reads that disagree, and who wrote what they disagree about", () => {
    const certificate = certified("ax1 | ax2 | ax3 | rx123 | rx132").get("incompatible-order")!;
    expect(told(certificate)).toEqual([
      "ok [[append,x,2]]",
      "ok [[append,x,3]]",
      "ok [[r,x,[2,3]]]",
      "ok [[r,x,[3,2]]]",
    ]);
  });

  it("goes through both orders of versions that no read shows", () => {
    const certificate = certified("wx1wy2 | wx2wy1 | rx2ry2 | rz_").get("G-single-item")!;
    expect(certificate.verified).toBe(true);
    expect(told(certificate)).toHaveLength(3);
    expect(certificate.claim.proof).toHaveProperty("either");
  });

  it("proves its claim when it is read from a file", () => {
    for (const [type, certificate] of certified(
      "rxay1 | ryax1 | ax2 | rx21 | rx12 | fail az1 | rz1",
    )) {
      const { events } = readJsonl(formatJsonl(certificate.events).trimEnd().split("\n"));
      const { observations, ...history } = toHistory(events);
      const claim = claimOf(observations)!;
      expect(claim.type).toBe(type);
      expect(verifyClaim(transactionsOf({ ...history, observations }), claim)).toBe(true);
    }
  });

  it("is the same every time", () => {
    const text = "rxay1 | ryax1 | ax2 | rx21 | rx12 | fail az1 | rz1";
    expect([...certified(text)]).toEqual([...certified(text)]);
  });

  it("names the model, and whose word an order of versions rests on", () => {
    const { transactions, shown } = foundIn(eventsOf("ax1 ; rx"));
    const options = { model: "strict-serializable", authority: "the database's own commit order" };
    expect(certificateOf(transactions, shown[0]!, options).claim).toMatchObject(options);
  });
});

const RUNS = process.env["FAULTLINE_ORACLE_RUNS"] === undefined ? 60 : 1500;
const dirty = [
  "garbage-read",
  "duplicate-elements",
  "incompatible-order",
  "G1a",
  "G1b",
  "dirty-update",
  "future-read",
];
const local = new Set([
  "lost-update",
  "G-cursor",
  "observed-transaction-vanishes",
  "fractured-read",
  "causal-violation",
]);
const criteria: readonly (readonly [CycleForm, RelationOrder])[] = [
  ["any", "realtime"],
  ["any", "data"],
  ["snapshot", "process"],
  ["ww-wr", "data"],
];

describe.each<TransactionService>(["list-append", "rw-register"])(
  "whatever is found in %s",
  (service) => {
    it("is proven by a part of the history that is judged to fail in the same way", () => {
      fc.assert(
        fc.property(anyTransactions(service), fc.nat(criteria.length - 1), ({ events }, which) => {
          const [form, order] = criteria[which]!;
          const certificates = certificatesOf(events, form, order);
          const isCommitted = !dirty.some((type) => certificates.has(type));
          for (const [type, certificate] of certificates) {
            // What these mean is defined where reads are committed.
            if (!isCommitted && local.has(type)) continue;
            expect([type, certificate.verified]).toEqual([type, true]);
            expect(certificate.events.length).toBeLessThanOrEqual(events.length + 1);
            for (const [i, position] of certificate.positions.entries()) {
              expect(certificate.events[i + 1]!.process).toBe(events[position]!.process);
            }
          }
        }),
        { numRuns: RUNS },
      );
    });
  },
);
