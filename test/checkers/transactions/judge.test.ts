/** What the judge of transactions concludes from one decision for another. */

import { describe, expect, it } from "vitest";
import { judgeTransactions } from "../../../checkers/index.js";
import { transactionsOf } from "../../../histories/transactions-builder.js";
import { history } from "./notation.js";

describe("a serial order", () => {
  const serial = transactionsOf(history("ax1ay1 ; rx1ax2 ; rx12ry1"));

  it.each(["monotonic-atomic-view", "causal-cerone", "update-atomic", "cursor-stability"])(
    "is enough for %s, whatever its own rules would take, and proves it",
    (model) => {
      const { valid, notes, proof } = judgeTransactions(serial, model, { stepsMax: 1 });
      expect([valid, notes?.["certificate"]]).toEqual([true, "a serial order, replayed"]);
      expect([...proof!.order]).toEqual([0, 1, 2]);
    },
  );
});
