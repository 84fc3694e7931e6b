/** Transactional columns from histories in memory: chains, services, refusals. */

import { expect, it } from "vitest";
import type { HistoryEvent } from "../../histories/history.js";
import { toHistory } from "../../histories/pairing.js";
import { transactionsOf } from "../../histories/transactions-builder.js";
import type { Json } from "../../src/base/json.js";

function history(...events: [process: number, type: HistoryEvent["type"], value: Json][]) {
  return toHistory(
    events.map(([process, type, value], index) => ({
      index,
      time: index,
      process,
      type,
      f: "txn",
      value,
    })),
  );
}

it("keeps a list as a prefix of the longest it agrees with", () => {
  const read = (process: number, ...list: number[]): [number, "invoke" | "ok", Json][] => [
    [process, "invoke", [["r", "x", null]]],
    [process, "ok", [["r", "x", list]]],
  ];
  const columns = transactionsOf(
    history(...read(0), ...read(0, 1, 2), ...read(1, 1), ...read(1, 1, 3, 4), ...read(2, 1, 3)),
  );
  expect(columns.service).toBe("list-append");
  expect([...columns.value]).toEqual([0, 0, 0, 1, 1]);
  expect([...columns.length]).toEqual([0, 2, 1, 3, 2]);
  expect([...columns.chainStart]).toEqual([0, 2, 5]);
  expect([...columns.chainElements].map((id) => columns.values.value(id))).toEqual([1, 2, 1, 3, 4]);
});
