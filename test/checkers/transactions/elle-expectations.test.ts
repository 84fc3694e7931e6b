/**
 * What Elle's own tests expect, and what Elle gets wrong or is silent about, in the definitions of
 * our models. The oracle, who knows no cycles but all executions, has to expect the same.
 */

import { describe, expect, it } from "vitest";
import { models } from "../../../checkers/index.js";
import { history, type NotationOptions } from "./notation.js";
import { cycleClasses, cycleClassesOf } from "./oracle/cycle-classes.js";
import { caseOf, holds, type TransactionModel } from "./oracle/models.js";
import { nonCycleAnomalies } from "./oracle/non-cycle.js";

interface Expectation {
  name: string;
  text: string;
  options?: NotationOptions;
  /**
   * By model: that it holds, or what rules it out. Of anomalies that are no cycles these are all;
   * of cycles there may be others. `A or B` stands where the class depends on a free order.
   */
  expected: Partial<Record<TransactionModel, true | readonly string[]>>;
}

const sequential = { sequential: true };

const lists: readonly Expectation[] = [
  {
    name: "dirty writes of two keys in opposite orders",
    text: "ax1ay1 | ax2ay2 | rx12ry21",
    expected: { "read-uncommitted": ["G0"], serializable: ["G0"] },
  },
  {
    name: "an aborted read",
    text: "fail ax1 | rx1",
    expected: { "read-uncommitted": true, "read-committed": ["G1a"] },
  },
  {
    name: "an intermediate read",
    text: "ax1ax2 | rx1",
    expected: { "read-committed": ["G1b"], "strict-serializable": ["G1b", "G-single-item"] },
  },
  {
    name: "circular information flow",
    text: "ax1ry1 | ax2ay1 | rx12ry1",
    expected: { "read-uncommitted": true, "read-committed": ["G1c"] },
  },
  {
    name: "read skew",
    text: "ax1ay1 | ax2ry | rx12",
    expected: {
      "strict-serializable": ["G-single-item"],
      "consistent-view": ["G-single-item"],
      "repeatable-read": ["G-single-item"],
      "read-committed": true,
      prefix: true,
    },
  },
  {
    name: "write skew",
    text: "ax1ry | ay1rx",
    expected: {
      serializable: ["G2-item"],
      "repeatable-read": ["G2-item"],
      "snapshot-isolation": true,
      "read-committed": true,
    },
  },
  {
    name: "a stale read in real time",
    text: "ax1 | ax2 | rx1 | rx12",
    options: sequential,
    expected: {
      serializable: true,
      "strong-session-serializable": true,
      "strict-serializable": ["G-single-item-realtime"],
      "strong-snapshot-isolation": ["G-single-item-realtime"],
    },
  },
  {
    name: "a process that does not read its own write",
    text: "ax1 ; p1: ax2 ; p1: rx1 ; rx12",
    expected: {
      serializable: true,
      "strong-session-snapshot-isolation": ["G-single-item-process"],
      "strong-session-serializable": ["G-single-item-process"],
    },
  },
  {
    name: "a session between two rw that are not adjacent",
    text: "long p0: rxrz1 | p1: ax1 ; p1: rz ; p2: az1",
    expected: {
      serializable: true,
      "strong-session-snapshot-isolation": ["G-nonadjacent-item-process"],
    },
  },
  {
    name: "incompatible orders, and a cycle of three",
    text: "ax1ry1 | ax2 | ax3ay1 | rx13 | rx123",
    expected: { "read-committed": ["incompatible-order", "G1c"] },
  },
  {
    name: "an update of what a failed transaction wrote",
    text: "fail ax1 | ax2 | rx12",
    expected: { "read-uncommitted": true, "read-committed": ["dirty-update", "G1a"] },
  },
  {
    name: "the same with an update of unknown outcome between",
    text: "fail ax1 | info ax2 | ax3 | rx123",
    expected: { "read-committed": ["dirty-update", "G1a"] },
  },
  {
    name: "an element twice in one list",
    text: "ax1ry1 | ax2ay1 | rx121",
    expected: { "read-uncommitted": ["duplicate-elements"] },
  },
  {
    name: "a read that has another's element after the own one",
    text: "ax1ax2ax4 | ax3rx1234",
    expected: { "read-atomic": ["internal"] },
  },
  {
    name: "appends nobody read follow those that were read",
    text: "ax1ay1 | ax2ay2 | ax3ay3 | rx12 | ry2",
    expected: { "read-uncommitted": ["G0"], serializable: ["G0", "G-single-item"] },
  },
  {
    name: "long fork",
    text: "ax1 | rx1ry | ay1 | ry1rx",
    expected: {
      "parallel-snapshot-isolation": true,
      "snapshot-isolation": ["G-nonadjacent-item"],
      "repeatable-read": ["G-nonadjacent-item"],
      prefix: ["G-nonadjacent-item"],
    },
  },
  {
    name: "two adjacent rw",
    text: "rx5ay1 | ryaz2 | rzat3 | rt3au4 | ruax5",
    expected: { "snapshot-isolation": true },
  },
  {
    name: "two transactions update the same version",
    text: "ax0 | rx0ax1 | rx0ax2",
    expected: {
      "strict-serializable": ["lost-update", "G2-item or G-single-item"],
      "cursor-stability": ["lost-update"],
      "update-atomic": ["lost-update"],
      "read-atomic": true,
    },
  },
  {
    name: "two appends of one transaction",
    text: "rxax1ax2 | rx12",
    expected: { "strict-serializable": true },
  },
  {
    name: "information flows back through a session",
    text: "p1: rx1ay1 ; p2: ry1 ; p2: ax1",
    expected: { "read-committed": true, "strong-session-read-committed": ["G1c-process"] },
  },
  {
    name: "a transaction that reads what it appends later",
    text: "rx1ax1",
    expected: { "read-uncommitted": true, "read-committed": ["future-read"] },
  },
  {
    name: "what a transaction of unknown outcome read is unknown",
    text: "info ax2ry? | ax1ay1 | rx12ry1",
    expected: { "strict-serializable": true },
  },
];

