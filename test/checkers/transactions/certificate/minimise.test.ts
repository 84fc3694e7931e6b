/** A draft is made as small as its judge allows, the same way every time. */

import { describe, expect, it } from "vitest";
import { type Draft, draftOf } from "../../../../checkers/transactions/certificate/draft.js";
import { minimise } from "../../../../checkers/transactions/certificate/minimise.js";
import { transactionsOf } from "../../../../histories/transactions-builder.js";
import { history } from "../notation.js";

const transactions = transactionsOf(history("ax1ax2 | ax3ax4 | ax5ax6 | ax7ax8 | ax9"));
const whole = draftOf(transactions, [0, 1, 2, 3, 4, 5, 6, 7, 8]);

/** Keeps these micro-operations. */
const needing =
  (...micros: number[]) =>
  (draft: Draft): boolean =>
    micros.every((micro) => draft.micros.includes(micro));

describe("a draft", () => {
  it("keeps what its judge needs, and nothing else", () => {
    expect(minimise(transactions, whole, needing(2, 7))).toEqual({
      transactions: [1, 3],
      micros: [2, 7],
    });
    expect(minimise(transactions, whole, needing(8))).toEqual({ transactions: [4], micros: [8] });
    expect(minimise(transactions, whole, () => true)).toEqual({ transactions: [], micros: [] });
    expect(minimise(transactions, whole, () => false)).toEqual(whole);
  });

  it("keeps the earlier of two that would do", () => {
    const either = (draft: Draft) => draft.micros.includes(1) || draft.micros.includes(6);
    expect(minimise(transactions, whole, either).micros).toEqual([1]);
  });

  it("has nothing single in it that could be left out", () => {
    const shows = ({ micros }: Draft) => micros.filter((micro) => micro % 2 === 0).length >= 3;
    const least = minimise(transactions, whole, shows);
    for (const micro of least.micros) {
      expect(shows({ ...least, micros: least.micros.filter((other) => other !== micro) })).toBe(
        false,
      );
    }
    expect(least.micros).toHaveLength(3);
  });

  it("is judged a limited number of times", () => {
    let judged = 0;
    const many = {
      transactions: whole.transactions,
      micros: Array.from({ length: 9 }, (_, i) => i),
    };
    minimise(transactions, many, (draft) => {
      judged += 1;
      return needing(0, 4, 8)(draft);
    });
    expect(judged).toBeLessThan(100);
  });
});
