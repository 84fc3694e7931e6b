/** Majorities are quorums, and no smaller sets are. */

import { describe, expect, it } from "vitest";
import { majorityOf } from "../../src/base/majority.js";

describe("a majority", () => {
  it("overlaps with every other majority, and is the smallest set that does", () => {
    for (let nodes = 1; nodes <= 9; nodes++) {
      expect(2 * majorityOf(nodes)).toBeGreaterThan(nodes);
      expect(2 * (majorityOf(nodes) - 1)).toBeLessThanOrEqual(nodes);
    }
  });
});