const registers: readonly Expectation[] = [
  {
    name: "sessions that contradict both orders of blind writes",
    text: "p0: wx1wy2 | p1: wx2wy1 ; p0: rx2 | p1: ry2",
    expected: {
      serializable: true,
      "strong-session-serializable": ["G-single-item-process"],
      "strong-session-read-uncommitted": true,
    },
  },
  {
    name: "nil comes before every value",
    text: "rx_ry1 | wy1wx2",
    expected: { serializable: ["G-single-item"] },
  },
  {
    name: "writes follow reads",
    text: "wy1 | ry1wx1wy2 | rx1ry1",
    expected: { serializable: ["G-single-item"] },
  },
  {
    name: "a stale read of a register, in real time",
    text: "wx1 | wx2 | rx1",
    options: sequential,
    expected: {
      serializable: true,
      "strict-serializable": ["G-single-item-realtime"],
      "read-uncommitted": true,
    },
  },
  {
    name: "two transactions update the same version of a register",
    text: "wx0 | rx0wx1 | rx0wx2",
    expected: {
      "strict-serializable": ["lost-update", "G-single-item or G2-item"],
      "cursor-stability": ["lost-update"],
      "update-atomic": ["lost-update"],
    },
  },
  {
    name: "blind writes whose order nothing contradicts",
    text: "rx_wy2 | wx3wy4",
    expected: { "strict-serializable": true },
  },
];

