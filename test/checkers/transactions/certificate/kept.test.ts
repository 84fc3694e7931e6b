/** A certificate that a history carries is checked when the history is read again. */

import { describe, expect, it } from "vitest";
import { certificateOf } from "../../../../checkers/transactions/certificate/certificate.js";
import { verifyKept } from "../../../../checkers/transactions/certificate/kept.js";
import type { HistoryEvent } from "../../../../histories/history.js";
import { formatJsonl, readJsonl } from "../../../../histories/jsonl.js";
import { toHistory } from "../../../../histories/pairing.js";
import { transactionsOf } from "../../../../histories/transactions-builder.js";
import type { Json } from "../../../../src/base/json.js";
import { eventsOf } from "../notation.js";
import { foundIn } from "./shown.js";

/** What is said of a history that was written to a file and read again. */
function kept(events: readonly HistoryEvent[]) {
  const { events: read } = readJsonl(formatJsonl(events).trimEnd().split("\n"));
  return verifyKept(transactionsOf(toHistory(read)));
}

function withOrder(
  text: string,
  form: string,
  order: Json[],
  relation = "realtime",
): HistoryEvent[] {
  const events = eventsOf(text);
  const value = { relation, order };
  const last = { ...events.at(-1)!, index: events.length, process: "certificate" };
  return [...events, { ...last, type: "info", f: `${form}-order`, value }];
}

describe("a kept order", () => {
  const text = "p0: ax1 | ax2ay1 | rx12ry1 ; rx12";

  it("is accepted when it explains the history", () => {
    expect(kept(withOrder(text, "serial", [0, 1, 2, 6]))).toEqual({
      about: "serial order",
      verified: true,
    });
    const both = [0, 1, 2, 6].flatMap((event) => [
      ["snapshot", event],
      ["commit", event],
    ]);
    expect(kept(withOrder(text, "snapshot", both))?.verified).toBe(true);
    expect(kept(withOrder(text, "prefix", both))?.verified).toBe(true);
  });

  it("is refused when it does not", () => {
    expect(kept(withOrder(text, "serial", [1, 0, 2, 6]))?.verified).toMatch(
      /event 2 read 2 elements/,
    );
    expect(kept(withOrder(text, "serial", [0, 1, 6, 2]))?.verified).toMatch(/event 2 comes after/);
    expect(kept(withOrder(text, "serial", [0, 1, 6, 2], "data"))?.verified).toBe(true);
    expect(kept(withOrder(text, "serial", [0, 1, 2]))?.verified).toMatch(/event 6 is not in/);
  });

  it("is refused when it names what is no transaction", () => {
    expect(kept(withOrder(text, "serial", [3]))?.verified).toMatch(/names no transaction/);
    expect(kept(withOrder(text, "snapshot", [["snapshot", 3]]))?.verified).toMatch(/names no/);
    expect(kept(withOrder(text, "snapshot", [["begin", 0]]))?.verified).toMatch(/names no/);
    expect(kept(withOrder(text, "snapshot", [0]))?.verified).toMatch(/names no transaction/);
  });
});

describe("a kept claim", () => {
  it("is accepted when the history shows it, and refused when it was changed", () => {
    const { transactions, shown } = foundIn(eventsOf("rxay1 | ryax1"));
    const { events } = certificateOf(transactions, shown[0]!);
    expect(kept(events)).toEqual({ about: "G2-item", verified: true });
    const changed = events.map((event): HistoryEvent => {
      if (event.type !== "ok" || event.process !== 1) return event;
      return {
        ...event,
        value: [
          ["r", "y", [1]],
          ["append", "x", 1],
        ],
      };
    });
    expect(kept(changed)?.verified).toMatch(/^rw from event 2 to 1/);
  });
});

describe("a history without a certificate", () => {
  it("has none to be checked", () => {
    expect(kept(eventsOf("ax1"))).toBeUndefined();
    expect(kept(withOrder("ax1", "serial", [0], "what"))).toBeUndefined();
    expect(kept(withOrder("ax1", "random", [0]))).toBeUndefined();
  });
});