const beyondElle: readonly Expectation[] = [
  {
    name: "an element that nobody appended",
    text: "ax1 | rx9",
    expected: { "read-uncommitted": ["garbage-read"] },
  },
  {
    name: "a value that nobody wrote",
    text: "wx1 | rx2",
    expected: { "read-uncommitted": ["garbage-read"] },
  },
  {
    name: "a value that nobody wrote, after one that somebody did",
    text: "wx1 | rx2",
    options: sequential,
    expected: { "strict-serializable": ["garbage-read"] },
  },
  {
    name: "a value that nobody wrote, read and written again",
    text: "ry1wx1wy2 | rx1ry1",
    expected: { serializable: ["garbage-read"] },
  },
  {
    name: "blind writes that are wrong in either order",
    text: "wx1wy2 | wx2wy1 | rx2ry2",
    expected: {
      "read-committed": true,
      "snapshot-isolation": ["G-single-item"],
      serializable: ["G-single-item"],
    },
  },
  {
    name: "a transaction seen in part",
    text: "ax1ay1 | rx1ry",
    expected: {
      "read-committed": true,
      "read-atomic": ["fractured-read"],
      "parallel-snapshot-isolation": [],
      "strict-serializable": ["G-single-item"],
    },
  },
  {
    name: "a transaction seen late",
    text: "ax1ay1 | rxry1",
    expected: { "monotonic-atomic-view": true, "read-atomic": ["fractured-read"] },
  },
  {
    name: "a transaction seen and then not",
    text: "ax1ay1 | ry1rx",
    expected: { "monotonic-atomic-view": ["observed-transaction-vanishes"] },
  },
  {
    name: "an effect seen without its cause",
    text: "ax1 | rx1ay1 | ry1rx",
    expected: {
      "read-atomic": true,
      "causal-cerone": ["causal-violation"],
      "parallel-snapshot-isolation": [],
    },
  },
  {
    name: "a write skew that is stale, too",
    text: "rxryax1 | rxryay1",
    options: sequential,
    expected: {
      "snapshot-isolation": true,
      "strong-snapshot-isolation": ["G-single-item-realtime"],
      serializable: ["G2-item"],
      "strict-serializable": ["G2-item", "G-single-item-realtime"],
    },
  },
  {
    name: "two longest lists that differ",
    text: "ax1 | ax2 | rx12 | rx21",
    expected: { "read-committed": ["incompatible-order"] },
  },
  {
    name: "a write of unknown outcome that was read",
    text: "info wx1 | rx1 | rx_",
    expected: { "strict-serializable": true },
  },
  {
    name: "a transaction of unknown outcome seen in part",
    text: "info wx1wy1 | rx1ry_",
    expected: { "read-atomic": ["fractured-read"], serializable: ["G-single-item"] },
  },
  {
    name: "no update is lost by who appended before reading",
    text: "ax0 | ax1rx01ax2 | rx01ax3",
    expected: { "read-committed": ["G1b"], "cursor-stability": ["G1b"] },
  },
  {
    name: "appends of one transaction in the other order",
    text: "ax1ax2 | ax3 | rx213",
    expected: { "read-uncommitted": true, "read-committed": ["incompatible-order"] },
  },
  {
    name: "a prefix without what was committed before",
    text: "az1aw1 | aw2ax1 | ax5rx15rz | rw12",
    expected: { "causal-cerone": true, prefix: [] },
  },
];

describe.each([
  ["Elle expects of lists", lists],
  ["Elle expects of registers", registers],
  ["Elle does not see", beyondElle],
])("what %s", (_, expectations) => {
  describe.each(expectations)("$name: $text", ({ text, options, expected }) => {
    const judged = history(text, options);
    const rows = Object.entries(expected) as [TransactionModel, true | readonly string[]][];

    it("is what the oracle says", () => {
      for (const [model, ruling] of rows) {
        expect(holds(model, judged.events), model).toBe(ruling === true);
      }
      const small = caseOf(judged.events);
      const classes = cycleClassesOf(small);
      const known = new Set<string>([...small.anomalies, ...(classes ?? [])]);
      for (const choice of rows.flatMap(([, ruling]) => (ruling === true ? [] : ruling))) {
        const isNamed = cycleClasses.includes(choice) ? classes !== undefined : isNoCycle(choice);
        if (isNamed) expect(known, choice).toContain(choice);
      }
    });

    it.each(rows)("is what the checker says of %s", (model, ruling) => {
      const { valid, anomalies } = models.get(model)!.checker().check(judged);
      expect(valid).toBe(ruling === true);
      if (ruling === true) return;
      const types = new Set(anomalies.map(({ type }) => type));
      for (const choice of ruling) {
        expect(
          choice.split(" or ").some((type) => types.has(type)),
          choice,
        ).toBe(true);
      }
      expect([...types].filter(isNoCycle).sort()).toEqual(ruling.filter(isNoCycle).sort());
    });
  });
});

function isNoCycle(type: string): boolean {
  return type in nonCycleAnomalies;
}
